// The layers of a model run by the kernels: its weights and all buffers lie in one memory. What javascript_backend.js makes is the
// reference; the two differ by rounding alone.

import {columnsOf, javascriptBackend, matrixOf, outputsOf} from "./javascript_backend.js";
import {memoryOf, taken} from "./memory.js";

/** @import {ConvolutionRecord, Layer, LayerRecord, LinearRecord, Vector} from "../../types.d.ts" */
/** @import {Backend} from "./javascript_backend.js" */
/** @import {KernelMemory} from "./memory.js" */

const BLOCK = 8;  // rows of weights that lie side by side
const FIELDS = 17;  // of the struct Layer in kernels.c
const ACTIVATIONS = ["none", "relu", "tanh", "silu"];  // in the order of kernels.c

/** @param {LayerRecord} record */
function packedSize(record) {
  if (record.kind === "linear") return 0;
  const [rows, depth] = matrixOf(record);
  return Math.ceil(rows / BLOCK) * BLOCK * depth;
}

/** How many numbers of the memory a layer takes of its own. @param {LayerRecord} record */
const sizeOf = (record) => taken(outputsOf(record)) + taken(packedSize(record)) + taken(FIELDS);

/**
 * The kernels where they can run, else JavaScript. `records`: a layer that is made several times stands there as often.
 *
 * @param {LayerRecord[]} records @param {Float32Array} weights @param {number} [labels] how many a layer is given at once at most
 */
export function backendOf(records, weights, labels) {
  return wasmBackend(records, weights, labels) ?? javascriptBackend(records, weights);
}

/**
 * null where the kernels cannot run, or the model is too large for them.
 *
 * @param {LayerRecord[]} records @param {Float32Array} weights @param {number} [labels] @returns {Backend | null}
 */
export function wasmBackend(records, weights, labels = 1) {
  const most = Math.max(...records.map(inputsOf)), columns = Math.max(...records.map(columnsOf)), listed = labels + most + 4;
  const shared = [weights.length, most, columns, listed, listed].reduce((sum, count) => sum + taken(count), 0);
  const memory = memoryOf(records.reduce((sum, record) => sum + sizeOf(record), shared));
  return memory && new WasmBackend(memory, records, weights, {most, columns, listed});
}

/** @param {LayerRecord} record */
function inputsOf(record) {
  return record.kind === "linear" ? record.inputs : record.from[0] * record.from[1] * record.inputs;
}

/** @implements {Backend} */
class WasmBackend {
  /** @type {Backend | null} */ #javascript = null;

  /** @param {KernelMemory} memory @param {LayerRecord[]} records @param {Float32Array} weights @param {{most: number, columns: number, listed: number}} sizes */
  constructor(memory, records, weights, {most, columns, listed}) {
    this.memory = memory;
    this.records = records;
    this.weights = memory.floats(weights.length);
    this.weights.set(weights);
    /** An input that comes from outside. */
    this.given = memory.floats(most);
    this.columns = memory.floats(columns);
    this.rows = memory.integers(Array.from({length: listed}, () => 0));
    this.factors = memory.floats(listed);
  }

  /** @param {LayerRecord} record @returns {Layer} */
  layer(record) {
    if (!this.memory.has(sizeOf(record))) return (this.#javascript ??= javascriptBackend(this.records, this.weights)).layer(record);
    return record.kind === "linear" ? this.#linear(record) : this.#convolution(record);
  }

  /** @param {LinearRecord} record @returns {Layer} */
  #linear(record) {
    const {outputs, label} = record, {kernels} = this.memory, out = this.memory.floats(outputs);
    const at = this.#described(record, this.#addressOfWeight(record.weight), out), labels = this.#addressOfWeight(label ?? 0);
    const add = (/** @type {number} */ n, /** @type {number} */ row) => {
      this.rows[n] = labels + 4 * outputs * row;
      this.factors[n] = 1;
    };
    return (x, k) => {
      let count = 0;
      if (label !== null) {
        if (typeof k === "number") add(count++, k);
        else for (const row of k) add(count++, row);
      }
      kernels.linear(at, this.#addressOf(x, record.inputs), count);
      return out;
    };
  }

  /** @param {ConvolutionRecord} record @returns {Layer} */
  #convolution(record) {
    const {kernels} = this.memory, out = this.memory.floats(outputsOf(record)), inputs = inputsOf(record);
    const packed = this.memory.floats(packedSize(record));
    pack(this.weights.subarray(record.weight), matrixOf(record), packed);
    const at = this.#described(record, packed.byteOffset, out), run = record.kind === "conv" ? kernels.convolution : kernels.transposed;
    return (x) => {
      run(at, this.#addressOf(x, inputs));
      return out;
    };
  }

  /** Where a layer's description lies: the struct Layer of kernels.c. @param {LayerRecord} record @param {number} weights @param {Float32Array} out */
  #described(record, weights, out) {
    const {inputs, outputs, bias, activation} = record;
    const [height, width, toHeight, toWidth, kernel, stride, padding, planar] = record.kind === "linear" ? [1, 1, 1, 1, 1, 1, 0, 0]
      : [...record.from, ...record.to, record.kernel, record.stride, record.padding, Number(record.planar)];
    const buffers = [weights, this.#addressOfWeight(bias), ...[this.columns, out, this.factors, this.rows].map((each) => each.byteOffset)];
    return this.memory.integers([...buffers, inputs, outputs, height, width, toHeight, toWidth, kernel, stride, padding, planar,
      ACTIVATIONS.indexOf(activation ?? "none")]).byteOffset;
  }

  /** @param {number} offset */
  #addressOfWeight(offset) {
    return this.weights.byteOffset + 4 * offset;
  }

  /** Where x lies: an array from outside is copied. @param {Vector} x @param {number} count */
  #addressOf(x, count) {
    if (x instanceof Float32Array && x.buffer === this.memory.buffer && x.length === count) return x.byteOffset;
    for (let i = 0; i < count; i++) this.given[i] = x[i];
    return this.given.byteOffset;
  }
}

/**
 * Rows of weights in blocks of eight: the first number of each of the eight, then the second. The last block goes back over earlier
 * rows; of fewer than eight rows the others are 0.
 *
 * @param {Float32Array} weights @param {[number, number]} matrix @param {Float32Array} packed
 */
function pack(weights, [rows, depth], packed) {
  for (let block = 0, n = 0; block < rows; block += BLOCK) {
    const first = Math.max(0, Math.min(block, rows - BLOCK));
    for (let k = 0; k < depth; k++) for (let i = first; i < first + BLOCK; i++, n++) if (i < rows) packed[n] = weights[i * depth + k];
  }
}
