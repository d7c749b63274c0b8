// The search box of the map: what is found stands out, few points with rings and many by the dimming of the others.
// Enter goes to the first point that is found, Enter again to the next, Escape forgets them.

import {make} from "../host/elements.js";
import {inThousands, t} from "../host/words.js";
import {find} from "./find.js";

/** @import {LatentMap} from "../map/latent_map.js" */

export class SearchBox {
  /** The points that were found. @type {number[]} */ found = [];
  /** 1 for each point that was found; null without a search. @type {Uint8Array | null} */ tone = null;
  /** What was looked for, and which of the found points is chosen. */ text = "";
  at = 0;

  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.input = /** @type {HTMLInputElement} */ (make("input", "find", {type: "search", enterkeyhint: "search", maxlength: 60,
      placeholder: t("Find: class or #number"), "aria-label": t("Find by class, or by number such as #25")}));
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("input", () => this.input.value || this.forget());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") this.forget();
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    this.next();
  }

  next() {
    const {map, input} = this, text = input.value.trim(), again = text === this.text && this.found.length > 0;
    this.text = text;
    this.found = again ? this.found : find(text, map.block?.header.names ?? [], map.classes);
    this.at = again ? (this.at + 1) % this.found.length : 0;
    if (this.found.length) choose(map, this.found[this.at]);
    this.#show();
  }

  forget() {
    this.found = [];
    this.text = this.input.value = "";
    this.#show();
  }

  #show() {
    this.tone = this.found.length ? new Uint8Array(this.map.classes.length) : null;
    for (const i of this.found) if (this.tone) this.tone[i] = 1;
    this.map.toolbar.refresh();
    this.map.host.paint(true);
  }

  /** What was found; "" where nothing was looked for. */
  get words() {
    const {found, text, at, map} = this;
    if (!text) return "";
    if (!found.length) return t("Nothing found for \u201c{text}\u201d. Numbers go from #0 to #{last}.", {text, last: map.classes.length - 1});
    const values = {n: inThousands(found.length), k: inThousands(at + 1), index: found[at]};
    return found.length === 1 ? t("Found: #{index}.", values) : t("{n} found; z is at #{index}, number {k} of them. Enter: the next.", values);
  }
}

/** z goes to the code of a point, and the map there if need be; Python is told. @param {LatentMap} map @param {number} i */
function choose(map, i) {
  const place = map.projection.dot(i);
  map.takeHold();
  map.pick = i;
  map.z = place;
  map.scene.setZ(map.projection.codeOfDot(i));
  map.view.follow(...place);
  map.host.paint(true);
  map.host.send("click");
}
