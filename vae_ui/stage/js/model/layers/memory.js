// The compiled kernels, and the memory in which they work for one model. It is as large as the model needs from the beginning, because
// a memory that grows takes the arrays away that lie in it; it goes when the model goes.

import {KERNELS} from "./compiled.js";

/**
 * What kernels.c exports; pointers are numbers of bytes.
 *
 * @typedef {object} Kernels
 * @property {(layer: number, x: number, labels: number) => void} linear
 * @property {(layer: number, x: number) => void} convolution
 * @property {(layer: number, x: number) => void} transposed
 * @property {(values: number, count: number, activation: number) => void} activate
 */

const START = 1024;  // bytes: the stack of the kernels comes first
const PAGE = 65536;
const ALIGNED = 4;  // numbers: 16 bytes
const SPARE = 8;  // numbers that a kernel may write behind the end of a buffer

/** How many numbers of a memory a buffer of `count` takes. @param {number} count */
export const taken = (count) => Math.ceil((count + SPARE) / ALIGNED) * ALIGNED;

/** @type {WebAssembly.Module | null | undefined} */
let known;

/**
 * null where the browser has no WebAssembly, or none with SIMD, or may not compile. At once, since the first picture would else wait for
 * it: up to 4096 bytes every browser does that (Chromium before version 115 refuses more on a page's main thread).
 */
function compiled() {
  try {
    return new WebAssembly.Module(Uint8Array.from(atob(KERNELS), (letter) => letter.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** A memory for so many numbers, or null where there is none to be had. @param {number} count */
export function memoryOf(count) {
  if (known === undefined) known = compiled();
  try {
    return known && new KernelMemory(known, START + 4 * count);
  } catch {  // a RangeError: more than a browser gives
    return null;
  }
}

export class KernelMemory {
  #next = START;

  /** @param {WebAssembly.Module} module @param {number} bytes */
  constructor(module, bytes) {
    const initial = Math.ceil(bytes / PAGE), memory = new WebAssembly.Memory({initial, maximum: initial});
    this.buffer = memory.buffer;
    this.kernels = /** @type {Kernels} */ (/** @type {unknown} */ (new WebAssembly.Instance(module, {env: {memory}}).exports));
  }

  /** Whether `count` more numbers fit. @param {number} count */
  has(count) {
    return this.#next + 4 * count <= this.buffer.byteLength;
  }

  /** A buffer of `count` numbers, all 0. @param {number} count */
  floats(count) {
    const start = this.#next;
    this.#next += 4 * taken(count);
    return new Float32Array(this.buffer, start, count);
  }

  /** A buffer with these integers. @param {number[]} values */
  integers(values) {
    const {byteOffset, length} = this.floats(values.length), made = new Int32Array(this.buffer, byteOffset, length);
    made.set(values);
    return made;
  }
}
