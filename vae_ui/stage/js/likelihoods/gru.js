// A GRU on typed arrays (Cho et al. 2014, arXiv:1406.1078, with the gates of torch.nn.GRU). A step is one product with the state of each
// layer; what a word itself adds to the first gates is worked out once for each word, as a row of a table.

/** @import {Layer, LinearRecord, Vector} from "../types.d.ts" */
/** @import {Backend} from "../model/layers/javascript_backend.js" */
/**
 * As vae_core/export/gru.py writes it: `embedding` is an offset into the weights, `told` leads from a context to the first gates.
 *
 * @typedef {{width: number, vocabulary: number, embedding: number, told: LinearRecord | null,
 *   cells: {input: LinearRecord, hidden: LinearRecord}[]}} GruRecord
 */
/**
 * What is known of the words so far: the state of each layer, and what a context adds to the first gates.
 *
 * @typedef {{layers: Float32Array[], told: Float32Array | null}} State
 */

export const PAD = 0, END = 1;  // vae_core/axes/token_ids.py

export class Gru {
  /** What each id adds to the gates of the first cell, its bias included. @type {Map<number, Float32Array>} */ #table = new Map();
  /** @type {(id: number) => Float32Array} */ #embedding;
  /** @type {{input: Layer, hidden: Layer}[]} */ #cells;
  /** @type {Layer | null} */ #told;
  /** @type {Float32Array} */ #given;

  /** @param {GruRecord} record @param {Backend} backend */
  constructor({width, vocabulary, embedding, told, cells}, backend) {
    this.width = width;
    this.#told = told && backend.layer(told);
    this.#embedding = (id) => {
      const start = embedding + within(id, vocabulary) * width;
      return backend.weights.subarray(start, start + width);
    };
    this.#cells = cells.map(({input, hidden}) => ({input: backend.layer(input), hidden: backend.layer(hidden)}));
    this.#given = new Float32Array(3 * width);
  }

  /**
   * Before the first word: all states are `first`, one after the other, or 0.
   *
   * @param {Float32Array} [first] @param {Vector} [context] @returns {State}
   */
  begin(first, context) {
    const {width} = this, layers = this.#cells.map((_, i) => first?.slice(i * width, (i + 1) * width) ?? new Float32Array(width));
    return {layers, told: context && this.#told ? this.#told(context, 0).slice() : null};
  }

  /** The state of the top layer after one more word; it changes `state`. @param {number} id @param {State} state */
  step(id, {layers, told}) {
    let below = this.#row(id);
    if (told) below = sum(below, told, this.#given);
    for (const [i, {input, hidden}] of this.#cells.entries()) {
      pass(i ? input(layers[i - 1], 0) : below, hidden(layers[i], 0), layers[i]);
    }
    return layers[layers.length - 1];
  }

  /** @param {number} id */
  #row(id) {
    let row = this.#table.get(id);
    if (!row) this.#table.set(id, (row = this.#cells[0].input(this.#embedding(id), 0).slice()));
    return row;
  }
}

/** @param {number} id @param {number} count */
const within = (id, count) => Math.min(count - 1, Math.max(0, Math.round(id)));

/** @param {Float32Array} a @param {Float32Array} b @param {Float32Array} out */
function sum(a, b, out) {
  for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
  return out;
}

/**
 * The next state, from what the gates are given and what they have from the state: reset, update and new, side by side.
 *
 * @param {Float32Array} given @param {Float32Array} own @param {Float32Array} state
 */
function pass(given, own, state) {
  const width = state.length;
  for (let i = 0, j = width, k = 2 * width; i < width; i++, j++, k++) {
    const reset = 1 / (1 + Math.exp(-given[i] - own[i])), update = 1 / (1 + Math.exp(-given[j] - own[j]));
    const fresh = Math.tanh(given[k] + reset * own[k]);
    state[i] = fresh + update * (state[i] - fresh);
  }
}

/**
 * Ids of a sentence, padded at its end -> the last state of the top layer.
 *
 * @param {GruRecord} record @param {Backend} backend @returns {Layer}
 */
export function reader(record, backend) {
  const gru = new Gru(record, backend);
  return (ids) => {
    const state = gru.begin();
    let last = gru.step(ids[0], state);
    for (let i = 1; i < ids.length && ids[i] !== PAD; i++) last = gru.step(ids[i], state);
    return last;
  };
}
