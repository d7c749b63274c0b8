// The map's ordinary buttons: tools, zoom, classes, layers; and the line that says where z is or what is selected.

import {button, make, press} from "../host/elements.js";
import {inDigits, inThousands, t} from "../host/words.js";

/** @import {LatentMap, Tool} from "./latent_map.js" */
/** @import {Switch} from "../types.d.ts" */

/** @type {Switch[]} */
export const SWITCHES = ["points", "lattice", "contours", "labels", "cloud"];
/** @typedef {Exclude<Tool, "place">} Choosable */
/** @type {Choosable[]} */
const TOOLS = ["move", "box", "lasso"];

/** @returns {Record<Choosable, [string, string]>} a tool's name and what it does */
const toolWords = () => ({
  move: [t("Move"), t("Drag to move, click to choose z")],
  box: [t("Box"), t("Drag a box around points")],
  lasso: [t("Lasso"), t("Draw a line around points")],
});

/** @returns {Record<Switch, [string, string]>} a layer's name and what its switch does */
const layerWords = () => ({
  points: [t("points"), t("Show or hide the points")],
  lattice: [t("lattice"), t("Show or hide the lattice")],
  contours: [t("prior"), t("Show or hide the prior's contours")],
  labels: [t("labels"), t("Show or hide the labels")],
  cloud: [t("cloud"), t("Show or hide the cloud")],
});

export class Toolbar {
  /** A button for each class. @type {HTMLButtonElement[]} */ chips = [];
  /** A button for each layer. @type {Map<Switch, HTMLButtonElement>} */ switches = new Map();
  /** The groups of the layers' and of the figures' switches. */ layers = make("div", "chips");
  figures = make("div", "chips");
  /** A button for each figure. @type {Map<string, HTMLButtonElement>} */ figureChips = new Map();
  /** The layers are in sight although figures are offered. */ unfolded = false;
  #built = false;

  /** @param {HTMLElement} box @param {HTMLElement} plane @param {LatentMap} map */
  constructor(box, plane, map) {
    this.map = map;
    this.tools = make("div", "tools", {role: "toolbar", "aria-label": t("Map tools")});
    const words = toolWords();
    this.picks = TOOLS.map((tool) => button(...words[tool], () => map.choose(tool)));
    const modes = make("div", "group"), steps = make("div", "group");
    modes.append(...this.picks);
    steps.append(button("+", t("Zoom in"), () => map.zoomMiddle(1.5), t("Zoom in")),
      button("\u2212", t("Zoom out"), () => map.zoomMiddle(1 / 1.5), t("Zoom out")),
      button(t("Reset"), t("Show everything again"), () => map.reset(), t("Show everything again")));
    this.tools.append(modes, map.search.input, steps);
    this.status = make("div", "status", {"aria-live": "polite", role: "status"});
    this.clear = button(t("Clear"), t("Forget the selection (Escape)"), () => map.clear());
    this.clear.classList.add("clear");
    this.all = button(t("All"), t("Show every class"), () => map.toggle(null));
    this.more = button(t("More"), t("Show or hide the other layers"), () => this.#unfold());
    this.more.classList.add("switch");
    this.foot = make("div", "foot");
    plane.before(this.tools);
    plane.append(this.status);
    box.append(this.foot);
  }

  /** Another map is on its way: its classes are not those of the buttons. */
  forget() {
    this.#built = false;
  }

  /** The buttons of the map that has come. */
  build() {
    const {map} = this, names = map.block?.header.names ?? [];
    this.chips = names.map((name, k) => this.#chip(name, k));
    const words = layerWords();
    this.switches = new Map(this.#layers().map((layer) => [layer, this.#switch(layer, words[layer])]));
    const classes = make("div", "chips", {role: "group", "aria-label": t("Classes shown")});
    classes.append(...(names.length > 1 ? [...this.chips, this.all] : []));
    this.layers = make("div", "chips", {role: "group", "aria-label": t("Layers shown")});
    this.figures = make("div", "chips", {role: "group", "aria-label": t("Figures shown")});
    this.foot.replaceChildren(classes, this.figures, this.layers);
    this.layers.append(...this.switches.values());
    this.#built = true;
    this.refresh();
  }

  /** A model has come, which may give the map more layers. */
  rebuild() {
    if (this.#built) this.build();
  }

  /** @param {string} name @param {number} k */
  #chip(name, k) {
    const hint = t("Show or hide {name}; with Shift: only {name}", {name});
    const chip = button(name, hint, (event) => this.map.toggle(k, event.shiftKey));
    chip.style.setProperty("--dot", this.map.colours[k]);
    chip.classList.add("chip");
    return chip;
  }

  /** @param {Switch} layer @param {[string, string]} words */
  #switch(layer, words) {
    const chip = button(...words, () => this.map.flip(layer));
    chip.classList.add("switch");
    chip.dataset.layer = layer;
    return chip;
  }

  /** A switch for each figure that the page offers, made anew only when it offers others; the layers are then folded. */
  #offer() {
    const {figures} = this.map, offered = figures.offers.map(({name, label}) => name + label).join();
    if ((this.figures.dataset.offered ?? "") !== offered) this.#build(offered);
    this.figures.hidden = !offered;
    this.layers.hidden = Boolean(offered) && !this.unfolded;
    this.more.setAttribute("aria-expanded", String(this.unfolded));
    for (const [figure, chip] of this.figureChips) {
      press(chip, figures.wanted.has(figure));
      chip.setAttribute("aria-busy", String(figures.isAwaited(figure)));
    }
  }

  /** @param {string} offered */
  #build(offered) {
    const {figures} = this.map, prior = this.switches.get("contours");
    this.figures.dataset.offered = offered;
    this.figureChips = new Map(figures.offers.map(({name, label, hint}) => {
      const chip = button(label, hint, () => figures.flip(name));
      chip.classList.add("switch");
      return [name, chip];
    }));
    this.figures.replaceChildren(...(prior ? [prior] : []), ...this.figureChips.values(), this.more);
  }

  #unfold() {
    this.unfolded = !this.unfolded;
    this.refresh();
  }

  /** The layers that this map and model give a meaning. */
  #layers() {
    const {block, scene: {model}} = this.map;
    if (!block) return [];
    const {header, later} = block;
    const there = {points: true, lattice: later.lattice, contours: header.prior, labels: header.names.length > 1,
      cloud: model && !model.isPoint && header.plane};
    return SWITCHES.filter((name) => there[name]);
  }

  /** Where z is; "" where a model's picture shows it better. */
  #readout() {
    const {peek, z, scene, block} = this.map, at = peek ?? z;
    if (scene.model || !block?.header.readout) return "";
    return at ? `z = (${at.map((v) => inDigits(v)).join(", ")})` : t("Click the map to choose a z.");
  }

  refresh() {
    if (!this.#built) return;
    const {map} = this, many = map.selected.length;
    TOOLS.forEach((tool, i) => press(this.picks[i], map.tool === tool));
    this.chips.forEach((chip, k) => press(chip, Boolean(map.shown[k])));
    this.foot.classList.toggle("dyed", map.figures.values !== null);
    this.all.hidden = map.shown.every(Boolean);
    for (const [layer, chip] of this.switches) press(chip, map.on[layer]);
    this.#offer();
    const text = many ? t("{n} points selected", {n: inThousands(many)}) + " " : map.search.words || this.#readout();
    this.status.replaceChildren(...(text ? [text] : []));
    if (many) this.status.append(this.clear);
  }
}
