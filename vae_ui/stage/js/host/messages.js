// What the stage tells Python, and what it asks: numbered events on release, a block that is missing, and, for a model that no
// browser can run, one question at a time. The protocol, and Python's side of it: vae_ui/stage/events.py.

import {mask} from "../map/picking.js";
import {PATIENCE} from "../model/remote_model.js";

/** @import {Act, Question, StageData} from "../types.d.ts" */
/** @import {Stage} from "./stage.js" */

export class Messages {
  /** Tells this stage from one that was here before. */ visit = Math.random().toString(36).slice(2);
  /** The number of the last event. */ count = 0;
  /** The events that Python has not answered. @type {{number: number, act: Act | ""}[]} */ waiting = [];
  /** A hand is at work: z is the browser's, and Python has not heard of it. */ held = false;
  /** The last question as it was asked. @type {Question & {number: number} | null} */ asked = null;
  #timer = 0;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** Whether an answer was made before Python consumed the last event, or comes while a hand is at work. @param {StageData} data */
  isLate({visit, seen}) {
    return this.held || this.count > (visit === this.visit ? seen : 0);
  }

  /** Python has answered: what it has consumed need not be sent again. @param {StageData} data */
  hear({visit, seen, answer}) {
    const {scene} = this.stage;
    if (visit === this.visit) this.waiting = this.waiting.filter(({number}) => number > seen);
    if (answer && scene.model && "hear" in scene.model && scene.model.hear(answer)) scene.recompute();
  }

  /** @param {Act} act */
  send(act) {
    const {hash, model, scene, map, drawn: picture} = this.stage, {shown, selected, z, pick} = map, {label} = scene;
    const classes = shown.every(Boolean) ? null : shown.flatMap((on, k) => (on ? [k] : []));
    const selection = selected.length ? mask(selected, map.classes.length) : "";
    const code = scene.z && [...scene.z], {on: figures} = map.figures;
    this.held = false;
    this.#add({act, hash, model, z, code, pick, selection, classes, picture, label, figures});
    this.#tell(this.#isOpen() ? this.asked : null);  // a question that Python may not have heard yet
  }

  /** The server does not hold a block: when the page is drawn again it does. */
  missing() {
    this.#add({act: ""});
    this.#tell(null);
  }

  /** The newest question, when no other is on its way. */
  inquire() {
    const {scene} = this.stage, ask = scene.model && "ask" in scene.model ? scene.model.ask() : null;
    if (!ask) return;
    this.asked = ask;
    this.#tell(ask);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#isOpen() && scene.recompute(), PATIENCE);
  }

  #isOpen() {
    const {model} = this.stage.scene;
    return model !== null && "flying" in model && model.flying !== null;
  }

  /** @param {{act: Act | "", [name: string]: unknown}} event */
  #add(event) {
    this.count += 1;
    this.waiting.push({...event, number: this.count});
  }

  /** @param {Messages["asked"]} ask */
  #tell(ask) {
    const {visit, waiting: events, stage: {model}} = this;
    this.stage.setState("map", {visit, model, events, ask});
  }
}
