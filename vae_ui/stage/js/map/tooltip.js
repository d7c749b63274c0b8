// The card beside the point under the pointer: its picture with hard pixels or its text, and its class.

import {canvasOf, make, setText} from "../host/elements.js";
import {showThumbs} from "../host/pixels.js";

/** @import {Shape} from "../types.d.ts" */
/** @import {Viewport} from "./viewport.js" */

export class Tooltip {
  index = -1;
  /** Whether the card has a picture. */ filled = false;
  /** Width and height in CSS pixels. */ size = [0, 0];

  /** @param {Element} plane */
  constructor(plane) {
    this.card = make("div", "card", {hidden: ""});
    this.picture = canvasOf();
    this.text = make("p", "", {hidden: ""});
    this.name = make("div", "");
    this.card.append(this.picture, this.text, this.name);
    plane.append(this.card);
  }

  hide() {
    if (!this.card.hidden) this.card.hidden = true;
  }

  /**
   * `pixels` and `text` may be missing, or on their way: then the name alone is shown.
   *
   * @param {number} index @param {number} x @param {number} y in pixels @param {string} name @param {string} colour
   * @param {Viewport} view @param {Uint8Array} [pixels] @param {Shape} [shape] @param {string} [text]
   */
  show(index, x, y, name, colour, view, pixels, shape, text = "") {
    this.card.hidden = false;
    if (this.index !== index || this.name.textContent !== name || this.text.textContent !== text || this.filled !== Boolean(pixels)) {
      this.index = index;
      this.fill(name, colour, text, pixels, shape);
      this.size = [this.card.offsetWidth, this.card.offsetHeight];  // asks for a layout, so only once a dot
    }
    const [width, height] = this.size;
    const left = x + 18 + width < view.width ? x + 18 : x - 18 - width;
    const top = Math.min(view.height - height - 4, Math.max(4, y - height / 2));
    this.card.style.transform = `translate(${Math.round(Math.max(4, left))}px, ${Math.round(top)}px)`;
  }

  /**
   * @param {string} name @param {string} colour @param {string} text @param {Uint8Array} [pixels] @param {Shape} [shape]
   */
  fill(name, colour, text, pixels, shape) {
    this.filled = Boolean(pixels);
    this.picture.hidden = !pixels;
    if (pixels && shape) this.paint(pixels, shape);
    this.text.hidden = !text;
    setText(this.text, text);
    this.name.textContent = name;
    this.name.style.setProperty("--dot", colour);
  }

  /** @param {Uint8Array} pixels @param {Shape} shape height, width[, 3] */
  paint(pixels, shape) {
    const times = Math.ceil(84 / shape[0]);  // whole screen pixels for each of the picture's
    showThumbs(this.picture, [pixels], shape);
    this.picture.style.width = `${times * shape[1]}px`;
    this.picture.style.height = `${times * shape[0]}px`;
  }
}
