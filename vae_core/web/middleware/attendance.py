"""Counts who is here: each open page holds one websocket, which says whose browser it belongs to."""

from vae_core.room.classroom import classroom
from vae_core.web.middleware.asgi import App, Message, Receive, Send


class Attendance:
    """ASGI middleware that tells the class of arrivals and departures; it stands behind the one that knows the user."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        person = scope["latent_user"].id if scope["type"] == "websocket" else ""
        if not person:
            await self.app(scope, receive, send)
            return
        here, arrived = classroom(), False

        async def counted(message: Message) -> None:
            nonlocal arrived
            if message["type"] == "websocket.accept" and not arrived:
                arrived = True
                here.presence.arrive(person)
                here.on_news()
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            if arrived:
                here.presence.leave(person)
                here.on_news()
