// The figures over the map that a person switches on: which are wanted, which have come from Python, and their text alternative.

import {whenHere} from "../blocks/kept.js";
import {centres} from "../map/picking.js";
import {PAINTERS} from "./painters.js";
import {scaleOf} from "./value_scale.js";

/** @import {FigureBlock, FiguresData, Theme} from "../types.d.ts" */
/** @import {LatentMap} from "../map/latent_map.js" */
/** @import {Painter} from "./painters.js" */
/** @import {ValueScale} from "./value_scale.js" */

export class MapFigures {
  /** The figures that this page offers. @type {FiguresData["offers"]} */ offers = [];
  /** Names of those that are switched on. @type {Set<string>} */ wanted = new Set();
  /** The colours of the dots by their values; null while they have those of their classes. @type {ValueScale | null} */ values = null;
  /** What has come, by name. @type {Map<string, FigureBlock>} */ #here = new Map();
  /** By name the hash that Python last gave, also while its block is on its way. @type {{[name: string]: string}} */ #hashes = {};
  /** @type {WeakMap<FigureBlock, {theme: Theme, painter: Painter}>} */ #painters = new WeakMap();

  /** @param {LatentMap} map @param {() => void} ask for a block that is missing */
  constructor(map, ask) {
    this.map = map;
    this.ask = ask;
  }

  /** The names of what is on, in the order of the offers. */
  get on() { return this.offers.map(({name}) => name).filter((name) => this.wanted.has(name)); }

  /** The colour of a dot. @param {number} i */
  colourOf(i) {
    const {map: {colours, classes}, values} = this;
    return (values ? values.colours[values.of[i]] : colours[classes[i]]) ?? "";
  }

  /** The dots have the map's own classes, or those or the values that a figure which is on gives them. */
  recolour() {
    const {map} = this, own = map.block?.arrays.classes, here = this.on.map((name) => this.#here.get(name));
    const other = here.find((one) => one?.header.kind === "guesses")?.arrays.classes;
    const dyed = here.find((one) => one?.header.kind === "property");
    this.values = dyed && dyed.arrays.own.length === own?.length ? scaleOf(dyed) : null;
    // Those of the map before may still be here: another map has other dots, or fewer classes.
    const fits = other instanceof Uint8Array && other.length === own?.length && other.every((k) => k < map.shown.length);
    const classes = fits ? other : own;
    if (!classes) return;
    map.classes = classes;
    map.centres = centres(map.points, classes, map.shown.length);
  }

  /** Whether a figure is switched on and has not come yet. @param {string} name */
  isAwaited(name) {
    return this.wanted.has(name) && !this.#here.has(name);
  }

  /**
   * Takes over what Python sets; while it has not heard of the last switch, the person's own switches stay.
   *
   * @param {FiguresData | undefined} data @param {boolean} late
   */
  adopt(data = {offers: [], on: {}}, late) {
    this.offers = data.offers;
    if (!late) this.wanted = new Set(Object.keys(data.on));
    this.#hashes = Object.fromEntries(Object.entries(data.on).map(([name, {hash}]) => [name, hash]));
    for (const [name, {hash}] of Object.entries(data.on)) whenHere(hash, (block) => this.#take(name, hash, block), this.ask);
    for (const name of this.#here.keys()) if (!(name in this.#hashes)) this.#here.delete(name);
    this.recolour();
    const text = Object.values(data.on).map(({alt}) => alt).join(" ");
    this.map.front.setAttribute("aria-description", text);
  }

  /** @param {string} name @param {string} hash @param {FigureBlock} block */
  #take(name, hash, block) {
    if (this.#hashes[name] !== hash || this.#here.get(name) === block) return;
    this.#here.set(name, block);
    this.recolour();
    this.map.toolbar.refresh();
    this.map.host.paint(true);
  }

  /** On or off; Python works out what is on. @param {string} name */
  flip(name) {
    if (!this.wanted.delete(name)) this.wanted.add(name);
    this.recolour();
    this.map.toolbar.refresh();
    this.map.host.paint(true);
    this.map.host.send("figures");
  }

  /** @param {keyof Painter} where @param {CanvasRenderingContext2D} ctx @param {Theme} theme */
  paint(where, ctx, theme) {
    for (const name of this.on) {
      const block = this.#here.get(name);
      if (block) this.#painter(block, theme)[where]?.(ctx, this.map);
    }
  }

  /** @param {FigureBlock} block @param {Theme} theme */
  #painter(block, theme) {
    const known = this.#painters.get(block);
    if (known && known.theme.dark === theme.dark && known.theme.back === theme.back) return known.painter;
    const painter = PAINTERS[block.header.kind](block, theme, this.map.colours);
    this.#painters.set(block, {theme, painter});
    return painter;
  }
}
