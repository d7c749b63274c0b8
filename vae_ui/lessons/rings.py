"""The ring around what a card speaks of: a fixed table from a name to the place on the page, drawn by a style element."""

from vae_ui.base.palette import themed

# Of the stage, which hides its inside from styles of the page, each part reads its own variable (see the stage's CSS).
IN_THE_STAGE = ("map", "sliders", "picture", "pad", "path")
ON_THE_PAGE = {
    "diagram": '[data-testid="stMain"] [data-testid="stHtml"]:has(img.vae-wide)',
    "formula": '[data-testid="stMain"] [data-testid="stMarkdown"]:has(.katex-display)',
    "curves": '[class*="st-key-train-replay"]',
    "model": '[data-testid="stSidebar"] [data-testid="stSelectbox"]',
}
LINE = "3px solid light-dark({}, {})".format(*themed("orange"))


def style(ring: str) -> str:
    """The style element for a ring of RINGS; "" for none."""
    if ring in IN_THE_STAGE:
        return f"<style>[data-testid='stMain'] {{ --ring-{ring}: {LINE}; }}</style>"
    if ring in ON_THE_PAGE:
        return f"<style>{ON_THE_PAGE[ring]} {{ outline: {LINE}; outline-offset: 5px; border-radius: 8px; }}</style>"
    return ""
