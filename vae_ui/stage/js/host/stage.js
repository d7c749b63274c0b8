// The stage: a scene (the model and its numbers), the map, the parts beside it, and the messages to Python.
//
// The scene drives what is seen: a change of an input asks for a frame; in that frame the scene works its numbers out, and
// then the map and the parts show them.

import mapStyle from "../map/map.css" with {type: "text"};
import {LatentMap} from "../map/latent_map.js";
import {Scene} from "../model/scene.js";
import {PART_STYLES, arrange} from "../parts/parts.js";
import {modelOf, whenHere} from "../blocks/kept.js";
import {make} from "./elements.js";
import rowStyle from "./row_figure.css" with {type: "text"};
import {Frames} from "./frames.js";
import {Messages} from "./messages.js";
import {readTheme} from "./theme.js";

/** @import {Act, MapBlock, SetState, StageData, Theme, Vector} from "../types.d.ts" */
/** @import {Part} from "../parts/parts.js" */
/** @import {ModelBlock, StageComponent} from "../blocks/kept.js" */

const LAST = 600;  // frames whose times are kept

export class Stage {
  scene = new Scene();
  messages = new Messages(this);
  frames = new Frames((all) => this.draw(all));
  /** The hashes of the map's and the model's blocks, "" for none. */ hash = "";
  model = "";
  /** The hash of the model that is on the stage. */ loaded = "";
  /** The picture last drawn, as base64. @type {string | null} */ drawn = null;
  /** The parts made so far, by name. @type {{[name: string]: Part}} */ made = {};
  /** The parts that are shown. @type {Part[]} */ parts = [];
  /** What Python sent last. @type {StageData | null} */ wanted = null;
  /** The map's block while its deflated arrays wait for the first picture. @type {MapBlock | null} */ #packed = null;
  #hasDrawn = false;
  /** @type {Theme | null} */ theme = null;
  /** @type {SetState} */ setState = () => {};
  /** In ms, read by the benchmarks: the script of each frame, the last paint of the whole map and of its marks, and how long after
   * its block the map was first seen. @type {{frames: number[], paint?: number, marks?: number, first?: number}} */
  times = {frames: []};

  /** @param {HTMLElement & {stage?: Stage}} root */
  constructor(root) {
    const style = make("style", "");
    style.textContent = [mapStyle, rowStyle, ...PART_STYLES].join("\n");
    this.root = root;
    this.grid = make("div", "grid");
    this.box = make("div", "map");
    this.grid.append(this.box);
    root.replaceChildren(style, this.grid);
    this.map = new LatentMap(this.box, this.scene, {
      paint: (all) => this.frames.request(all),
      redraw: () => this.redraw(),
      send: (act) => this.send(act),
      hold: () => this.hold(),
      held: () => this.messages.held,
      missing: () => this.messages.missing(),
    });
    this.scene.onStale = () => this.frames.request();
    new ResizeObserver(() => this.#resize()).observe(this.map.plane);
    root.stage = this;
  }

  /**
   * Called at every change of the overlay, of the model or of the theme.
   *
   * @param {Pick<StageComponent, "data" | "setStateValue">} component
   */
  update({data, setStateValue}) {
    this.setState = setStateValue;
    this.wanted = data;
    this.#dress(data);
    this.parts = arrange(this, data.parts);
    this.#fetch(data);
    if (!data.hash || this.map.block?.header.hash === data.hash) this.adopt(data);
    this.messages.hear(data);
  }

  /** @param {StageData} data */
  #dress({height, layout, language, hash}) {
    this.theme = readTheme(this.root, language);
    for (const [name, colour] of Object.entries(this.theme.paint)) this.grid.style.setProperty(`--${name}`, colour);
    this.map.plane.style.setProperty("--height", `${height}px`);
    this.grid.dataset.layout = layout;
    this.box.hidden = !hash;
    this.map.small = layout === "diagram";
    if (this.map.small) this.map.tool = "place";
  }

  /** Another model or map is loaded as soon as its block is here. @param {StageData} data */
  #fetch({model, hash}) {
    const other = {model: model !== this.model, hash: hash !== this.hash};
    this.model = model;
    this.hash = hash;  // both, before a part that loads tells Python of them
    if (other.model && model) whenHere(model, (block) => this.model === model && this.#loadModel(block), () => this.messages.missing());
    if (other.hash && hash) whenHere(hash, (block) => this.hash === hash && this.#loadMap(block), () => this.messages.missing());
  }

  /** @param {ModelBlock} block */
  #loadModel(block) {
    this.scene.load(modelOf(block));
    this.loaded = block.header.hash;
    this.map.toolbar.rebuild();
    if (this.wanted) this.adopt(this.wanted);
  }

  /** @param {MapBlock} block */
  #loadMap(block) {
    this.map.load(block);
    this.#packed = block;
    this.scene.recompute();  // z has its place on the new map
    if (this.wanted) this.adopt(this.wanted);
    this.map.toolbar.build();
    this.#resize();
  }

  /**
   * Takes over what Python sets. The marks of a late overlay are left: its z would jump back.
   *
   * @param {StageData} data
   */
  adopt(data) {
    const late = this.messages.isLate(data);
    if (!late) delete document.documentElement.dataset.zMoves;
    this.map.adopt(data.overlay, late);
    this.map.figures.adopt(data.figures, late);
    for (const part of this.parts) part.update?.(data);
    this.map.toolbar.refresh();
    this.frames.request(true);
  }

  /** One frame, called by the clock: the scene's numbers first, then all that shows them. @param {boolean} all */
  draw(all) {
    const {times} = this, began = performance.now();
    if (this.scene.compute()) {
      this.map.follow();
      this.redraw();
      this.messages.inquire();
    }
    if (this.#packed && (this.scene.model || !this.model)) this.#unpack(this.#packed);
    const painted = this.hash && this.theme && this.map.paint(this.theme, all), took = performance.now() - began;
    times.frames.push(took);
    if (times.frames.length > LAST) times.frames.shift();
    if (!this.#hasDrawn && (painted || !this.hash) && (this.scene.out || !this.model)) {
      this.#hasDrawn = true;
      document.dispatchEvent(new Event("latent-drawn"));  // the first frame of the page goes (first_frame.py)
    }
    if (!painted) return;
    times[all ? "paint" : "marks"] = took;
    times.first ??= performance.now() - (this.map.block?.came ?? began);
  }

  /** What is deflated, after this frame: the first picture does not wait for it. @param {MapBlock} block */
  #unpack(block) {
    this.#packed = null;
    setTimeout(() => {
      for (const start of Object.values(block.later)) start().then(() => this.map.block === block && this.#showAll());
    });
  }

  redraw() {
    for (const part of this.parts) part.draw?.(this.scene);
  }

  #showAll() {
    this.redraw();
    this.frames.request(true);
  }

  /** At once: a canvas that changes its size is empty until it is painted. */
  #resize() {
    if (this.map.resize()) this.frames.run(true);
  }

  /** A hand is at work: what Python says of z in the meantime is late. */
  hold() {
    this.messages.held = true;
    document.documentElement.dataset.zMoves = "";  // the page's sentences on z are those of an earlier one
  }

  /** A code chosen beside the map, by a slider. @param {Vector} z */
  setCode(z) {
    this.map.takeHold();
    this.scene.setZ(z);
  }

  /** A hand lets go: Python is told. @param {Act} act */
  send(act) {
    for (const part of this.parts) part.acted?.(act);
    this.messages.send(act);
    this.map.toolbar.refresh();
  }
}
