// What a term opens: plain words, formula and live number. It opens on hover, tap and key, stays while the pointer is on it, and is
// closed with Escape (WCAG 2.2, 1.4.13).

/** @typedef {{title: string, english: string, plain: string, formula: boolean, live: string}} Entry */
/** @typedef {{entry: (id: string) => Entry | null, ask: (id: string) => void}} Source */

const GAP = 6;  // pixels between the term and what it opens, and from there to the edge of the window
const OPEN_AFTER = 150, CLOSE_AFTER = 250;  // ms

export class Popup {
  /** @type {HTMLElement | null} */ panel = null;
  /** @type {HTMLElement | null} */ anchor = null;
  /** Opened by a tap or a key: it stays until it is closed. */ pinned = false;
  /** Formulas as Streamlit drew them, by term. @type {Map<string, Node>} */ #formulas = new Map();
  /** The term whose formula is on its way. */ #waiting = "";
  #timer = 0;

  /** @param {Source} source */
  constructor(source) {
    this.source = source;
    const listen = (/** @type {string} */ name, /** @type {(event: any) => void} */ act) => document.addEventListener(name, act, {capture: true});
    listen("pointerover", (event) => this.#over(event));
    listen("click", (event) => this.#click(event));
    listen("focusin", (event) => this.#focus(event));
    listen("focusout", () => !this.pinned && this.#within(CLOSE_AFTER, () => this.close()));
    listen("keydown", (event) => this.#key(event));
    window.addEventListener("scroll", () => this.place(), {capture: true, passive: true});
    window.addEventListener("resize", () => this.place());
  }

  /** The page has changed: the term may have gone, and its formula may have come. */
  follow() {
    if (this.anchor && !this.anchor.isConnected) this.close();
    if (!this.#waiting) return;
    const drawn = document.querySelector(`.st-key-term-formula-${this.#waiting} .katex`);
    if (!drawn) return;
    this.#formulas.set(this.#waiting, drawn.cloneNode(true));
    if (this.anchor?.dataset.term === this.#waiting) this.#showFormula(this.#waiting);
    this.#waiting = "";
  }

  /** @param {HTMLElement} anchor @param {boolean} pinned */
  open(anchor, pinned) {
    const entry = this.source.entry(anchor.dataset.term ?? ""), {panel} = this;
    clearTimeout(this.#timer);
    if (!panel || !entry) return;
    if (this.anchor !== anchor) this.#show(panel, anchor, entry);
    this.pinned = pinned;
  }

  /** @param {HTMLElement} panel @param {HTMLElement} anchor @param {Entry} entry */
  #show(panel, anchor, entry) {
    this.close();
    this.anchor = anchor;
    this.#fill(panel, entry);
    const slot = /** @type {HTMLElement} */ (panel.querySelector(".term-formula"));
    slot.hidden = !entry.formula;
    slot.replaceChildren();
    if (entry.formula) this.#showFormula(anchor.dataset.term ?? "");
    anchor.setAttribute("aria-describedby", panel.id);
    panel.showPopover();
    this.place();
  }

  close() {
    clearTimeout(this.#timer);
    this.anchor?.removeAttribute("aria-describedby");
    this.anchor = null;
    this.pinned = false;
    if (this.panel?.matches(":popover-open")) this.panel.hidePopover();
  }

  /** @param {HTMLElement} panel @param {Entry} entry */
  #fill(panel, {title, english, plain, live}) {
    for (const [query, text] of [["strong", title], ["span", english], [".term-plain", plain], [".term-live", live]]) {
      const element = /** @type {HTMLElement} */ (panel.querySelector(query));
      element.textContent = text;
      element.hidden = !text;
    }
  }

  /** @param {string} id */
  #showFormula(id) {
    const drawn = this.#formulas.get(id);
    if (drawn) {
      this.panel?.querySelector(".term-formula")?.replaceChildren(drawn.cloneNode(true));
      this.place();
    } else {
      this.#waiting = id;
      this.source.ask(id);
    }
  }

  /** Below the term, or above it where there is no room, inside the window. */
  place() {
    const {panel, anchor} = this, box = anchor?.getClientRects()[0];
    if (!panel || !anchor) return;
    if (!box) return this.close();
    const {offsetWidth: width, offsetHeight: height} = panel, below = box.bottom + GAP;
    const top = below + height + GAP > innerHeight && box.top - height - GAP > 0 ? box.top - height - GAP : below;
    panel.style.left = `${Math.max(GAP, Math.min(box.left, innerWidth - width - GAP))}px`;
    panel.style.top = `${Math.max(GAP, Math.min(top, innerHeight - height - GAP))}px`;
  }

  /** @param {number} delay @param {() => void} act */
  #within(delay, act) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(act, delay);
  }

  /** @param {PointerEvent} event */
  #over(event) {
    if (event.pointerType === "touch") return;
    const term = termOf(event);
    if (term && term !== this.anchor) this.#within(OPEN_AFTER, () => this.open(term, false));
    else if (term || this.#inside(event)) clearTimeout(this.#timer);
    else if (this.anchor && !this.pinned && this.anchor !== focused()) this.#within(CLOSE_AFTER, () => this.close());
    else if (!this.anchor) clearTimeout(this.#timer);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const term = termOf(event);
    if (term) {
      event.preventDefault();  // in a label, a click on the term does not reach the control
      this.#toggle(term);
    } else if (!this.#inside(event)) this.close();
  }

  /** @param {HTMLElement} term */
  #toggle(term) {
    if (this.anchor === term && this.pinned) this.close();
    else this.open(term, true);
  }

  /** @param {FocusEvent} event */
  #focus(event) {
    const term = termOf(event);
    if (term?.matches(":focus-visible")) this.open(term, false);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const term = termOf(event);
    if (event.key === "Escape" && this.anchor) {
      event.stopPropagation();
      this.close();
    } else if (term && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      this.#toggle(term);
    }
  }

  /** @param {Event} event */
  #inside(event) {
    return this.panel !== null && event.composedPath().includes(this.panel);
  }
}

/** The term that an event is about, also inside a shadow root. @param {Event} event */
function termOf(event) {
  const [target] = event.composedPath();
  return target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-term]")) : null;
}

/** What has the focus, also inside a shadow root. */
function focused() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}
