// Completion: the picture, over which a hand paints what is hidden; several completions drawn from q(z), a mixture; and what the hidden part
// costs in nats under q, beside other methods. While the hand moves, q gets FEW steps for each mask; the rest, and the nats, come on
// release. The work is cut into pieces of a few ms, so that the hand is never held up.

import {button, canvasOf, context, labelled, make, press, setText} from "../host/elements.js";
import {show} from "../host/pixels.js";
import {inDigits, t} from "../host/words.js";
import {levels} from "../model/levels.js";
import {normals, seeded} from "../model/random.js";
import {CompletionWork} from "./completion_work.js";
import {HiddenMask} from "./hidden_mask.js";
import {NatsBars} from "./nats_bars.js";

/** @import {Point, StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */

const DRAWS = 8, BUDGET = 12;  // completions side by side, and ms of work in a frame
/** @type {{[key: string]: Point}} */
const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

export class Completion {
  /** @type {HiddenMask | null} */ mask = null;
  /** What is hidden first, and again with each choice. */ part = "lower-half";
  /** @type {Float32Array | null} */ x = null;
  /** What stands in the hidden part when the encoder first looks. @type {Float32Array | null} */ fill = null;
  label = 0;
  seed = 1;
  reveal = false;
  peek = false;
  /** The pointer that paints, or the keyboard. @type {number | "key" | null} */ hand = null;
  /** @type {Point | null} */ pen = null;
  /** @type {CompletionWork | null} */ work = null;
  #stale = false;
  #frame = 0;
  #given = "";

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.stage = stage;
    this.box = box;
    this.canvas = canvasOf("", {role: "application", tabindex: "0"});
    this.canvas.setAttribute("aria-label", t("The picture, of which the grey part is hidden. Paint with mouse, pen or finger. By "
      + "keyboard: arrow keys move the brush, Space hides what is below it."));
    this.cover = canvasOf("cover");
    this.brush = make("i", "brush", {hidden: ""});
    const paper = make("div", "paper");
    paper.append(this.canvas, this.cover, this.brush);
    this.parts = Object.entries({"lower-half": t("Lower half"), "right-half": t("Right half"), "three-quarters": t("Three quarters"),
      brush: t("Brush")}).map(([name, text]) => ({name, button: button(text, t("Hide this part; paint to hide more"), () => this.choose(name))}));
    this.modes = [button(t("Show again"), t("Paint to show again what is hidden"), () => this.#toggle("reveal")),
      button(t("Show what is hidden"), t("The whole picture"), () => this.#toggle("peek"))];
    const choices = make("div", "buttons"), modes = make("div", "buttons");
    choices.append(...this.parts.map((each) => each.button));
    modes.append(...this.modes);
    const left = make("div", "given"), right = make("div", "found");
    left.append(labelled("div", "title x", t("x: paint over a part of it")), paper, choices, modes);
    this.draws = Array.from({length: DRAWS}, (_, i) => canvasOf("", {role: "img", "aria-label": t("Completion {n}", {n: i + 1})}));
    const row = make("div", "draws");
    row.append(...this.draws);
    this.words = labelled("div", "words", "");
    const again = make("div", "below");
    again.append(this.words, button(t("Other draws"), t("Other codes of the same q(z)"), () => this.#again()));
    this.bars = new NatsBars();
    right.append(labelled("div", "title out", t("What may have been there: decoded from draws of q(z)")), row, again, this.bars.box);
    box.append(left, right);
    this.#listen();
  }

  /** @param {StageData} data options: x and fill (base64 of grey levels) */
  update({options: {x, fill}, overlay}) {
    const {model} = this.stage.scene, label = overlay.label ?? 0;
    if (!model || model.remote || !model.out || !x || !fill) return;
    const given = [this.stage.model, x, fill, label].join();
    if (given === this.#given) return;
    const picture = levels(x), guess = levels(fill);
    if (picture.length !== model.out.length || guess.length !== picture.length) return;  // made for the model that comes next
    const other = this.x?.length !== picture.length;
    this.#given = given;
    [this.x, this.fill, this.label] = [picture, guess, label];
    if (other || !this.mask) this.choose(this.part);
    else this.#changed();
  }

  /** @param {string} part */
  choose(part) {
    const {model} = this.stage.scene;
    if (!model) return;
    this.part = part;
    this.mask = new HiddenMask(model.shape);
    this.mask.hide(part);
    for (const each of this.parts) press(each.button, each.name === part);
    this.brush.style.width = `${(200 * this.mask.radius) / this.mask.width}%`;
    this.pen = null;
    this.#changed();
  }

  /** @param {"reveal" | "peek"} name */
  #toggle(name) {
    this[name] = !this[name];
    this.#showGiven();
  }

  #again() {
    this.seed += 1;
    this.#showDraws();
  }

  // -- what a hand does --------------------------------------------------------------------------------------------------
  #listen() {
    const {canvas} = this, lift = (/** @type {PointerEvent} */ event) => event.pointerId === this.hand && this.lift();
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("pointerleave", () => (this.brush.hidden = true));
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => (this.brush.hidden = true));
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button || this.hand !== null || !this.mask) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.hand = event.pointerId;
    this.pen = null;
    this.move(event);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const {mask} = this, {left, top, width, height} = this.canvas.getBoundingClientRect();
    if (!mask) return;
    const place = (/** @type {PointerEvent} */ {clientX, clientY}) => /** @type {Point} */ ([((clientX - left) / width) * mask.width,
      ((clientY - top) / height) * mask.height]);
    this.#point(place(event));
    if (event.pointerId !== this.hand) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const each of between.length ? between : [event]) this.#paint(mask, place(each));
    this.#changed();
  }

  lift() {
    this.hand = null;
    this.#changed();
  }

  /** @param {HiddenMask} mask @param {Point} at */
  #paint(mask, at) {
    mask.stroke(this.pen ?? at, at, !this.reveal);
    this.pen = at;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const {mask} = this, {key} = event;
    if (!mask || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.pen ?? /** @type {Point} */ ([mask.width / 2, mask.height / 2]);
    if (key in STEPS) {
      const [right, down] = STEPS[key];
      this.pen = [Math.min(mask.width, Math.max(0, at[0] + right)), Math.min(mask.height, Math.max(0, at[1] + down))];
    } else if (key === " " || key === "Enter") {
      this.pen = at;
      this.#paint(mask, at);
      this.#changed();
    } else return;
    this.#point(this.pen);
    event.preventDefault();
  }

  /** Where the brush is. @param {Point} at */
  #point(at) {
    if (!this.mask) return;
    this.brush.hidden = false;
    this.brush.style.left = `${(100 * at[0]) / this.mask.width}%`;
    this.brush.style.top = `${(100 * at[1]) / this.mask.height}%`;
  }

  // -- the work ----------------------------------------------------------------------------------------------------------
  #changed() {
    this.#stale = true;
    this.#showGiven();
    this.#ask();
  }

  #ask() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#run());
  }

  /** Some ms of work in each frame. A new mask waits until the present one has had its first steps: a slow computer shows something. */
  #run() {
    this.#frame = 0;
    const {work} = this, ready = !work || work.done || work.shown;
    if (this.#stale && ready) this.#begin();
    const until = performance.now() + BUDGET;
    while (this.work && !this.work.done && performance.now() < until && !(this.#stale && this.work.shown)) this.work.advance();
    if (this.#stale || (this.work && !this.work.done && !(this.work.shown && this.hand !== null))) this.#ask();
  }

  #begin() {
    const {mask, x, fill, stage: {scene: {model}}} = this;
    this.#stale = false;
    this.work = null;
    if (!mask || !x || !fill || !model || model.remote || !("records" in model)) return;
    if (!mask.useful) return this.#idle(mask.count > 0);
    this.work = new CompletionWork(model, x, fill, mask, this.label, {
      code: () => this.#showDraws(),
      nats: (method, nats) => this.bars.show(method, nats),
    });
    this.bars.clear();
  }

  /** @param {boolean} all nothing is visible */
  #idle(all) {
    this.bars.clear();
    setText(this.words, all ? t("Nothing is visible: show a part of x again.") : t("Nothing is hidden: paint over a part of x."));
    for (const canvas of this.draws) if (this.x && this.stage.scene.model) show(canvas, this.x, this.stage.scene.model.shape);
  }

  // -- what is seen ------------------------------------------------------------------------------------------------------
  #showGiven() {
    const {mask, x, stage: {scene: {model}}} = this;
    if (!mask || !x || !model) return;
    show(this.canvas, x, model.shape);
    this.cover.classList.toggle("peek", this.peek);
    press(this.modes[0], this.reveal);
    press(this.modes[1], this.peek);
    hatch(this.cover, mask);
  }

  #showDraws() {
    const {work, stage: {scene: {model}}} = this;
    if (!work?.taken || !model) return;
    const uniform = seeded(this.seed);
    for (const [i, canvas] of this.draws.entries()) show(canvas, work.complete(normals(model.latentDim, uniform), i), model.shape);
    const {taken, ms} = work;
    setText(this.words, t("q(z) after {steps} steps, {seconds} s", {steps: taken, seconds: inDigits(ms / 1000)}));
    this.words.dataset.steps = String(taken);
  }

  /** @param {Scene} _scene */
  draw(_scene) {
    this.#showGiven();
  }
}

/** Diagonal lines over what is hidden. @param {HTMLCanvasElement} canvas @param {HiddenMask} mask */
function hatch(canvas, {hidden, width, height}) {
  const cell = 12;
  canvas.width = width * cell;
  canvas.height = height * cell;
  const ctx = context(canvas);
  ctx.fillStyle = "#6b7280";
  ctx.strokeStyle = "#9aa3af";
  ctx.lineWidth = 2;
  for (let i = 0; i < hidden.length; i++) {
    if (!hidden[i]) continue;
    const left = (i % width) * cell, top = Math.floor(i / width) * cell;
    ctx.fillRect(left, top, cell, cell);
    ctx.beginPath();
    ctx.moveTo(left, top + cell);
    ctx.lineTo(left + cell, top);
    ctx.stroke();
  }
}
