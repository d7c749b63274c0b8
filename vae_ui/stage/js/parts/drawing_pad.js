// The drawing pad: what goes in, framed like x everywhere, and a soft brush to draw over it. The model answers at every move of
// the hand; Python hears of it on release.

import {button, labelled, make, press} from "../host/elements.js";
import {Figure} from "../host/figure.js";
import {t} from "../host/words.js";
import {Drawing} from "../model/drawing.js";
import {drawings, keepDrawing} from "../model/kept_drawings.js";
import {sizeOf} from "../model/network.js";
import {GivenParts} from "../host/phrase.js";

/** @import {Act, Options, Point, Shape, StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */

const STROKE = 0.085;  // MNIST's, where the page does not say
const REST = 900, GLIDE = 160;  // ms: when the hand has rested so long, a drawing glides to where the model sees it already
/** @type {{[key: string]: Point}} */
const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

export class DrawingPad {
  /** @type {Drawing | null} */ sketch = null;
  #shape = "";
  /** What Python last put on the pad. @type {string | null | undefined} */ #given;
  /** The test image that is in. @type {number | null} */ #index = null;
  /** The picture that Python was last told of. @type {string | null} */ #sent = null;
  /** The pointer that draws, or the keyboard. @type {number | "key" | null} */ hand = null;
  /** Where the brush is, in pixels of the picture. @type {Point} */ at = [0, 0];
  #timer = 0;

  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.stage = stage;
    this.box = box;
    this.figure = new Figure();
    this.canvas = this.figure.canvas;
    this.guide = make("i", "guide");
    this.window = make("i", "window");
    this.brush = make("i", "brush", {hidden: ""});
    this.hint = labelled("span", "hint", t("Draw here"));
    this.given = new GivenParts(box, stage);
    const paper = make("div", "paper");
    paper.append(this.canvas, this.figure.rows, this.guide, this.window, this.brush, this.hint, labelled("span", "gap", t("missing")));
    this.row = make("div", "buttons");
    this.undo = button(t("Undo"), t("Take the last stroke back (Control Z)"), () => this.change((sketch) => sketch.undo()));
    this.clear = button(t("Clear"), t("An empty picture (Delete); Undo brings it back"), () => this.change((sketch) => sketch.clear()));
    const why = t("The model sees the drawing with its centre of mass in the middle, like the data it learned from; the dashed frame "
      + "is what it sees");
    this.centre = button(t("Centre"), why, () => this.change(() => (drawings.centred = !drawings.centred)));
    this.row.append(this.undo, this.clear, this.centre);
    box.append(labelled("div", "title", t("x: what goes in")), paper, this.given.words, this.row);
    this.#listen();
  }

  /**
   * Another x than ours is put on the pad; one that is late is left.
   * @param {StageData} data options: x (base64 of grey levels) or point (of a point or a row), draw, blank (x is empty), pad {stroke, mass, fill}
   */
  update(data) {
    const {model} = this.stage.scene, {options, overlay} = data, {x = null, point, draw = false, pad = {}, blank = false} = options;
    if (!model || this.hand !== null || this.stage.messages.isLate(data)) return;
    if (Boolean(point) !== (model.shape.length === 1)) return;  // made for the model that comes next
    this.#index = overlay.pick;
    this.#allow(draw);
    this.given.update(options.given ?? null, () => this.sketch?.compose(drawings.centred) ?? this.stage.scene.x);
    if (point) this.place(point);
    else this.take(model.shape, x, pad, blank);
  }

  /** Whether a person may draw. @param {boolean} draw */
  #allow(draw) {
    const how = draw ? t("Draw with mouse, pen or finger. By keyboard: arrow keys move the brush, Space puts it down and lifts it, "
      + "Control Z takes a stroke back, Delete clears.") : "";
    this.row.hidden = this.guide.hidden = !draw;
    this.canvas.tabIndex = draw ? 0 : -1;
    this.canvas.setAttribute("role", draw ? "application" : "img");
    this.figure.label([t("x: what goes in"), how].join(". "));
    this.box.classList.toggle("fixed", !draw);
  }

  /** The dot of the very picture that is in was clicked: its q, not only its code. @param {Act} act */
  acted(act) {
    const {map: {pick}, scene} = this.stage;
    if (act === "click" && scene.x && pick !== null && pick === this.#index) scene.setX(scene.x);
  }

  /**
   * Python's picture: a new one is put on the pad, our own keeps its strokes.
   * @param {Shape} shape @param {string | null} x @param {Required<Options>["pad"]} pad @param {boolean} blank
   */
  take(shape, x, pad, blank) {
    const levels = x === null ? null : Uint8Array.from(atob(x), (letter) => letter.charCodeAt(0));
    if (levels && levels.length !== sizeOf(shape)) return;  // made for the model that comes next
    const {sketch} = this, other = shape.join() !== this.#shape;
    if (sketch && !other) this.#dress(sketch, pad);
    if (!other && x === this.#given) return;
    this.#given = x;
    if (!other && (x === null ? sketch?.empty : x === this.#sent)) return;
    this.begin(shape, pad, x, blank ? null : levels);
  }

  /** @param {Shape} shape @param {Required<Options>["pad"]} pad @param {string | null} x @param {Uint8Array | null} levels */
  begin(shape, pad, x, levels) {
    clearTimeout(this.#timer);
    const sketch = new Drawing(shape, pad.stroke ?? STROKE, pad.mass ?? null), {latest} = drawings;
    const known = x === null ? undefined : drawings.known.get(x);
    this.#shape = shape.join();
    this.sketch = sketch;
    this.#dress(sketch, pad);
    if (known) Object.assign(sketch, structuredClone(known));
    else sketch.base = levels && Float32Array.from(levels, (level) => level / 255);
    sketch.redraw();
    this.#sent = known ? x : null;
    this.box.style.setProperty("--brush", `${(200 * sketch.radius) / sketch.width}%`);
    this.at = [sketch.width / 2, sketch.height / 2];
    const carried = x === null && latest && !latest.ground && latest.strokes.length > 0;
    if (carried) sketch.follow(latest);  // drawn for pictures of another size
    this.show();
    if (known) drawings.latest = sketch;
    // Another size, or another rule of the middle: Python is told once the stage has the new map too.
    if (carried || (known && this.code() !== x)) this.#timer = window.setTimeout(() => this.tell());
  }

  /**
   * The frame and the rule of the middle are those of the model's data, also when a drawing stays for another model.
   * @param {Drawing} sketch @param {Required<Options>["pad"]} pad
   */
  #dress(sketch, {mass = null, fill = 0}) {
    if (mass !== sketch.mass) this.settle();
    sketch.mass = mass;
    this.guide.style.inset = fill > 0 && fill < 1 ? `${50 - 50 * fill}%` : "-10%";
    this.centre.hidden = mass === null;
  }

  /** A model of points or rows: the numbers alone, which cannot be drawn over. @param {number[]} point */
  place(point) {
    if (String(point) === this.#given) return;
    clearTimeout(this.#timer);
    this.#given = String(point);
    this.#shape = "";
    this.sketch = null;
    this.window.hidden = this.hint.hidden = true;
    this.stage.scene.setX(Float32Array.from(point));
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
    canvas.addEventListener("blur", () => {
      if (this.hand === "key") this.lift();
      this.brush.hidden = true;
    });
  }

  /** The drawing, where a person may draw. */
  get drawable() { return this.row.hidden ? null : this.sketch; }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button || this.hand !== null || !this.drawable) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.hand = event.pointerId;
    this.#begin(this.drawable);
    this.move(event);
  }

  /** A stroke begins. @param {Drawing} sketch */
  #begin(sketch) {
    clearTimeout(this.#timer);
    sketch.begin();
  }

  /** Every place that the hand went through since the last event, not only the last one. @param {PointerEvent} event */
  move(event) {
    const sketch = this.drawable;
    if (!sketch) return;
    const {left, top, width, height} = this.canvas.getBoundingClientRect();
    const place = (/** @type {PointerEvent} */ {clientX, clientY}) => /** @type {Point} */ ([((clientX - left) / width) * sketch.width,
      ((clientY - top) / height) * sketch.height]);
    this.#point(sketch, place(event), event.pointerType !== "touch");
    if (event.pointerId !== this.hand) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const each of between.length ? between : [event]) sketch.to(...place(each));
    this.show();
  }

  lift() {
    this.hand = null;
    this.tell();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const sketch = this.drawable, {key} = event, control = event.ctrlKey || event.metaKey;
    if (!sketch || typeof this.hand === "number" || event.altKey) return;
    if (control && key === "z") this.undo.click();
    else if (control) return;
    else if (key in STEPS) this.#step(sketch, STEPS[key]);
    else if (key === "Delete" || key === "Backspace") this.clear.click();
    else if (key === " " || key === "Enter") this.#upOrDown(sketch);
    else return;
    event.preventDefault();
  }

  /** The keyboard moves the brush by one pixel. @param {Drawing} sketch @param {Point} way */
  #step(sketch, [right, down]) {
    const within = (/** @type {number} */ v, /** @type {number} */ side) => Math.min(side, Math.max(0, v));
    this.#point(sketch, [within(this.at[0] + right, sketch.width), within(this.at[1] + down, sketch.height)], true);
    if (this.hand !== "key") return;
    sketch.to(...this.at);
    this.show();
  }

  /** The keyboard puts the brush down, or lifts it. @param {Drawing} sketch */
  #upOrDown(sketch) {
    if (this.hand === "key") return this.lift();
    this.hand = "key";
    this.#begin(sketch);
    sketch.to(...this.at);
    this.show();
    this.#point(sketch, this.at, true);
  }

  /** Where the brush is. @param {Drawing} sketch @param {Point} at @param {boolean} seen */
  #point(sketch, at, seen) {
    this.at = at;
    this.brush.hidden = !seen;
    this.brush.style.left = `${(100 * at[0]) / sketch.width}%`;
    this.brush.style.top = `${(100 * at[1]) / sketch.height}%`;
    this.brush.classList.toggle("down", this.hand !== null);
  }

  /** A button's act: nothing may be in the hand meanwhile. @param {(sketch: Drawing) => void} act */
  change(act) {
    if (!this.sketch) return;
    if (this.hand !== null) this.lift();
    clearTimeout(this.#timer);
    act(this.sketch);
    this.show();
    this.tell();
  }

  tell() {
    this.brush.classList.remove("down");
    this.#sent = this.stage.drawn = this.code();
    this.remember();
    drawings.latest = this.sketch;
    this.#timer = window.setTimeout(() => this.settle(), REST);
    this.stage.send("draw");
  }

  /** The picture as Python is sent it: base64 of grey levels. */
  code() {
    return btoa(String.fromCharCode(...(this.sketch?.bytes() ?? [])));
  }

  remember() {
    if (this.#sent !== null && this.sketch) keepDrawing(this.#sent, this.sketch);
  }

  /** What is drawn moves to where the model sees it already. */
  settle() {
    if (!this.sketch?.shift.some(Boolean) || this.hand !== null) return;
    const [right, down] = this.sketch.settle(), {width, height} = this.sketch;
    this.show();
    this.remember();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const from = `translate(${(-100 * right) / width}%, ${(-100 * down) / height}%)`;
    this.canvas.animate([{transform: from}, {transform: "none"}], {duration: GLIDE, easing: "ease-out"});
  }

  // -- what is seen ------------------------------------------------------------------------------------------------------
  /** The drawing goes into the model, and is shown as it is drawn. */
  show() {
    if (this.sketch && !this.given.missing) this.stage.scene.setX(this.sketch.compose(drawings.centred));
  }

  /** @param {Scene} scene */
  draw({model, x}) {
    const {sketch} = this;
    if (!model || !x) return;
    this.stage.grid.classList.toggle("blank", Boolean(sketch?.empty));  // nothing comes out of an empty pad
    if (!sketch) return this.figure.show(x, model);
    if (sketch.seen.length !== x.length) return;
    this.figure.show(sketch.seen, model);
    const [right, down] = sketch.shift;
    this.window.hidden = !right && !down;
    this.window.style.transform = `translate(${(-100 * right) / sketch.width}%, ${(-100 * down) / sketch.height}%)`;
    this.hint.hidden = !sketch.empty || this.row.hidden;
    this.undo.disabled = !sketch.acts.length;
    this.clear.disabled = sketch.empty;
    press(this.centre, drawings.centred);
  }
}
