// The stage: what is on it, what a person can do with it, and when Python hears of it.

import {readTheme} from "./draw.js";
import {View} from "./view.js";
import {centres, inside, nearest} from "./pick.js";
import {Layers} from "./layers.js";
import {Panel} from "./panel.js";
import {listen} from "./events.js";
import {modelOf, whenHere} from "./registry.js";
import {Flat} from "./flat.js";
import {Scene} from "./scene.js";
import {arrange} from "./side.js";
import {Talk} from "./talk.js";

const STYLE = `/*STYLE*/`;
const REACH = 12;  // pixels around the pointer in which a point is meant
const SWITCHES = ["points", "lattice", "contours", "labels", "cloud"];
const HELP = "Arrow keys move z, with Shift ten times as far. Plus and minus zoom, 0 shows everything, Enter picks the nearest "
  + "point, Escape clears the selection.";

export class Stage {
  constructor(root) {
    Object.assign(this, {root, block: null, hash: "", count: 0, tool: "move", selected: [], tone: null, outline: null});
    Object.assign(this, {z: null, pick: null, hover: -1, given: {}, on: {}, shown: [], times: {frames: []}});
    Object.assign(this, {scene: new Scene(), flat: null, model: "", parts: [], made: {}, drawn: null, talk: new Talk(this)});
    root.innerHTML = `<style>${STYLE}</style><div class="grid"><div class="map"><div class="plane"></div></div></div>`;
    this.grid = root.lastElementChild;
    this.box = this.grid.firstElementChild;
    this.plane = this.box.firstElementChild;
    this.layers = new Layers(this.plane, this);
    this.front = this.layers.front;
    this.panel = new Panel(this.box, this.plane, this);
    listen(this.front, this);
    new ResizeObserver(() => this.layers.resize()).observe(this.plane);
    root.stage = this;
  }

  // Called at every change of the overlay, of the model or of the theme.
  update({data, setStateValue}) {
    this.setState = setStateValue;
    this.wanted = data;
    this.plane.style.setProperty("--height", `${data.height}px`);
    this.grid.dataset.layout = data.layout;
    this.theme = readTheme(this.root, data.language);
    for (const [name, colour] of Object.entries(this.theme.paint)) this.grid.style.setProperty(`--${name}`, colour);
    this.box.hidden = !data.hash;
    this.parts = arrange(this, this.grid, this.made, data.parts);
    const news = [["model", this.loadModel], ["hash", this.load]].filter(([name]) => data[name] !== this[name]);
    for (const [name] of news) this[name] = data[name];  // both, before a part that loads tells Python of them
    for (const [name, load] of news) {
      this.talk.forget();
      if (data[name]) whenHere(data[name], (block) => this[name] === data[name] && load.call(this, block), () => this.talk.missing());
    }
    if (!data.hash || this.block?.header.hash === data.hash) this.adopt(data);
    this.talk.hear(data.answer);
  }

  loadModel(block) {
    this.scene.load(block.model ??= modelOf(block));
    if (this.panel.chips) this.panel.rebuild();
    for (const part of this.parts) part.load?.();
    this.adopt(this.wanted);
  }

  load(block) {
    this.block = block;
    const {points, classes} = block.arrays, {colours, names, bounds} = block.header;
    Object.assign(this, {points, classes, colours, pick: null, hover: -1, selected: [], tone: null, given: {}});
    this.shown = names.length ? names.map(() => 1) : [1];
    this.centres = centres(points, classes, this.shown.length);
    this.flat = new Flat(block);
    this.view = new View(bounds);
    for (const name of Object.keys(block.later)) block.later[name].then(() => this.block === block && (this.redraw(), this.paint()));
    this.front.setAttribute("aria-label", `${block.header.title}: ${classes.length} points. ${HELP}`);
    this.panel.chips = null;  // the old map's buttons are no longer true: `rebuild` makes the new ones
    this.adopt(this.wanted);
    this.panel.rebuild();
    this.layers.resize();
    for (const part of this.parts) part.load?.();
  }

  // What Python sets wins when it changes; else the person's own switch, filter, z stays. An overlay made before Python
  // heard of the last act (`seen`), or while a hand is at work (`touched`), is late: its z would jump back.
  adopt(data) {
    const {overlay, seen} = data, news = (name) => JSON.stringify(overlay[name]) !== JSON.stringify(this.given[name]);
    for (const name of SWITCHES) if (news(name)) this.on[name] = overlay[name];
    if (news("visible")) this.shown = this.shown.map((_, k) => Number(!overlay.visible || overlay.visible.includes(k)));
    if (seen >= this.count && !this.touched) {
      if (news("z")) this.z = overlay.z;
      if (news("pick")) this.pick = overlay.pick;
      if (overlay.code && news("code")) this.scene.setZ(overlay.code);
      if (news("label")) this.scene.setLabel(overlay.label);
      this.given = overlay;
      this.count = seen;
    } else this.given = {...overlay, ...Object.fromEntries(["z", "pick", "code", "label"].map((k) => [k, this.given[k]]))};
    this.overlay = overlay;
    for (const part of this.parts) part.update?.(data);
    if (this.panel.chips) this.panel.refresh();
    this.paint();
  }

  paint(all = true) {
    this.layers.later(all);
  }

  // One frame: the model's numbers first, then all that shows them. Called by the layers, which keep the clock.
  frame() {
    this.paint(false);
  }

  compute() {
    const {scene} = this;
    if (!scene.compute()) return;
    if (this.flat && scene.z) this.z = this.flat.place(scene.z);
    this.redraw();
    this.talk.inquire();
  }

  redraw() {
    for (const part of this.parts) part.draw?.(this.scene);
  }

  // -- what a person can do ------------------------------------------------------------------------------------------
  find(px, py) {
    if (!this.on.points || !this.view.inside(px, py)) return -1;
    const {view} = this;
    return nearest(this.points, this.classes, this.shown, view.dx(px), view.dy(py), REACH / view.scale);
  }

  hoverAt(px, py) {
    const began = performance.now(), found = px === null ? -1 : this.find(px, py);
    this.times.hover = performance.now() - began;
    if (found === this.hover) return;
    this.hover = found;
    this.paint(false);
  }

  overZ(px, py) {
    return Boolean(this.z) && Math.hypot(px - this.view.sx(this.z[0]), py - this.view.sy(this.z[1])) < 16;
  }

  panBy(px, py) {
    this.view.pan(px, py);
    this.hover = -1;
    this.paint();
  }

  zoomBy(px, py, factor) {
    const changed = this.view.zoomAt(px, py, factor);
    if (changed) this.paint();
    return changed;
  }

  zoomButton(text) {
    if (text === "Reset") this.reset();
    else this.zoomBy(this.view.width / 2, this.view.height / 2, text === "+" ? 1.5 : 1 / 1.5);
  }

  reset() {
    this.view.fit();
    this.paint();
  }

  moveZ(x, y) {
    [this.z, this.pick, this.peek, this.touched] = [[x, y], null, null, true];
    this.scene.setPeek(null);
    this.scene.setZ(this.flat.code(this.z));
    if (!this.scene.model) this.panel.refresh();  // where z is said
    this.paint(false);
  }

  // A code chosen beside the map, by a slider: no dot's any more.
  setCode(z) {
    [this.pick, this.peek, this.touched] = [null, null, true];
    this.scene.setPeek(null);
    this.scene.setZ(z);
    this.frame();
  }

  // The pointer passes over the map: the decoder draws what is under it, and the chosen z stays.
  peekAt(px, py) {
    const inside = px !== null && this.tool === "move" && this.scene.model && this.view.inside(px, py);
    this.peek = inside ? [this.view.dx(px), this.view.dy(py)] : null;
    this.scene.setPeek(inside ? this.flat.code(this.peek) : null);
    this.frame();
  }

  // A step is eight pixels at the first view's scale; the map follows z out of the picture.
  step(right, up, far) {
    const by = ((far ? 80 : 8) / this.view.scale), [x, y] = this.z ?? [this.view.cx, this.view.cy];
    this.moveZ(x + right * by, y + up * by);
    this.view.follow(...this.z);
    this.paint();
    return true;
  }

  pickAtZ() {
    if (this.z) this.pickNear(this.view.sx(this.z[0]), this.view.sy(this.z[1]));
  }

  pickNear(px, py) {
    const found = this.find(px, py);
    this.pick = found < 0 ? null : found;
    if (found >= 0) this.scene.setZ(this.flat.dot(found));
    this.paint(false);
    this.send("click");
  }

  // A second click at once shows everything again, and takes the first one back.
  click(px, py, time) {
    if (time - this.clicked?.time < 350 && Math.hypot(px - this.clicked.px, py - this.clicked.py) < 8) {
      [this.z, this.pick] = this.clicked.before;
      if (this.z) this.scene.setZ(this.clicked.code);
      this.clicked = null;
      this.send("click");
      return this.reset();
    }
    this.clicked = {time, px, py, before: [this.z, this.pick], code: this.scene.z};
    if (!this.view.inside(px, py)) return;
    this.moveZ(this.view.dx(px), this.view.dy(py));
    this.pickNear(px, py);
  }

  choose(tool) {
    this.tool = tool;
    this.front.dataset.tool = tool;
    this.panel.refresh();
  }

  trace(outline) {
    [this.outline, this.hover] = [outline, -1];
    this.paint(false);
  }

  select() {
    const {view} = this, polygon = this.outline.map((v, i) => (i % 2 ? view.dy(v) : view.dx(v)));
    this.outline = null;
    this.setSelection(inside(this.points, this.classes, this.shown, polygon));
    this.send("select");
  }

  setSelection(indices) {
    this.selected = indices;
    this.tone = indices.length ? new Uint8Array(this.classes.length) : null;
    for (const i of indices) this.tone[i] = 1;
    this.panel.refresh();
    this.redraw();
    this.paint();
  }

  clear() {
    const had = this.selected.length;
    this.trace(null);
    this.setSelection([]);
    if (had) this.send("clear");
  }

  // Class `k` on or off; with Shift only `k`; null for all.
  toggle(k, only) {
    this.shown = this.shown.map((on, i) => Number(k === null || (only ? i === k : i === k ? !on : on)));
    this.panel.refresh();
    this.paint();
  }

  flip(name) {
    this.on[name] = !this.on[name];
    if (this.panel.chips) this.panel.refresh();
    this.paint();
  }

  switchNames() {
    const {header, later} = this.block;
    const there = {points: true, lattice: later.lattice, contours: header.prior, labels: header.names.length > 1,
      cloud: this.scene.model && !this.scene.model.sure && header.plane};
    return SWITCHES.filter((name) => there[name]);
  }

  // Where z is; a model's own picture says it better.
  readout() {
    if (this.scene.model) return "";
    const text = (v) => v.toFixed(2).replace("-", "\u2212"), at = this.peek ?? this.z;
    return at ? `z = (${at.map(text).join(", ")})` : "Click the map to choose a z.";
  }

  send(act) {
    this.touched = false;
    this.talk.send(act);
    if (this.panel.chips) this.panel.refresh();
  }
}
