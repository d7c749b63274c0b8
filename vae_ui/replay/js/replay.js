// The replay: a run's curves, latent cloud and reconstructions, as they come and dragged back through.

import {button, canvasOf, make, press} from "../../stage/js/host/elements.js";
import {unpack} from "../../stage/js/blocks/payload.js";
import {readTheme} from "../../stage/js/host/theme.js";
import {inThousands, t, useWords} from "../../stage/js/host/words.js";
import {LiveRuns} from "./live_runs.js";
import {FrameStore, storeOf} from "./frame_store.js";
import {drawCloud, extentOf} from "./latent_cloud.js";
import {drawReconstructions} from "./reconstructions.js";
import style from "./replay.css" with {type: "text"};
import {SharedTime} from "./messages.js";
import {drawBars, drawCurves, rowAt} from "./training_curves.js";

/** @import {Shape, Theme} from "../../stage/js/types.d.ts" */
/** @import {Head, Moment} from "./types.d.ts" */
/** @import {Arrays} from "./frame_store.js" */
/** @import {ReplayComponent} from "./main.js" */
/** @import {Curves} from "./training_curves.js" */

const EMPTY = new Float32Array(0);
const SOON = 1e-6;  // seconds within which two times are the same
const GLIDE = 180;  // ms in which a frame that has come is moved to
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Replay {
  /** @type {Head | null} */ head = null;
  /** Run and plane. */ key = "";
  store = new FrameStore();
  /** The moments whose frames are here. @type {Moment[]} */ times = [];
  /** @type {Curves} */ curve = {train: EMPTY, val: EMPTY};
  /** (epochs, dims) in nats. @type {Float32Array | null} */ kl = null;
  dims = 0;
  extent = 4;
  /** What is shown, in seconds of training. */ now = 0;
  /** Stays at the newest moment. */ follow = true;
  /** The one class that is not dimmed. @type {number | null} */ only = null;
  /** The animation frame that plays; 0 while nothing plays. */ playing = 0;
  /** @type {Theme | null} */ theme = null;
  /** What time a pixel of the curves stands for. */ chart = {at: (/** @type {number} */ _px) => 0};
  shared = new SharedTime();
  live = new LiveRuns(this);
  /** Asks Python for frames by index. */ ask = (/** @type {number[]} */ _wanted) => {};
  #asking = 0;
  #listed = "";
  /** @type {Uint8Array | null} */ #data = null;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.curves = canvasOf("curves", {role: "img"});
    this.cloud = canvasOf("cloud", {role: "img"});
    this.bars = canvasOf("bars", {role: "img"});
    this.strip = canvasOf("strip", {role: "img"});
    this.said = make("div", "said", {role: "group"});
    this.chips = make("div", "chips", {role: "group"});
    this.play = button("", "", () => (this.playing ? this.settle() : this.start()));
    this.play.className = "play";
    this.range = /** @type {HTMLInputElement} */ (make("input", "", {type: "range", min: 0, max: 1000, value: 1000}));
    this.output = make("output", "");
    const body = make("div", "body"), side = make("div", "side"), time = make("div", "time"), sheet = make("style", "");
    sheet.textContent = style;
    side.append(this.bars, this.chips);
    time.append(this.play, this.range, this.output);
    body.append(this.curves, this.cloud, side, time, this.strip, this.said);
    root.replaceChildren(body, sheet);
    this.#listen();
    new ResizeObserver(() => this.paint()).observe(root);
  }

  /** The curves are a second handle on the same time. */
  #listen() {
    const {range, curves} = this;
    const go = (/** @type {PointerEvent} */ event) => this.times.length && this.seek(this.chart.at(event.offsetX));
    range.addEventListener("input", () => this.seek(this.first + (Number(range.value) / 1000) * (this.last - this.first)));
    curves.addEventListener("pointerdown", (event) => {
      curves.setPointerCapture(event.pointerId);
      go(event);
    });
    curves.addEventListener("pointermove", (event) => event.buttons && go(event));
    for (const name of ["change", "pointerup", "blur"]) range.addEventListener(name, () => this.shared.held && this.settle());
    curves.addEventListener("pointerup", () => this.shared.held && this.settle());
  }

  // -- what a tick brings ----------------------------------------------------------------------------------------------
  /** @param {Pick<ReplayComponent, "data" | "setStateValue" | "setTriggerValue">} component */
  update({data, setStateValue, setTriggerValue}) {
    this.ask = (wanted) => setTriggerValue("want", wanted);
    this.live.again = (held) => setTriggerValue("again", held);
    this.shared.setState = setStateValue;
    if (data !== this.#data) this.take(unpack(data));
    this.#data = data;
    this.theme = readTheme(this.root, this.head?.language ?? {});
    this.paint();
    if (this.head) this.live.follow(this.head);
  }

  /** What came on the websocket: all that changes of the run in view. @param {{header: Partial<Head>, arrays: Arrays, shapes: {[name: string]: Shape}}} block */
  hear({header, arrays, shapes}) {
    if (!this.head) return;
    this.take({header: {...this.head, ...header}, arrays, shapes});
    this.paint();
  }

  /** @param {{header: Head, arrays: Arrays, shapes: {[name: string]: Shape}}} block */
  take({header, arrays, shapes}) {
    const key = `${header.run} ${header.plane}`, before = this.now;
    useWords(header.words);
    this.chips.setAttribute("aria-label", t("Show one class"));
    this.range.setAttribute("aria-label", t("Time in the training"));
    if (header.run !== this.head?.run) [this.follow, this.only, this.shared.asked] = [true, null, null];
    if (key !== this.key) this.stop();
    if (!this.playing && this.shared.obeys(header, this.head, this.now)) this.follow = header.at === null;
    this.head = header;
    this.key = key;
    this.store = storeOf(key);
    this.store.add(arrays, shapes, header);
    this.#takeCurves(header, arrays, shapes);
    this.#takeTimes(header);
    this.#listClasses(header);
    this.#moveOn(before);
    const {run, state} = header, {times, curve} = this;
    Object.assign(this.root.dataset, {run, state, frames: times.length, points: curve.train.length / 4});
  }

  /** @param {Head} header @param {Arrays} arrays @param {{[name: string]: Shape}} shapes */
  #takeCurves({dims}, {train, val, kl}, shapes) {
    this.curve = {train: /** @type {Float32Array} */ (train ?? EMPTY), val: /** @type {Float32Array} */ (val ?? EMPTY)};
    this.kl = /** @type {Float32Array} */ (kl) ?? null;
    this.dims = shapes.kl?.[1] ?? dims;
  }

  /**
   * Frames that never came (a browser shows only the last of several messages) are asked for, each time once.
   *
   * @param {Head} header
   */
  #takeTimes({frames: moments, live}) {
    const {frames} = this.store, missing = moments.filter(([index]) => !frames.has(index)).map(([index]) => index);
    this.times = moments.filter(([index]) => frames.has(index));
    this.extent = extentOf(this.times.flatMap(([index]) => frames.get(index) ?? []));
    clearTimeout(this.#asking);
    if (missing.length) this.#asking = window.setTimeout(() => this.ask(missing.slice(0, 400)), live ? 1500 : 50);
  }

  /** The newest moment, as long as the person stays there. @param {number} before */
  #moveOn(before) {
    if (this.follow) this.now = this.last;
    this.now = Math.min(Math.max(this.shared.asked ?? this.now, this.first), this.last);
    if (this.follow && before < this.now && this.now - before < 5) this.#glide(before, this.now);
  }

  /** @param {Head} header */
  #listClasses({names, colours}) {
    const key = names.join();
    if (this.#listed === key || names.length > 12) return;
    this.#listed = key;
    this.chips.replaceChildren(...names.map((name, k) => {
      const chip = button(name, "", () => this.#choose(k));
      chip.removeAttribute("title");
      chip.style.setProperty("--dot", colours[k % colours.length]);
      press(chip, false);
      return chip;
    }));
  }

  /** @param {number} k */
  #choose(k) {
    this.only = this.only === k ? null : k;
    this.paint();
  }

  // -- time --------------------------------------------------------------------------------------------------------------
  get first() { return this.times[0]?.[3] ?? 0; }
  /** The newest frame that is here, -1 for none. */ get held() { return this.times.at(-1)?.[0] ?? -1; }
  get last() { return this.times.at(-1)?.[3] ?? 0; }

  /** A hand lets go of the time, or the replay has come to its end: Python hears of it. */
  settle() {
    this.stop();
    this.shared.tell(this.follow ? null : this.now);
    this.paint();
  }

  /** @param {number} now */
  seek(now) {
    this.stop();
    this.shared.hold();
    this.now = Math.min(Math.max(now, this.first), this.last);
    this.follow = this.now >= this.last - SOON;
    this.paint();
  }

  start() {
    if (this.times.length < 2) return;
    const from = this.now >= this.last - SOON ? this.first : this.now, span = this.last - this.first;
    this.shared.asked = null;
    this.#animate(Math.min(9000, 160 * this.times.length + 800), (share) => {
      this.now = Math.min(this.last, from + share * span);
      this.follow = this.now >= this.last - SOON;
      if (this.follow) this.settle();
      return !this.follow;
    });
    this.paint();
  }

  /** A live frame arrives: it is moved to in under 200 ms. @param {number} from @param {number} to */
  #glide(from, to) {
    if (calm.matches || this.playing || document.hidden) return;
    this.now = from;
    this.#animate(GLIDE, (share) => {
      this.now = from + (to - from) * Math.min(1, share);
      return share < 1;
    });
  }

  /**
   * Calls `step` in each frame with the share of `length` (ms) that is over, until it returns false.
   *
   * @param {number} length @param {(share: number) => boolean} step
   */
  #animate(length, step) {
    const began = performance.now();
    const frame = (/** @type {number} */ time) => {
      this.playing = step((time - began) / length) ? requestAnimationFrame(frame) : 0;
      this.paint();
    };
    this.playing = requestAnimationFrame(frame);
  }

  stop() {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
  }

  /** Which moment is shown. */
  at() {
    let i = 0;
    while (i + 1 < this.times.length && this.times[i + 1][3] <= this.now + SOON) i += 1;
    return i;
  }

  /** Between two snapshots the points go straight from one place to the other. */
  points() {
    const i = this.at(), {frames} = this.store, [here, next] = [this.times[i], this.times[i + 1]];
    const a = here && frames.get(here[0]), b = next && frames.get(next[0]);
    if (!a || !b || calm.matches) return a?.points;
    const share = (this.now - here[3]) / (next[3] - here[3] || 1);
    return share <= 0 ? a.points : a.points.map((v, k) => v + share * (b.points[k] - v));
  }

  // -- what is seen ------------------------------------------------------------------------------------------------------
  paint() {
    const {head, theme, store: {frames, shared}} = this;
    if (!head || !theme || !this.root.clientWidth) return;
    const moment = this.times[this.at()], frame = moment && frames.get(moment[0]), points = this.points();
    this.chart = drawCurves(this.curves, this.curve, this.now, theme, head.has_rate);
    drawCloud(this.cloud, points, {...head, extent: this.extent, labels: shared.labels, only: this.only,
      arrows: head.arrows?.step === moment?.[1] ? head.arrows : null}, theme);
    this.bars.hidden = !head.has_rate;
    if (head.has_rate) this.#paintBars(theme);
    drawReconstructions(this.strip, this.said, frame, shared, theme);
    [...this.chips.children].forEach((chip, k) => press(chip, this.only === k));
    this.#say(head, moment, points);
  }

  /** @param {Theme} theme */
  #paintBars(theme) {
    const {kl, dims, curve: {val}} = this, row = rowAt(val, this.now) / 4, there = kl && row >= 0 && val[4 * row] <= this.now + 0.3;
    const top = Math.max(1, ...(kl ?? [1]).filter(Number.isFinite));
    drawBars(this.bars, there ? kl.subarray(row * dims, (row + 1) * dims) : null, dims, top, theme);
  }

  /** @param {Head} head @param {Moment | undefined} moment @param {Float32Array | undefined} points */
  #say(head, moment, points) {
    const live = head.live && this.follow && !this.playing, many = this.times.length > 1;
    this.range.disabled = this.play.disabled = !many;
    if (many) this.range.value = String((1000 * (this.now - this.first)) / (this.last - this.first || 1));
    this.play.textContent = live ? "\u25cf " + t("Live") : this.playing ? "\u275a\u275a " + t("Stop the replay") : "\u25b6 " + t("Replay");
    const [index, step, , seconds] = moment ?? ["", 0, 0, 0];
    this.output.textContent = moment ? t("step {step} \u00b7 {seconds} s", {step: inThousands(step), seconds: seconds.toFixed(1)}) : "";
    this.root.dataset.at = String(index);
    this.#describe(head, step, moment && points ? points.length / 2 : null);
  }

  /**
   * The figures' text alternatives.
   *
   * @param {Head} head @param {number} step @param {number | null} count of the images in the cloud
   */
  #describe({invitation}, step, count) {
    const nothing = invitation || t("No run yet"), last = this.last.toFixed(0);
    const curves = t("Curves of distortion, rate and loss in nats per image over {seconds} seconds of training", {seconds: last});
    const cloud = count === null ? nothing : t("Where {n} held-out images lie in the latent space at step {step}", {n: count, step});
    this.curves.setAttribute("aria-label", curves);
    this.cloud.setAttribute("aria-label", cloud);
    this.bars.setAttribute("aria-label", t("Nats that each latent dimension carries"));
    for (const part of [this.strip, this.said]) part.setAttribute("aria-label", t("Reconstructions above their originals"));
  }
}
