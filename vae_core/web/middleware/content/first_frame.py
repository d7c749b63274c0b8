"""The frame of a page that stands at once: the menu's side, the app's name and places for the rest, until the page itself is there.

A browser needs about a second for Streamlit's own code and the first run of a page, and would show a blank page for so long. The
frame is part of the index page, so it needs no further request. Until it goes the page behind it is not seen, since its parts arrive
one after another and each moves the others. A script takes the frame away when the stage has drawn its first picture, or when the
page's script has run and nothing has changed for QUIET milliseconds; LATEST after the first heading or sentence stands, since a page
may compute for long; and after PATIENCE in any case. It cannot come back, since a later change of the page must not blink.
"""

from vae_core.utils.paths import app_settings

QUIET, LATEST, PATIENCE = 200, 2000, 20_000
STAGE_DRAWN = "latent-drawn"  # an event of the document, which the stage tells (vae_ui/stage/js/host/stage.js)
ENTRIES, LINES = 12, 3  # bars in place of the menu's entries and of the page's first lines
_DRAWN = '[data-testid="stHeading"], [data-testid="stAlert"], [data-testid="stException"], [role="dialog"]'


def first_frame() -> bytes:
    """The frame as HTML, in the colours of the theme that the browser asks for."""
    bars = "".join('<i class="entry"></i>' for _ in range(ENTRIES))
    lines = "".join(f'<i class="line" style="width:{width}%"></i>' for width in (62, 88, 46)[:LINES])
    inside = f'<div class="side">{bars}</div><div class="page"><b>Latent Explorer</b>{lines}<i class="stage"></i></div>'
    after = f"<style>{_style()}</style><script>{_SCRIPT}</script>"
    without = "<noscript><style>#first-frame { display: none }</style></noscript>"
    return f'<div id="first-frame" aria-hidden="true">{inside}</div>{after}{without}'.encode()


def _style() -> str:
    light, dark = (colours(app_settings()["theme"][name]) for name in ("light", "dark"))
    return f"#first-frame {{ {light} }} @media (prefers-color-scheme: dark) {{ #first-frame {{ {dark} }} }} {_LAYOUT}"


def colours(theme: dict[str, str]) -> str:
    """A theme's colours as CSS variables: --ground, --side, --ink and --line."""
    ground, side, ink, line = (
        theme[f"{name}Color"] for name in ("background", "secondaryBackground", "text", "border")
    )
    return f"--ground: {ground}; --side: {side}; --ink: {ink}; --line: {line};"


_LAYOUT = """
#first-frame { position: fixed; inset: 0; z-index: 1; display: flex; background: var(--ground); color: var(--ink); pointer-events: none;
  font: 17px "Source Sans", "Segoe UI", Helvetica, Arial, sans-serif; }
#first-frame ~ #root { visibility: hidden; }
#first-frame i { display: block; border-radius: 6px; background: var(--line); opacity: .45; }
#first-frame .side { flex: none; width: 280px; box-sizing: border-box; padding: 3.1rem 2.4rem; background: var(--side); }
#first-frame .entry { width: 62%; height: 13px; margin: 0 0 23px 16px; }
#first-frame .page { flex: 1; padding: 1rem 2.5rem; }
#first-frame b { display: block; font-size: 2.1rem; line-height: 1.3; }
#first-frame .line { height: 13px; margin-top: 14px; }
#first-frame .stage { height: 50vh; margin-top: 30px; opacity: .25; }
@media (max-width: 768px) {
  #first-frame .side { display: none }
  #first-frame .page { padding: 3.9rem 1rem }
  #first-frame b { font-size: 1.6rem }
}
"""
_SCRIPT = f"""
{{
  // Streamlit remembers that the menu was open, which on a phone would cover the page.
  if (innerWidth <= 768) try {{
    for (const key of Object.keys(localStorage)) if (key.startsWith("stSidebarCollapsed")) localStorage.setItem(key, "true");
  }} catch {{ /* the browser keeps nothing */ }}
  let quiet = 0, latest = 0;
  const frame = document.getElementById("first-frame"), over = () => {{ frame.remove(); seen.disconnect(); }};
  const seen = new MutationObserver(() => {{
    if (!document.querySelector('{_DRAWN}')) return;
    latest ||= setTimeout(over, {LATEST});
    clearTimeout(quiet);
    if (document.querySelector('[data-test-script-state="notRunning"]')) quiet = setTimeout(over, {QUIET});
  }});
  document.addEventListener("{STAGE_DRAWN}", over);
  seen.observe(document.body, {{childList: true, subtree: true, attributeFilter: ["data-test-script-state"]}});
  setTimeout(over, {PATIENCE});
}}
"""
