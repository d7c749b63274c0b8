// Once in a step: a card begins at its top, and what it speaks of comes into view, where it lies below the screen or below the card.

/** @typedef {{step: string, selector: string, inStage: boolean}} Spoken */

const TOP = 64, NARROW = 900;  // pixels: the bar above the page; from this width the card is at the side (panel_style.py)
const PATIENCE = 30000, PAUSE = 250;  // milliseconds: the page may still be on its way,
const SETTLING = 4000;  // and what is above may still grow, unless a hand has begun to do something
const HANDS = ["wheel", "touchstart", "pointerdown", "keydown"];

const everywhere = /** @type {{[name: symbol]: string | undefined}} */ (globalThis);
const SHOWN = Symbol.for("latent-lesson-step"), BEGUN = Symbol.for("latent-lesson-begun");

/** The element, also inside a stage, which has a tree of its own. @param {Spoken} spoken */
function find({selector, inStage}) {
  const page = document.querySelector('[data-testid="stMain"]');
  if (!page) return null;
  if (!inStage) return document.querySelector(selector);
  for (const host of page.querySelectorAll("*")) {
    const found = host.shadowRoot?.querySelector(selector);
    if (found) return found;
  }
  return null;
}

/** Scrolls only where less than half of it, or of the screen, is seen. @param {Element} element */
function bring(element) {
  const card = document.querySelector(".st-key-lesson-card"), {top, bottom, height} = element.getBoundingClientRect();
  const end = card && innerWidth <= NARROW ? card.getBoundingClientRect().top : innerHeight;
  const seen = Math.min(bottom, end) - Math.max(top, TOP);
  if (seen >= Math.min(height, end - TOP) / 2) return;
  document.querySelector('[data-testid="stMain"]')?.scrollBy({top: top - TOP - 12, behavior: "instant"});
}

/** The text of the last step may have been scrolled. @param {string} step */
function begin(step) {
  if (everywhere[BEGUN] === step) return;
  everywhere[BEGUN] = step;
  document.querySelector(".st-key-lesson-body")?.parentElement?.scrollTo({top: 0, behavior: "instant"});
}

/** @param {{data: Spoken}} component */
export default function ({data}) {
  begin(data.step);
  if (!data.selector || everywhere[SHOWN] === data.step) return;
  everywhere[SHOWN] = data.step;
  const hand = new AbortController();
  for (const name of HANDS) document.addEventListener(name, () => hand.abort(), {capture: true, passive: true, once: true, signal: hand.signal});
  let until = Date.now() + PATIENCE, found = false;
  const look = () => {
    if (everywhere[SHOWN] !== data.step || (found && hand.signal.aborted)) return;
    const element = find(data);
    if (element && element.getBoundingClientRect().height > 0) {
      bring(element);
      if (!found) until = Date.now() + SETTLING;
      found = true;
    }
    if (Date.now() < until) setTimeout(look, PAUSE);
  };
  setTimeout(look, PAUSE);
}
