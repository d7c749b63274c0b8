"""The ring around what a card speaks of, and the rest of the page a little dimmed: a fixed table from a name to its place."""

import streamlit as st

from vae_ui.base.palette import themed
from vae_ui.bundles import loader

# Of the stage, which hides its inside from styles of the page, each part reads its own variable (see the stage's CSS).
IN_THE_STAGE = {
    "map": ".map",
    "sliders": ".part-sliders",
    "picture": ".part-picture",
    "pad": ".part-pad",
    "path": ".walk",
    "diagram": '.grid[data-layout="diagram"]',
    "formula": ".part-loss",
}
# The stage of a page with controls at its side, which comes first in the page.
SIDES = '.st-key-sides-{} > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"]:first-child'
ON_THE_PAGE = {
    "ledger": '[data-testid="stMain"] .st-key-reconstruct-ledger',
    "curves": '[class*="st-key-train-replay"]',
    "model": '[data-testid="stSidebar"] [data-testid="stSelectbox"]',
    "samples": SIDES.format("generate") + ' [data-testid="stHtml"]',
    "plane": '[class*="st-key-plane-"]',
    "data": SIDES.format("data"),
    "mistakes": '[data-testid="stMain"] .st-key-mistake-choice',
    "lines": '[data-testid="stMain"] [data-testid="stHtml"]:has(code):not(:has(details))',
    "train": '[data-testid="stMain"] .st-key-break-train',
    "figures": '[data-testid="stMain"] [data-testid="stHtml"]:has(table)',
}
LINE = "3px solid light-dark({}, {})".format(*themed("orange"))

# Only figures and running text are dimmed: what one presses or types into is left as it is. So is coloured text, which has no
# contrast to spare; a figure with such text loses colour instead. Other texts keep the contrast of WCAG AA (see the tests).
FIGURE, TEXT, CAPTION, COLOUR = (
    0.7,
    0.88,
    0.66,
    0.4,
)  # opacities, and a saturation; a caption's opacity is 0.75 otherwise
DIMMED = """@media (forced-colors: none) and (not (prefers-contrast: more)) {
  [data-testid="stMain"] { STAGE }
  [data-testid="stMain"] [data-testid="stHtml"] img[style*="pixelated"]:not(:is(LIT)) { opacity: FIGURE; }
  [data-testid="stMain"] :is(img[class^="vae-"], [data-testid="stPlotlyChart"]):not(:is(LIT)) {
    filter: saturate(COLOUR); }
  [data-testid="stMain"] :is([data-testid="stHeading"], [data-testid="stMarkdown"]):not(:is(LIT), :has(.katex-display)) {
    opacity: TEXT; }
  [data-testid="stMain"] [data-testid="stCaptionContainer"]:not(:is(LIT)) { opacity: CAPTION; }
}"""


def style(ring: str, dimmed: bool) -> str:
    """The style element for a ring of RINGS, with the rest `dimmed` or not; "" for none."""
    if ring in IN_THE_STAGE:
        found = f"[data-testid='stMain'] {{ --ring-{ring}: {LINE}; }}"
    elif ring in ON_THE_PAGE:
        found = f"{ON_THE_PAGE[ring]} {{ outline: {LINE}; outline-offset: 5px; border-radius: 8px; }}"
    else:
        return ""
    return f"<style>{found}{_dimmed(ring) if dimmed else ''}</style>"


def bring_into_view(ring: str, step: str) -> None:
    """Scroll to what has the ring, once in a step, where it lies outside of the screen."""
    inside = ring in IN_THE_STAGE
    selector = IN_THE_STAGE[ring] if inside else ON_THE_PAGE.get(ring, "")
    _component(data={"step": step, "selector": selector, "inStage": inside}, key="lesson-ring", height=0)


def _dimmed(ring: str) -> str:
    lit = [".st-key-lesson *"] + ([f"{ON_THE_PAGE[ring]}", f"{ON_THE_PAGE[ring]} *"] if ring in ON_THE_PAGE else [])
    stage = "".join(f"--dim-{part}: {FIGURE};" for part in ("map", "picture") if part != ring)
    numbers = {"FIGURE": FIGURE, "TEXT": TEXT, "CAPTION": CAPTION, "COLOUR": COLOUR}
    found = DIMMED.replace("STAGE", stage).replace("LIT", ", ".join(lit))
    for name, value in numbers.items():
        found = found.replace(name, str(value))
    return found


_component = st.components.v2.component("lesson_ring", js=loader("lessons"))
