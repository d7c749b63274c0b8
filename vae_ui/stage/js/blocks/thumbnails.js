// The small pictures of a map's dots. They come in parts, each with those of dots that are near one another, when the first of them is
// wanted: of 10,000 pictures a person sees a few. In a saved file they are all in the map's own block.

import {fetched} from "./kept.js";

/** @import {MapBlock, Shape} from "../types.d.ts" */
/** Who wants pictures: `came` is called when some have come, `ask` when the server does not hold them. @typedef {{came: () => void, ask: () => void}} Wish */

export class Thumbnails {
  /** @type {(Uint8Array | undefined)[]} */ #here = [];
  /** @type {Map<number, Set<Wish>>} */ #waiting = new Map();

  /** @param {MapBlock} block */
  constructor(block) {
    this.block = block;
    const {header: {thumbs}, shapes} = block;
    /** Height, width and, for colours, 3. @type {Shape} */
    this.shape = thumbs?.shape ?? shapes.thumbs?.slice(1) ?? [];
    this.part = thumbs?.part ?? Infinity;
    this.size = this.shape.reduce((product, side) => product * side, 1);
  }

  /** The pictures of some dots, each with its rows one after another; null while some are on their way. @param {number[]} indices @param {Wish} wish */
  pictures(indices, wish) {
    const {block: {arrays: {places}}, part, size} = this, at = indices.map((i) => (places ? places[i] : i));
    const missing = new Set(at.map((place) => this.#partOf(place)).filter((each) => !this.#here[each]));
    for (const each of missing) this.#fetch(each, wish);
    if (missing.size) return null;
    return at.map((place) => {
      const start = (place % part) * size;
      return /** @type {Uint8Array} */ (this.#here[this.#partOf(place)]).subarray(start, start + size);
    });
  }

  /** @param {number} place */
  #partOf(place) { return Math.floor(place / this.part); }

  /** @param {number} each @param {Wish} wish */
  #fetch(each, wish) {
    const others = this.#waiting.get(each);
    if (others) return void others.add(wish);
    const wishes = new Set([wish]);
    this.#waiting.set(each, wishes);
    this.#load(each, wish).then((pixels) => {
      this.#waiting.delete(each);
      this.#here[each] = pixels;
      if (pixels) for (const {came} of wishes) came();
    });
  }

  /** @param {number} each @param {Wish} wish @returns {Promise<Uint8Array | undefined>} */
  async #load(each, {ask}) {
    const {header: {thumbs}, later} = this.block, block = thumbs ? await fetched(thumbs.hashes[each], ask) : {later};
    return block?.later.thumbs();
  }
}

/** @type {WeakMap<MapBlock, Thumbnails>} */
const known = new WeakMap();

/** The pictures of a map's dots; null where it has none. @param {MapBlock} block */
export function thumbnailsOf(block) {
  if (!block.header.thumbs && !block.later.thumbs) return null;
  const found = known.get(block) ?? new Thumbnails(block);
  known.set(block, found);
  return found;
}
