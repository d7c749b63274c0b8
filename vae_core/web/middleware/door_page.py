"""The page that asks for a room's code, in the language of the browser and the colours that it asks for."""

from html import escape

from vae_core.messages import Message
from vae_core.room.access import DIGITS
from vae_core.translation.catalogues import translated
from vae_core.utils.paths import app_settings
from vae_core.web.middleware.asgi import Message as Event
from vae_core.web.middleware.content.first_frame import colours
from vae_core.web.middleware.content.index_page import asked_language

TITLE = Message("Type the room's code")
WHERE = Message("Your teacher shows it: {digits} digits, or a QR code that needs no typing.", digits=DIGITS)
LABEL = Message("Code")
ENTER = Message("Enter")


def door_page(scope: Event, sentence: Message | None = None) -> bytes:
    """The page as HTML, with a sentence on what was wrong with the last try."""
    language = asked_language(scope)
    title, where, label, enter = (escape(translated(text, language)) for text in (TITLE, WHERE, LABEL, ENTER))
    said = f'<p role="alert">{escape(translated(sentence, language))}</p>' if sentence else ""
    theme = app_settings()["theme"]
    light, dark = (f"{colours(theme[name])} --accent: {theme[name]['primaryColor']};" for name in ("light", "dark"))
    return f"""<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>Latent Explorer</title>
<style>:root {{ color-scheme: light dark; {light} }} @media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}
{_LAYOUT}</style></head>
<body><main><b>Latent Explorer</b><h1>{title}</h1><p id="where">{where}</p>
<form method="post"><input name="code" aria-label="{label}" aria-describedby="where" inputmode="numeric"
 autocomplete="off" autofocus required maxlength="40"><button>{enter}</button></form>{said}</main></body></html>
""".encode()


_LAYOUT = """
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink);
  font: 18px/1.5 "Source Sans", "Segoe UI", "Noto Sans CJK SC", Helvetica, Arial, sans-serif; }
main { box-sizing: border-box; width: min(30rem, 100vw); padding: 1.5rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 1.2rem 0 .4rem; }
p { margin: .4rem 0 1rem; }
form { display: flex; gap: .6rem; }
input { flex: 1; min-width: 0; font: inherit; font-size: 1.7rem; letter-spacing: .12em; padding: .35rem .7rem;
  border: 2px solid var(--line); border-radius: 8px; background: var(--side); color: inherit; }
input:focus-visible { outline: 3px solid var(--accent); outline-offset: 1px; }
button { font: inherit; font-weight: 600; padding: 0 1.4rem; border: 0; border-radius: 8px;
  background: var(--accent); color: var(--ground); cursor: pointer; }
[role="alert"] { margin-top: 1rem; padding: .6rem .9rem; border-radius: 8px;
  background: var(--side); border-left: 5px solid var(--accent); }
"""
