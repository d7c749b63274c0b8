// The marks that move with the hand: z, the place under the pointer and the dot that it means. They are elements moved by
// style, which costs a browser a tenth of what a repainted canvas does.

import {make} from "./panel.js";

export class Pins {
  constructor(plane) {
    this.pins = Object.fromEntries(["spot", "z", "peek"].map((name) => [name, make("i", `pin ${name}`, {hidden: ""})]));
    plane.append(...Object.values(this.pins));
  }

  draw(stage) {
    const {z, peek, hover, points, overlay, live} = stage, {pins} = this;
    this.put(stage, pins.z, z);
    this.put(stage, pins.peek, peek);
    this.put(stage, pins.spot, hover < 0 ? null : [points[2 * hover], points[2 * hover + 1]]);
    const small = Boolean(live || overlay.ellipses.length);  // so that q's ellipse, often no larger than z's ring, is seen
    if (small !== this.small) pins.z.classList.toggle("small", (this.small = small));
    if (hover < 0 || hover === this.hover) return;
    this.hover = hover;
    pins.spot.style.setProperty("--dot", stage.colours[stage.classes[hover]]);
  }

  put({view}, pin, place) {
    const x = place && view.sx(place[0]), y = place && view.sy(place[1]), seen = Boolean(place) && view.inside(x, y);
    if (pin.hidden === seen) pin.hidden = !seen;
    const at = seen ? `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)` : pin.at;
    if (at !== pin.at) pin.style.transform = pin.at = at;
  }
}
