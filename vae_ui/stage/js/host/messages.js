// What the stage tells Python: what a person did, on release; that a block is missing; and, for a model that no browser can
// run, one question at a time.

import {mask} from "../map/picking.js";
import {PATIENCE} from "../model/remote_model.js";

/** @import {Act, Answer} from "../types.d.ts" */
/** @import {Stage} from "./stage.js" */

export class Messages {
  /** The last act as it was told. @type {{[name: string]: unknown} | null} */ said = null;
  /** The last question as it was asked. @type {{number: number} | null} */ asked = null;
  #timer = 0;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** Another model or map: what was said of the last one no longer holds. */
  forget() {
    this.said = null;
  }

  /** @param {Act} act */
  send(act) {
    const {stage} = this, {scene, map, hash, model, drawn: picture} = stage, {shown, selected, z, pick} = map;
    const classes = shown.every(Boolean) ? null : shown.flatMap((on, k) => (on ? [k] : []));
    const selection = selected.length ? mask(selected, map.classes.length) : "";
    const code = scene.z && [...scene.z], {label} = scene, count = (stage.count += 1);
    this.said = {count, act, hash, model, z, code, pick, selection, classes, picture, label};
    const ask = this.#isOpen() ? this.asked : null;  // one that Python may not have heard yet
    stage.setState("map", {...this.said, ask});
  }

  #isOpen() {
    const {model} = this.stage.scene;
    return model !== null && "flying" in model && model.flying !== null;
  }

  /** Python believed that this browser still held a block that it does not hold. */
  missing() {
    const {stage} = this;
    stage.setState("map", {count: (stage.wanted?.seen ?? 0) + 1, act: "", hash: "", model: ""});
  }

  /** The newest question, when no other is on its way. */
  inquire() {
    const {stage} = this, {count, hash, model, scene} = stage, ask = scene.model && "ask" in scene.model ? scene.model.ask() : null;
    if (!ask) return;
    this.asked = ask;
    stage.setState("map", {...(this.said ?? {count, act: "", hash, model}), ask});
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#isOpen() && scene.recompute(), PATIENCE);
  }

  /** @param {Answer | undefined} answer */
  hear(answer) {
    const {scene} = this.stage;
    if (answer && scene.model && "hear" in scene.model && scene.model.hear(answer)) scene.recompute();
  }
}
