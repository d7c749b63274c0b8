"""The app's index page (HTML): address, language, first frame and first blocks are written into it; /start leads to "/".

Without the address, a browser that opens a link to a page guesses it and logs two "not found" errors. A script beside it numbers the
steps through the browser's history. The language is the one that the page's texts will have (vae_ui/base/translation.py), so that a
screen reader pronounces them rightly and a browser does not offer to translate them. The blocks that a page of an included model needs
first (its code, model and map) are fetched while the browser still reads Streamlit's own code.
"""

import json
from urllib.parse import parse_qs

from vae_core.translation.catalogues import SOURCE, known, preferred
from vae_core.web.blocks import PATH, blocks
from vae_core.web.middleware.asgi import App, Message, Receive, Send, collected, cookies, header, redirect
from vae_core.web.middleware.content.first_frame import first_frame

# Streamlit's own setting for an index page that is served from another address than the server.
BASE_URL = "window.latentBase = BASE; window.__streamlit = {BACKEND_BASE_URL: location.origin + window.latentBase};"
# A step back or forward through the browser's history gets a number in the address. Listeners are called in the order in which they
# were added, so it is there when Streamlit's sends the address to Python: see vae_ui/shell/address.py.
STEPS = """
window.latentSteps = {count: Number(/^\\d{1,9}$/.exec(new URLSearchParams(location.search).getAll("nav").at(-1) ?? "")?.[0] ?? 0)};
window.addEventListener("popstate", () => {
  const parts = location.search.slice(1).split("&").filter((part) => part && !part.startsWith("nav="));
  window.latentSteps.count += 1;
  history.replaceState(history.state, "", `?${[...parts, `nav=${window.latentSteps.count}`].join("&")}${location.hash}`);
});
"""
# Taken over by vae_ui/stage/js/blocks/kept.js.
EARLY = """<script>
window.latentEarly = {};
for (const name of NAMES) {
  const address = `${window.latentBase}PATH${name}`;
  if (name.endsWith(".js")) import(address).catch(() => {});
  else window.latentEarly[name] = fetch(address).then((answer) => answer.status === 200 ? answer.arrayBuffer() : null, () => null);
}
</script>"""
FRAME = b"<body>" + first_frame()

LANGUAGE_COOKIE = "latent_language"  # what a person has chosen on the page; written by vae_ui/shell/js/address.js

START = "/start"  # Streamlit serves its first page at "/" only, but users type the name that they see in the menu


class IndexPage:
    """ASGI middleware that writes address, language and a first frame into the index page, and redirects START to "/"."""

    def __init__(self, app: App, base: str = "") -> None:
        self.app, self.base = app, base
        address = BASE_URL.replace("BASE", json.dumps(f"{base}/"), 1)
        self.script = f"<head><script>{address}{STEPS}</script>".encode()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"].rstrip("/") == START:
            await redirect(send, 307, f"{self.base}/", scope.get("query_string", b""))
            return
        if (found := await collected(self.app, scope, receive, send, _is_html)) is not None:
            start, body = found
            page = body.replace(b"<head>", self.script + _early(scope), 1).replace(b"<body>", FRAME, 1)
            page = page.replace(b'lang="en"', f'lang="{asked_language(scope)}"'.encode(), 1)
            await send({**start, "headers": _with_length(start, len(page))})
            await send({"type": "http.response.body", "body": page})


def asked_language(scope: Message) -> str:
    """The language of a request: of its address, else of this person's cookie, else of the browser; English where none is known."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    chosen = known(query.get("lang", [""])[-1]) or known(cookies(scope).get(LANGUAGE_COOKIE))
    return chosen or preferred(header(scope, b"accept-language") or "") or SOURCE


def opened(page: str, model: str, language: str) -> tuple[str, ...]:
    """A page as an address opens it: the page's name, the model that the address names, "" for none, and the language."""
    return page, model, language


def _early(scope: Message) -> bytes:
    """The script that fetches what the page needs first; nothing where that is not known."""
    model = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("model", [""])[-1]
    names = blocks().first(opened(scope["path"].strip("/") or START[1:], model, asked_language(scope)))
    script = EARLY.replace("NAMES", json.dumps(names), 1).replace("PATH", PATH.lstrip("/"), 1)
    return script.encode() if names else b""


def _is_html(message: Message) -> bool:
    headers = dict(message["headers"])
    return message["status"] == 200 and headers.get(b"content-type", b"").startswith(b"text/html")


def _with_length(message: Message, length: int) -> list[tuple[bytes, bytes]]:
    # Without etag and last-modified it is never cached, so a browser that has lost its cookie gets a new one.
    dropped = (b"content-length", b"etag", b"last-modified")
    kept = [(name, value) for name, value in message["headers"] if name not in dropped]
    return [*kept, (b"content-length", str(length).encode())]
