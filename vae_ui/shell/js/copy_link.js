// A button that copies the page's address, and shows it with its QR code. The address in the browser's own bar is always the one
// of the scene in view; Python only makes the picture of the code.

import style from "./copy_link.css" with {type: "text"};

/** @typedef {{copy: string, copied: string, copyByHand: string, scan: string, long: string, close: string}} LinkWords */
/** @typedef {{words: LinkWords, streamlit: Record<string, string>, link: string, code: string, origin: string, room: string}} LinkData */
/** @typedef {{parentElement: Element | ShadowRoot, data: LinkData, setTriggerValue: (name: string, value: string) => void}} LinkComponent */

const GAP = 6;  // pixels between the button and what it opens
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** @type {WeakMap<Element | ShadowRoot, CopyLink>} */
const buttons = new WeakMap();

/** @param {LinkComponent} component */
export function showLink(component) {
  const {parentElement} = component;
  const button = buttons.get(parentElement) ?? new CopyLink(parentElement);
  buttons.set(parentElement, button);
  button.update(component);
}

class CopyLink {
  /** @type {LinkComponent["setTriggerValue"]} */ ask = () => {};
  /** @type {LinkWords | null} */ words = null;
  wayIn = {origin: "", room: ""};

  /** @param {Element | ShadowRoot} root */
  constructor(root) {
    const sheet = document.createElement("style");
    sheet.textContent = style;
    root.append(sheet);
    const found = /** @param {string} query */ (query) => /** @type {HTMLElement} */ (root.querySelector(query));
    this.button = found("button.copy");
    this.panel = found("[popover]");
    this.status = found(".status");
    this.field = /** @type {HTMLInputElement} */ (found("input"));
    this.picture = /** @type {HTMLImageElement} */ (found("img"));
    this.note = found(".note");
    this.close = found("button.close");
    this.button.addEventListener("click", () => this.open());
    this.close.addEventListener("click", () => this.panel.hidePopover());
    this.field.addEventListener("focus", () => this.field.select());
    this.panel.addEventListener("toggle", () => this.place());
    window.addEventListener("scroll", () => this.panel.matches(":popover-open") && this.place(), {passive: true, capture: true});
    window.addEventListener("resize", () => this.panel.matches(":popover-open") && this.place());
  }

  /** @param {LinkComponent} component */
  update({data: {words, link, code, origin, room}, setTriggerValue}) {
    this.ask = setTriggerValue;
    this.wayIn = {origin, room};
    this.words = words;
    this.button.textContent = this.button.title = words.copy;
    this.button.style.visibility = "";
    this.close.setAttribute("aria-label", words.close);
    this.picture.alt = words.scan;
    this.field.setAttribute("aria-label", words.copy);
    const ours = link === this.field.value;
    this.picture.hidden = !ours || !code;
    if (ours && code) this.picture.src = code;
    this.note.textContent = ours && link && !code ? words.long : words.scan;
    this.place();
  }

  async open() {
    this.field.value = this.link();
    this.picture.hidden = true;
    this.panel.showPopover();
    this.place();
    this.ask("link", this.field.value);
    const done = await this.copy();
    if (this.words) this.status.textContent = done ? this.words.copied : this.words.copyByHand;
    this.field.select();
  }

  /**
   * The page's address. A teacher's link opens in the class: it has the room's code, and from the server's own computer, which others
   * cannot reach as localhost, the address in the network.
   */
  link() {
    const {origin, room} = this.wayIn;
    const here = origin && LOOPBACK.has(location.hostname) ? new URL(origin).origin : location.origin;
    const asked = room && `${location.search ? "&" : "?"}room=${encodeURIComponent(room)}`;
    return `${here}${location.pathname}${location.search}${asked}${location.hash}`;
  }

  /** Without https a browser has no clipboard of its own, only the command of a selected text. */
  async copy() {
    try {
      await navigator.clipboard.writeText(this.field.value);
      return true;
    } catch {
      this.field.select();
      return document.execCommand("copy");
    }
  }

  /** Below the button, inside the window. */
  place() {
    const {left, right, bottom} = this.button.getBoundingClientRect(), {offsetWidth: width, offsetHeight: height} = this.panel;
    const x = Math.min(Math.max(GAP, right - width), innerWidth - width - GAP);
    this.panel.style.left = `${Math.max(GAP, left + width < innerWidth - GAP ? left : x)}px`;
    this.panel.style.top = `${Math.max(GAP, Math.min(bottom + GAP, innerHeight - height - GAP))}px`;
  }
}
