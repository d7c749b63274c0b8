"""Whether what a card speaks of has its ring, and is in sight: in the window, and not below the card."""

import json
import time

from playwright.sync_api import Page

from vae_ui.lessons.rings import IN_THE_STAGE, ON_THE_PAGE

SECONDS = 30.0  # until the page has scrolled there
LEAST = 0.3  # of it, or of the free part of the window where it is larger
SEEN = """([selector, inStage]) => {
  const main = document.querySelector('[data-testid="stMain"]'), narrow = innerWidth <= 900;
  const roots = inStage ? [...main.querySelectorAll('*')].map(e => e.shadowRoot).filter(Boolean) : [document];
  const found = roots.map(root => root.querySelector(selector)).find(Boolean);
  if (!found) return [0, 'is not on the page'];
  const {top, bottom, height} = found.getBoundingClientRect(), card = document.querySelector('.st-key-lesson-card');
  const end = narrow && card ? card.getBoundingClientRect().top : innerHeight;
  const seen = Math.max(0, Math.min(bottom, end) - Math.max(top, 64)) / Math.max(1, Math.min(height, end - 64));
  return [getComputedStyle(found).outlineStyle === 'solid' ? seen : 0, `is seen to ${Math.round(100 * seen)} %, its outline is `
    + getComputedStyle(found).outlineStyle];
}"""


def ring_in_sight(page: Page, ring: str) -> None:
    """Wait until what has the ring is in sight; AssertionError says how much of it is."""
    selector = IN_THE_STAGE.get(ring) or ON_THE_PAGE[ring]
    deadline = time.monotonic() + SECONDS
    while True:
        share, words = page.evaluate(SEEN, [selector, ring in IN_THE_STAGE])
        if share >= LEAST:
            return
        assert time.monotonic() < deadline, f"the ring {json.dumps(ring)} {words}"
        page.wait_for_timeout(100)
