"""The stage as one HTML file, which a browser opens from disk: no server, no network, no other file."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from html import escape

from vae_core.utils.paths import app_settings
from vae_ui.base import translation
from vae_ui.base.palette import LANGUAGE
from vae_ui.base.translation import t
from vae_ui.bundles import bundle

FONT = '"Source Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
# The app's two themes, under the names that Streamlit gives a component: "secondary-background" for secondaryBackgroundColor.
THEMES: dict[str, dict[str, str]] = {
    name: {
        re.sub("[A-Z]", lambda m: f"-{m[0].lower()}", key.removesuffix("Color")): value for key, value in theme.items()
    }
    for name, theme in ((name, app_settings()["theme"][name]) for name in ("light", "dark"))
}
# The browser itself then sees to it that the file asks nobody for anything; 'wasm-unsafe-eval' allows WebAssembly, no eval of text.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
)
PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<h1>{title}</h1>
<nav aria-label="{nav}"></nav>
<p id="note"></p>
<main></main>
{blocks}
<script type="application/json">{data}</script>
<script type="module">
{code}
</script>
</body>
</html>
"""
STYLE = """body { margin: 0 auto; padding: 16px 24px 40px; max-width: 1240px; font: 17px/1.5 var(--st-font);
  color: var(--st-text-color); background: var(--st-background-color); }
h1 { margin: 0 0 4px; font-size: 2.1rem; line-height: 1.2; }
p { margin: 0 0 14px; max-width: 46rem; }
nav { display: flex; flex-wrap: wrap; gap: 6px; margin: 10px 0; }
nav button { font: inherit; color: inherit; background: none; padding: 6px 16px; min-height: 40px; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: 8px; }
nav button[aria-pressed="true"] { background: var(--st-primary-color); color: var(--st-background-color); font-weight: 600; }
nav button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
@media (max-width: 560px) { body { padding: 12px 12px 32px; } h1 { font-size: 1.6rem; } }"""


def html_file(title: str, blocks: Sequence[bytes], modes: Sequence[Mapping[str, object]]) -> str:
    """One page: the stage's own code, the packed `blocks` (map, model), and the ways to look at them.

    A mode is what `latent_map` sends, with a `title` for its button and a `note` that says what to do. Nothing in them can
    leave its place in the page; raises ValueError on a NaN.
    """
    octets = '<script type="application/octet-stream">{}</script>'
    told = [{"language": LANGUAGE, "words": translation.table(), **mode} for mode in modes]
    text = json.dumps(told, allow_nan=False, separators=(",", ":"))
    return PAGE.format(
        policy=POLICY,
        lang=translation.language(),
        nav=escape(t("What to do")),
        title=escape(title),
        style=_theme() + STYLE,
        blocks="\n".join(octets.format(base64.b64encode(block).decode()) for block in blocks),
        data=text.replace("<", "\\u003c"),
        code=_inert(bundle("saved_file")),
    )


def _theme() -> str:
    light, dark = (
        "".join(f"--st-{name}{'' if name == 'font' else '-color'}:{value};" for name, value in theme.items())
        for theme in THEMES.values()
    )
    fixed = f"--st-font:{FONT};--st-base-radius:8px;color-scheme:light dark;"
    return f":root{{{fixed}{light}}}\n@media (prefers-color-scheme: dark) {{ :root{{{dark}}} }}\n"


def _inert(code: str) -> str:
    """JavaScript whose text cannot end the script around it; in strings and comments alike the backslash changes nothing."""
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--")
