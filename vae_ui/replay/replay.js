// One run's story: what came so far is kept here, so that a hand can drag back through it without asking the server.

import {unpack} from "../stage/bytes.js";
import {colours, drawBars, drawCurves, rowAt} from "./charts.js";
import {drawCloud, extentOf} from "./cloud.js";
import {drawStrip} from "./strip.js";

const STYLE = `/*STYLE*/`;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const memory = new Map();  // "run plane" -> Map of frames by index; outlives a remount
const EMPTY = new Float32Array(0);

const HTML = `<div class="body">
  <canvas class="curves" role="img"></canvas>
  <canvas class="cloud" role="img"></canvas>
  <div class="side"><canvas class="bars" role="img"></canvas><div class="chips" role="group" aria-label="Show one class"></div></div>
  <div class="time"><button type="button" class="play"></button><input type="range" min="0" max="1000" value="1000" aria-label="Time in the training"><output></output></div>
  <canvas class="strip" role="img"></canvas></div>`;

export class Replay {
  constructor(root) {
    root.innerHTML = HTML;
    root.append(Object.assign(document.createElement("style"), {textContent: STYLE}));
    this.root = root;
    for (const name of ["curves", "cloud", "bars", "chips", "play", "strip"]) this[name] = root.querySelector(`.${name}`);
    [this.range, this.output] = [root.querySelector("input"), root.querySelector("output")];
    [this.follow, this.only, this.playing, this.key] = [true, null, 0, ""];
    this.range.addEventListener("input", () => this.seek(this.first + (this.range.value / 1000) * (this.last - this.first)));
    this.play.addEventListener("click", () => (this.playing ? this.stop() : this.start()));
    this.scrubbing();
    new ResizeObserver(() => this.paint()).observe(root);
  }

  // The curves are a second handle on the same time.
  scrubbing() {
    const go = (event) => this.times.length && this.seek(this.chart.at(event.offsetX));
    this.curves.addEventListener("pointerdown", (event) => {
      this.curves.setPointerCapture(event.pointerId);
      go(event);
    });
    this.curves.addEventListener("pointermove", (event) => event.buttons && go(event));
  }

  update({data, setTriggerValue}) {
    this.ask = (want) => setTriggerValue("want", want);
    if (data !== this.data) this.take(unpack((this.data = data)));
    this.theme = colours(this.root, this.head.language);
    this.paint();
  }

  take({header, arrays, shapes}) {
    const key = `${header.run} ${header.plane}`;
    if (header.run !== this.head?.run) [this.follow, this.only] = [true, null];
    if (key !== this.key) this.stop();
    [this.head, this.key] = [header, key];
    this.curve = {train: arrays.train ?? EMPTY, val: arrays.val ?? EMPTY};
    [this.kl, this.dims] = [arrays.kl, shapes.kl?.[1] ?? header.dims];
    this.keep(key, arrays, shapes);
    this.times = header.frames.filter(([index]) => this.frames.has(index));
    this.extent = extentOf(this.times.map(([index]) => this.frames.get(index)));
    const missing = header.frames.filter(([index]) => !this.frames.has(index)).map(([index]) => index);
    this.complain(missing);
    this.listClasses();
    const before = this.now;
    if (this.follow) this.now = this.last;
    this.now = Math.min(Math.max(this.now ?? 0, this.first), this.last);
    if (this.follow && before < this.now && this.now - before < 5) this.glide(before, this.now);
    Object.assign(this.root.dataset, {run: header.run, state: header.state, frames: this.times.length, points: this.curve.train.length / 4});
  }

  keep(key, arrays, shapes) {
    if (!memory.has(key)) memory.set(key, new Map());
    this.frames = memory.get(key);
    memory.delete(key);
    memory.set(key, this.frames);
    while (memory.size > 4) memory.delete(memory.keys().next().value);
    if (!arrays.index) return;
    const count = arrays.index.length, [p, r] = [arrays.points.length / count, arrays.pictures.length / count];
    arrays.index.forEach((index, i) => this.frames.set(index, {points: arrays.points.slice(i * p, (i + 1) * p), pictures: arrays.pictures.slice(i * r, (i + 1) * r)}));
    [this.frames.labels, this.frames.originals, this.frames.shape] = [arrays.labels, arrays.originals, shapes.originals];
  }

  // Frames that never came (a browser shows only the last of several messages) are asked for, each time once.
  complain(missing) {
    clearTimeout(this.asking);
    if (missing.length) this.asking = setTimeout(() => this.ask(missing.slice(0, 400)), this.head.live ? 1500 : 50);
  }

  get first() { return this.times[0]?.[3] ?? 0; }
  get last() { return this.times.at(-1)?.[3] ?? 0; }

  seek(now) {
    this.stop();
    this.now = Math.min(Math.max(now, this.first), this.last);
    this.follow = this.now >= this.last - 1e-6;
    this.paint();
  }

  start() {
    if (this.times.length < 2) return;
    const from = this.now >= this.last - 1e-6 ? this.first : this.now, began = performance.now(), span = this.last - this.first;
    const length = Math.min(9000, 160 * this.times.length + 800);
    const frame = (time) => {
      this.now = Math.min(this.last, from + ((time - began) / length) * span);
      this.follow = this.now >= this.last - 1e-6;
      this.playing = this.follow ? 0 : requestAnimationFrame(frame);
      this.paint();
    };
    this.playing = requestAnimationFrame(frame);
    this.paint();
  }

  stop() {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
  }

  // A live frame arrives: move there in under 200 ms.
  glide(from, to) {
    if (calm.matches || this.playing || document.hidden) return;
    const began = performance.now();
    const frame = (time) => {
      const share = Math.min(1, (time - began) / 180);
      this.now = from + (to - from) * share;
      this.playing = share < 1 ? requestAnimationFrame(frame) : 0;
      this.paint();
    };
    this.now = from;
    this.playing = requestAnimationFrame(frame);
  }

  // Between two snapshots the points go straight from one place to the other.
  points() {
    const i = this.at(), a = this.frames.get(this.times[i]?.[0]), b = this.frames.get(this.times[i + 1]?.[0]);
    if (!a || !b || calm.matches) return a?.points;
    const share = (this.now - this.times[i][3]) / (this.times[i + 1][3] - this.times[i][3] || 1);
    return share <= 0 ? a.points : a.points.map((v, k) => v + share * (b.points[k] - v));
  }

  at() {
    let i = 0;
    while (i + 1 < this.times.length && this.times[i + 1][3] <= this.now + 1e-6) i += 1;
    return i;
  }

  listClasses() {
    const {names, colours: paint} = this.head, key = names.join();
    if (this.listed === key || names.length > 12) return;
    this.listed = key;
    this.chips.replaceChildren(...names.map((name, k) => {
      const chip = Object.assign(document.createElement("button"), {type: "button", textContent: name});
      chip.style.setProperty("--dot", paint[k % paint.length]);
      chip.setAttribute("aria-pressed", "false");
      chip.addEventListener("click", () => {
        this.only = this.only === k ? null : k;
        this.paint();
      });
      return chip;
    }));
  }

  paint() {
    if (!this.theme || !this.root.clientWidth) return;
    const {head, times, theme} = this, moment = times[this.at()], frame = this.frames.get(moment?.[0]);
    this.chart = drawCurves(this.curves, this.curve, this.now, theme, head.has_rate);
    const state = {...head, extent: this.extent, labels: this.frames.labels, only: this.only};
    drawCloud(this.cloud, this.points(), state, theme);
    this.bars.hidden = !head.has_rate;
    if (head.has_rate) this.paintBars();
    drawStrip(this.strip, frame?.pictures, this.frames.originals, this.frames.shape, theme);
    [...this.chips.children].forEach((chip, k) => chip.setAttribute("aria-pressed", String(this.only === k)));
    this.tell(moment);
  }

  paintBars() {
    const row = rowAt(this.curve.val, this.now) / 4, there = this.kl && row >= 0 && this.curve.val[4 * row] <= this.now + 0.3;
    const top = Math.max(1, ...(this.kl ?? [1]).filter(Number.isFinite));
    drawBars(this.bars, there ? this.kl.subarray(row * this.dims, (row + 1) * this.dims) : null, this.dims, top, this.theme);
  }

  tell(moment) {
    const live = this.head.live && this.follow && !this.playing, many = this.times.length > 1;
    this.range.disabled = this.play.disabled = !many;
    if (many) this.range.value = (1000 * (this.now - this.first)) / (this.last - this.first || 1);
    this.play.textContent = this.playing && !live ? "\u275a\u275a Pause" : live ? "\u25cf Live" : "\u25b6 Replay";
    this.output.textContent = moment ? `step ${moment[1].toLocaleString("en")} \u00b7 ${moment[3].toFixed(1)} s` : "";
    this.root.dataset.at = moment?.[0] ?? "";
    this.curves.setAttribute("aria-label", `Curves of distortion, rate and loss in nats per image over ${this.last.toFixed(0)} seconds of training`);
    this.cloud.setAttribute("aria-label", moment ? `Where ${this.points().length / 2} held-out images lie in the latent space at step ${moment[1]}` : this.head.invitation || "No run yet");
    this.bars.setAttribute("aria-label", "Nats that each latent dimension carries");
    this.strip.setAttribute("aria-label", "Reconstructions above their originals");
  }
}

const replays = new WeakMap();

function mount(component) {
  const {parentElement} = component;
  if (!replays.has(parentElement)) replays.set(parentElement, new Replay(parentElement.querySelector(".replay")));
  replays.get(parentElement).update(component);
}

export default function () {
  const waiting = (globalThis[Symbol.for("latent-replay")] ??= {queue: []});
  waiting.mount = mount;
  waiting.queue.splice(0).forEach(mount);
}
