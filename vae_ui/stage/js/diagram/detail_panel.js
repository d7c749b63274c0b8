// The panel below the diagram. It shows one thing at a time: chance (at first), the layers of a network, or a term of the loss.
// What is clicked in the diagram opens there, and a second click, or Escape, brings chance back.

import {button, make} from "../host/elements.js";
import {t} from "../host/words.js";
import {LayerPictures} from "./layer_pictures.js";
import {PosteriorDraws} from "./posterior_draws.js";
import {TermDetails} from "./term_details.js";

/** @import {StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */

/**
 * Something that the panel can show. `shown`: it comes on the screen, or leaves it.
 *
 * @typedef {object} Detail
 * @property {HTMLElement} box
 * @property {(scene: Scene) => void} draw
 * @property {(data: StageData) => void} [update]
 * @property {(on: boolean) => void} [shown]
 */

const FIRST = "draws";
/** @type {{[name: string]: (stage: Stage) => Detail}} */
const DETAILS = {
  draws: (stage) => new PosteriorDraws(stage),
  encoder: (stage) => new LayerPictures(stage, "encoder"),
  decoder: (stage) => new LayerPictures(stage, "decoder"),
  loss: (stage) => new TermDetails(stage, "loss"),
  distortion: (stage) => new TermDetails(stage, "distortion"),
  rate: (stage) => new TermDetails(stage, "rate"),
};

/** A button that opens and closes one thing in the panel. @param {Stage} stage @param {string} name @param {string} hint */
export function opener(stage, name, hint) {
  const element = button("", hint, () => stage.made.panel instanceof DetailPanel && stage.made.panel.toggle(name, element));
  element.dataset.opens = name;
  element.setAttribute("aria-expanded", "false");
  return element;
}

export class DetailPanel {
  open = FIRST;
  /** The details made so far. @type {{[name: string]: Detail}} */ made = {};
  /** @type {StageData | null} */ #data = null;
  /** @type {HTMLElement | null} */ #from = null;

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.stage = stage;
    this.box = box;
    this.close = button("\u00d7", t("Fold it again (Escape)"), () => this.toggle(this.open), t("Fold it again (Escape)"));
    this.close.classList.add("close");
    this.body = make("div", "body");
    box.append(this.close, this.body);
    stage.grid.addEventListener("keydown", (event) => event.key === "Escape" && this.open !== FIRST && this.toggle(this.open));
  }

  /** @param {string} name @param {HTMLElement} [from] the button that opens it */
  toggle(name, from) {
    const back = this.open === name;
    if (back) this.#from?.focus();
    this.#from = back ? null : from ?? null;
    this.#show(back ? FIRST : name);
    if (!back) this.box.scrollIntoView({block: "nearest", behavior: "instant"});
  }

  /** @param {string} name */
  #show(name) {
    this.made[this.open]?.shown?.(false);
    this.open = name;
    const {grid, scene} = this.stage, detail = (this.made[name] ??= DETAILS[name](this.stage));
    grid.dataset.open = name;
    for (const each of grid.querySelectorAll("[data-opens]")) {
      each.setAttribute("aria-expanded", String(/** @type {HTMLElement} */ (each).dataset.opens === name));
    }
    this.close.hidden = name === FIRST;
    this.body.replaceChildren(detail.box);
    detail.shown?.(true);
    if (this.#data) detail.update?.(this.#data);
    scene.compute();
    this.stage.redraw();
  }

  /** @param {StageData} data */
  update(data) {
    this.#data = data;
    if (!this.body.childElementCount) return this.#show(FIRST);
    this.made[this.open].update?.(data);
    if (this.stage.scene.model) this.draw(this.stage.scene);
  }

  /** @param {Scene} scene */
  draw(scene) {
    if (scene.model) this.made[this.open]?.draw(scene);
  }
}
