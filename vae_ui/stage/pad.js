// The pad: what goes in, framed like x everywhere, and a soft brush to draw over it. The model answers at every move of the
// hand; Python hears of it when the hand lets go.

import {PARTS} from "./side.js";
import {button, make, press} from "./panel.js";
import {show} from "./picture.js";
import {Sketch} from "./sketch.js";

const STROKE = 0.085;  // MNIST's, where the page does not say
const REST = 900, GLIDE = 160;  // ms: when the hand has rested so long, a drawing glides to where the model sees it already
const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
const HOW = "Draw with mouse, pen or finger. By keyboard: arrow keys move the brush, Space puts it down and lifts it, "
  + "Control Z takes a stroke back, Delete clears.";

// Outlives the page: what was drawn, stroke by stroke, by the picture that Python was sent of it.
const drawings = (globalThis[Symbol.for("latent-drawings")] ??= {known: new Map(), latest: null, centred: true});

class Pad {
  constructor(stage, box) {
    Object.assign(this, {stage, box, sketch: null, shape: "", given: undefined, sent: null, hand: null, timer: 0, at: null});
    box.innerHTML = `<div class="title">x: what goes in</div><div class="paper"><canvas></canvas><i class="guide"></i>
      <i class="window"></i><i class="brush" hidden></i><span class="hint">Draw here</span></div>`;
    [this.canvas, this.guide, this.window, this.brush, this.hint] = box.querySelector(".paper").children;
    this.undo = button("Undo", "Take the last stroke back (Control Z)", () => this.change(() => this.sketch.undo()));
    this.clear = button("Clear", "An empty picture (Delete); Undo brings it back", () => this.change(() => this.sketch.clear()));
    this.centre = button("Centre", "The model sees the drawing with its centre of mass in the middle, like the data it "
      + "learned from; the dashed frame is what it sees", () => this.change(() => (drawings.centred = !drawings.centred)));
    this.row = make("div", "buttons");
    this.row.append(this.undo, this.clear, this.centre);
    box.append(this.row);
    this.listen();
  }

  // The map and the model come one after the other: once both are there, the frame is worked out again.
  load() {
    this.stage.scene.stale = true;
    this.stage.frame();
  }

  // `options`: x (base64 of grey levels) or point (two numbers), draw, pad {stroke, mass, fill}. Another x than ours is put
  // on the pad; one made before Python heard of the last stroke is late, and left.
  update({options, seen, overlay}) {
    const {model} = this.stage.scene, {x = null, point, draw, pad = {}} = options;
    if (!model || seen < this.stage.count || this.hand !== null) return;
    if (Boolean(point) !== (model.shape.length === 1)) return;  // made for the model that comes next
    this.again(overlay.pick);
    this.row.hidden = this.guide.hidden = !draw;
    this.canvas.tabIndex = draw ? 0 : -1;
    this.canvas.setAttribute("role", draw ? "application" : "img");
    this.canvas.setAttribute("aria-label", `x: what goes in. ${draw ? HOW : ""}`);
    this.box.classList.toggle("fixed", !draw);
    if (point) return this.place(point);
    const levels = x === null ? null : Uint8Array.from(atob(x), (letter) => letter.charCodeAt(0));
    if (levels && levels.length !== model.shape.reduce((a, b) => a * b, 1)) return;  // made for the model that comes next
    const other = model.shape.join() !== this.shape;
    if (!other) this.dress(pad);
    if (!other && x === this.given) return;
    this.given = x;
    if (!other && (x === null ? this.sketch?.empty : x === this.sent)) return;  // ours: it keeps its strokes, and Undo
    this.begin(model.shape, pad, x, levels);
  }

  // The dot of the very picture that is in was clicked: its q, not only its code.
  again(index) {
    const {pick, scene} = this.stage;
    if (!scene.x || pick === null || pick !== index || scene.from === "q") return;
    scene.setX(scene.x);
    this.stage.frame();
  }

  begin(shape, pad, x, levels) {
    clearTimeout(this.timer);
    this.shape = shape.join();
    this.sketch = new Sketch(shape, pad.stroke ?? STROKE, pad.mass ?? null);
    this.dress(pad);
    const known = drawings.known.get(x), {latest} = drawings;
    if (known) Object.assign(this.sketch, structuredClone(known));
    else this.sketch.base = levels && Float32Array.from(levels, (level) => level / 255);
    this.sketch.redraw();
    this.sent = known ? x : null;
    this.box.style.setProperty("--brush", `${(200 * this.sketch.radius) / shape[2]}%`);
    this.at = [shape[2] / 2, shape[1] / 2];
    const carried = x === null && latest && !latest.ground && latest.strokes.length && latest !== this.sketch;
    if (carried) this.sketch.follow(latest);  // drawn for pictures of another size
    this.show();
    if (known) drawings.latest = this.sketch;
    // Another size, or another rule of the middle: Python is told once the stage has the new map too.
    if (carried || (known && this.code() !== x)) this.timer = setTimeout(() => this.tell());
  }

  // The frame and the rule of the middle are those of the model's data, also when a drawing stays for another model.
  dress({mass = null, fill = 0}) {
    if (mass !== this.sketch.mass) this.settle();
    this.sketch.mass = mass;
    this.guide.style.inset = fill > 0 && fill < 1 ? `${50 - 50 * fill}%` : "-10%";
    this.centre.hidden = mass === null;
  }

  // A model of points: the place alone, which cannot be drawn over.
  place(point) {
    if (String(point) === String(this.given)) return;
    clearTimeout(this.timer);
    this.given = point;
    [this.shape, this.sketch] = ["", null];
    this.window.hidden = this.hint.hidden = true;
    this.stage.scene.setX(Float32Array.from(point));
    this.stage.frame();
  }

  // -- what a hand does --------------------------------------------------------------------------------------------------
  listen() {
    const {canvas} = this, lift = (event) => event.pointerId === this.hand && this.lift();
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button || this.hand !== null || !this.drawable) return;
      canvas.setPointerCapture(event.pointerId);
      this.hand = event.pointerId;
      this.down();
      this.move(event);
    });
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

  get drawable() { return this.sketch && !this.row.hidden; }

  down() {
    clearTimeout(this.timer);
    this.sketch.begin();
  }

  // Every place that the hand went through since the last event, not only the last one.
  move(event) {
    if (!this.drawable) return;
    const {left, top, width, height} = this.canvas.getBoundingClientRect(), {sketch} = this;
    const place = ({clientX, clientY}) => [((clientX - left) / width) * sketch.width, ((clientY - top) / height) * sketch.height];
    this.point(place(event), event.pointerType !== "touch");
    if (event.pointerId !== this.hand) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const each of between.length ? between : [event]) sketch.to(...place(each));
    this.show();
  }

  lift() {
    this.hand = null;
    this.tell();
  }

  key(event) {
    if (!this.drawable || typeof this.hand === "number" || event.altKey) return;
    const step = STEPS[event.key], {sketch} = this;
    if ((event.ctrlKey || event.metaKey) && event.key === "z") this.undo.click();
    else if (event.ctrlKey || event.metaKey) return;
    else if (step) this.point(this.at.map((v, i) => Math.min([sketch.width, sketch.height][i], Math.max(0, v + step[i]))), true);
    else if (event.key === "Delete" || event.key === "Backspace") this.clear.click();
    else if (event.key === " " || event.key === "Enter") this.hand === "key" ? this.lift() : this.putDown();
    else return;
    if (step && this.hand === "key") {
      sketch.to(...this.at);
      this.show();
    }
    event.preventDefault();
  }

  putDown() {
    this.hand = "key";
    this.down();
    this.sketch.to(...this.at);
    this.show();
    this.point(this.at, true);
  }

  // Where the brush is.
  point([x, y], seen) {
    this.at = [x, y];
    this.brush.hidden = !seen;
    Object.assign(this.brush.style, {left: `${(100 * x) / this.sketch.width}%`, top: `${(100 * y) / this.sketch.height}%`});
    this.brush.classList.toggle("down", this.hand !== null);
  }

  // A button's act: nothing may be in the hand meanwhile.
  change(act) {
    if (this.hand !== null) this.lift();
    clearTimeout(this.timer);
    act();
    this.show();
    this.tell();
  }

  tell() {
    this.brush.classList.remove("down");
    this.sent = this.stage.drawn = this.code();
    this.remember();
    drawings.latest = this.sketch;
    this.timer = setTimeout(() => this.settle(), REST);
    this.stage.send("draw");
  }

  code() {
    return btoa(String.fromCharCode.apply(null, this.sketch.bytes()));
  }

  remember() {
    const {known} = drawings, {base, acts} = this.sketch;
    known.set(this.sent, structuredClone({base, acts}));
    while (known.size > 24) known.delete(known.keys().next().value);
  }

  settle() {
    if (!this.sketch.shift.some(Boolean) || this.hand !== null) return;
    const [right, down] = this.sketch.settle(), {width, height} = this.sketch;
    this.show();
    this.remember();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const from = `translate(${(-100 * right) / width}%, ${(-100 * down) / height}%)`;
    this.canvas.animate([{transform: from}, {transform: "none"}], {duration: GLIDE, easing: "ease-out"});
  }

  // -- what is seen ------------------------------------------------------------------------------------------------------
  show() {
    this.stage.scene.setX(this.sketch.compose(drawings.centred));
    this.stage.frame();
  }

  draw(scene) {
    const {sketch} = this;
    if (!sketch) return scene.x && show(this.canvas, scene.x, scene.model.shape);
    if (sketch.seen.length !== scene.x?.length) return;
    show(this.canvas, sketch.seen, scene.model.shape);
    const [right, down] = sketch.shift;
    this.window.hidden = !right && !down;
    this.window.style.transform = `translate(${(-100 * right) / sketch.width}%, ${(-100 * down) / sketch.height}%)`;
    this.hint.hidden = !sketch.empty || this.row.hidden;
    this.undo.disabled = !sketch.acts.length;
    this.clear.disabled = sketch.empty;
    press(this.centre, drawings.centred);
  }
}

PARTS.pad = Pad;
