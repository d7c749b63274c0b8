"""What the terminal shows once the app responds: its address, the room's code with its QR code, and the teacher's link."""

from vae_core.messages import Message
from vae_core.room.access import Room, shown
from vae_core.translation.terminal import say
from vae_core.web.entrance import ALONE, EVERYWHERE, Public, address, lan_address
from vae_core.web.qr_code import for_terminal


def welcome(host: str, port: int, public: Public = ALONE, room: Room | None = None) -> str:
    """The text that the terminal shows once the app responds: its URL; on a network its code, QR code and the teacher's link too."""
    url = f"unix:{public.socket}" if public.socket else address(host, port, public)
    if public.personal or room is None:
        return say(Message("Latent Explorer: {url} (this machine only; Ctrl-C ends it)", url=url))
    if host in EVERYWHERE and lan_address() is None:
        return say(Message("Latent Explorer: {url} (no network found; Ctrl-C ends it)", url=url))
    link = f"{url}/?teacher={room.key}"
    teacher = say(Message("Teacher (keep this link to yourself): {url}", url=link))
    if not room.code:
        said = say(
            Message(
                "Latent Explorer, open to everybody who reaches {url}: no code is asked for. Ctrl-C ends it.", url=url
            )
        )
        return f"{said}\n{teacher}\n{for_terminal(url)}"
    said = say(
        Message(
            "Latent Explorer, open to your network: {url}  Room code: {code}  (Ctrl-C ends it)",
            url=url,
            code=shown(room.code),
        )
    )
    return f"{said}\n{teacher}\n{for_terminal(f'{url}/?room={room.code}')}"
