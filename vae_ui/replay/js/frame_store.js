// The frames of a run that this browser holds: they outlive a change of page, so that a drag back needs no server.

/** @import {Shape, TypedArray} from "../../stage/js/types.d.ts" */
/** @import {Head} from "./types.d.ts" */

/**
 * A moment of the training: `points` (P, 2) on the plane, `pictures` (R, height, width[, 3]), and of tokens what they say.
 *
 * @typedef {{points: Float32Array, pictures: Uint8Array, texts: string[]}} Frame
 */
/** What all frames of a run share. @typedef {{labels: Uint8Array, originals?: Uint8Array, shape?: Shape, texts: string[]}} Shared */
/** What a tick brings (vae_ui/replay/payload.py). @typedef {{[name: string]: TypedArray | undefined}} Arrays */

const MOST = 4;  // runs (or planes of a run) that are kept

export class FrameStore {
  /** By index. @type {Map<number, Frame>} */ frames = new Map();
  /** @type {Shared} */ shared = {labels: new Uint8Array(0), texts: []};

  /** @param {Arrays} arrays @param {{[name: string]: Shape}} shapes @param {Partial<Head>} header */
  add({index, points, pictures, labels, originals}, shapes, {said = [], said_originals = []}) {
    if (!index || !points || !pictures) return;
    const p = points.length / index.length, r = pictures.length / index.length;
    index.forEach((name, i) => this.frames.set(name, {
      points: /** @type {Float32Array} */ (points.slice(i * p, (i + 1) * p)),
      pictures: /** @type {Uint8Array} */ (pictures.slice(i * r, (i + 1) * r)),
      texts: said[i] ?? [],
    }));
    this.shared.labels = /** @type {Uint8Array} */ (labels);
    this.shared.originals = /** @type {Uint8Array} */ (originals);
    this.shared.shape = shapes.originals;
    this.shared.texts = said_originals;
  }
}

/** By run and plane, the one used last at the end. @type {Map<string, FrameStore>} */
const stores = new Map();

/** The store of this run and plane. @param {string} key */
export function storeOf(key) {
  const store = stores.get(key) ?? new FrameStore();
  stores.delete(key);
  stores.set(key, store);
  for (const oldest of [...stores.keys()].slice(0, -MOST)) stores.delete(oldest);
  return store;
}
