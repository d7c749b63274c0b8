// The path from A to B, to be walked: a slider that the picture follows under the hand, and a button that plays it.

import {PARTS} from "./side.js";
import {show} from "./picture.js";

const WALK = 3500;  // milliseconds from A to B

// The code at `t` in [0, 1], as latent.interpolate has it: straight, or along the great circle (Shoemake 1985).
export function onTheWay(a, b, t, kind, code) {
  const long = Math.hypot(...a), far = Math.hypot(...b), both = long * far;
  const cosine = both ? a.reduce((sum, v, i) => sum + v * b[i], 0) / both : 1;
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine))), sine = Math.sin(angle);
  const straight = kind !== "spherical" || Math.min(long, far) < 1e-6 || sine < 1e-4;
  const length = (1 - t) * long + t * far;
  const p = straight ? 1 - t : (Math.sin((1 - t) * angle) / sine) * (length / long);
  const q = straight ? t : (Math.sin(t * angle) / sine) * (length / far);
  for (let i = 0; i < a.length; i++) code[i] = p * a[i] + q * b[i];
  return code;
}

// Bytes in base64 for a picture, plain numbers for a point.
const readEnd = (end) => (typeof end === "string" ? Float32Array.from(atob(end), (c) => c.charCodeAt(0) / 255)
  : Float32Array.from(end));

class Path {
  constructor(stage, box) {
    Object.assign(this, {stage, box, told: null, text: "", model: null, t: 0.5, held: false, moved: false, last: null, leg: 0});
    box.innerHTML = `<div class="mixed"><div class="title">Pixels mixed</div><canvas role="img"></canvas>
      <div class="words"></div></div><div class="walk"><button type="button"></button><label><span>A</span>
      <input type="range" min="0" max="1" step="0.01" aria-label="Place on the way, A to B"><span>B</span></label></div>`;
    [this.canvas, this.words, this.button, this.slider] = ["canvas", ".words", "button", "input"]
      .map((name) => box.querySelector(name));
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.calm.addEventListener("change", () => this.calm.matches && this.stop());
    this.button.addEventListener("click", () => (this.last === null ? this.play() : this.tell()));
    this.slider.addEventListener("input", () => this.slide());
    // A key that is held changes the slider over and over: Python hears of it when the key comes up.
    this.slider.addEventListener("keydown", () => (this.held = true));
    for (const name of ["keyup", "blur"]) this.slider.addEventListener(name, () => this.release());
    this.slider.addEventListener("change", () => this.held || this.tell());
    this.stop();
  }

  // Python's place counts when the part is new; from then on the hand's does, so that a late answer moves nothing back.
  update({options, model}) {
    const told = options.path ?? null, text = JSON.stringify(told);
    if (!told) return;
    if (model !== this.model) [this.model, this.t] = [model, told.t];
    if (text !== this.text) this.adopt(told);
    this.text = text;
    this.mark();
    this.walk(this.t);
  }

  // `own`: no Python is there to set the ends: a click on the map sets A, the next one B.
  acted(act) {
    const {told, stage: {scene}} = this;
    if (!told?.own || !["click", "drag", "key"].includes(act)) return;
    const end = (this.next = 1 - (this.next ?? 1));
    told["ab"[end]] = [...scene.z];
    this.ends[end] = scene.model.decode(scene.z, scene.label).slice();
    this.mark();
    this.walk(this.t);
  }

  // The path on the map, where Python has not worked it out.
  mark() {
    const {stage, told: {a, b, kind, own}, code} = this, {flat} = stage;
    if (!own || !flat) return;
    const path = Array.from({length: 9}, (_, i) => flat.place(onTheWay(a, b, i / 8, kind, code)));
    stage.overlay = {...stage.overlay, a: flat.place(a), b: flat.place(b), path};
  }

  adopt(told) {
    this.told = told;
    this.code = new Float32Array(told.a.length);
    this.ends = told.ends.map(readEnd);
    this.mixed = new Float32Array(this.ends[0].length);
  }

  walk(t) {
    const {stage, told, code} = this;
    this.t = t;
    stage.scene.setZ(onTheWay(told.a, told.b, t, told.kind, code));
    stage.frame();
  }

  slide() {
    this.stop();
    this.moved = true;
    this.walk(Number(this.slider.value));
  }

  release() {
    if (this.held && this.moved) this.tell();
    this.held = false;
  }

  tell() {
    this.stop();
    this.moved = false;
    this.stage.send("slide");
  }

  // There and back, until it is stopped: `leg` counts the way in units of A to B.
  play() {
    [this.leg, this.last] = [this.t, performance.now()];
    this.refresh();
    requestAnimationFrame((now) => this.step(now));
  }

  step(now) {
    if (this.last === null) return;
    if (!this.box.isConnected || this.box.hidden) return this.stop();
    this.leg = (this.leg + Math.max(0, Math.min(100, now - this.last)) / WALK) % 2;  // a hidden tab does not jump ahead
    this.last = now;
    this.walk(this.leg > 1 ? 2 - this.leg : this.leg);
    requestAnimationFrame((next) => this.step(next));
  }

  stop() {
    this.last = null;
    this.refresh();
  }

  refresh() {
    const playing = this.last !== null;
    this.button.hidden = this.calm.matches;
    this.button.textContent = playing ? "Pause" : "Play";
    this.button.title = playing ? "Stop here" : "Walk from A to B and back";
  }

  draw({model}) {
    if (!this.told || !model) return;
    const {ends: [a, b], mixed, t} = this;
    for (let i = 0; i < mixed.length; i++) mixed[i] = (1 - t) * a[i] + t * b[i];
    show(this.canvas, mixed, model.shape);
    const share = `${Math.round(100 * t)} % of the way`;
    if (this.words.textContent === share) return;
    this.words.textContent = share;
    this.slider.value = t;
    this.slider.setAttribute("aria-valuetext", share);
    this.canvas.setAttribute("aria-label", `The pixels of A and B mixed, ${share}`);
  }
}

PARTS.path = Path;
