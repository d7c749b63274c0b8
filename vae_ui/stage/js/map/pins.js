// The marks that move with the hand: z, the place under the pointer and the dot that it means. They are elements moved by
// style, which costs a browser a tenth of what a repainted canvas does.

import {make} from "../host/elements.js";

/** @import {Point} from "../types.d.ts" */
/** @import {Viewport} from "./viewport.js" */

/**
 * `spot` is the dot that is meant, `colour` its class's.
 *
 * @typedef {{z: Point | null, peek: Point | null, spot: Point | null, colour: string}} Places
 */

class Pin {
  /** @param {Element} plane @param {string} name */
  constructor(plane, name) {
    this.element = make("i", `pin ${name}`, {hidden: ""});
    this.at = "";
    plane.append(this.element);
  }

  /** @param {Viewport} view @param {Point | null} place */
  put(view, place) {
    const {element} = this, x = place ? view.sx(place[0]) : 0, y = place ? view.sy(place[1]) : 0;
    const seen = place !== null && view.inside(x, y);
    if (element.hidden === seen) element.hidden = !seen;
    const at = seen ? `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)` : this.at;
    if (at !== this.at) element.style.transform = this.at = at;
  }
}

export class Pins {
  #small = false;
  #colour = "";

  /** @param {Element} plane */
  constructor(plane) {
    this.spot = new Pin(plane, "spot");
    this.z = new Pin(plane, "z");
    this.peek = new Pin(plane, "peek");
  }

  /**
   * @param {Viewport} view @param {Places} places @param {boolean} small a ring that leaves q's ellipse to be seen, often no larger
   */
  draw(view, {z, peek, spot, colour}, small) {
    this.z.put(view, z);
    this.peek.put(view, peek);
    this.spot.put(view, spot);
    if (small !== this.#small) this.z.element.classList.toggle("small", (this.#small = small));
    if (spot && colour !== this.#colour) this.spot.element.style.setProperty("--dot", (this.#colour = colour));
  }
}
