// Reads a block of bytes as vae_ui/stage/payload.py packs it: the header's length, a JSON header, then arrays, each on a
// boundary of 8 bytes.

/** @import {ArrayEntry, Block, TypedArray} from "../types.d.ts" */

const VIEWS = {f4: Float32Array, u1: Uint8Array, i4: Int32Array, u2: Uint16Array, i1: Int8Array};

/**
 * Deflated arrays are unpacked when `later` is called, once: thumbnails are many bytes, and the first picture needs none of them.
 *
 * @param {Uint8Array} bytes @returns {Block<any, any>}
 */
export function unpack(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  const start = Math.ceil((4 + size) / 8) * 8;
  /** @type {Block<any, {[name: string]: TypedArray}>} */
  const block = {header, arrays: {}, shapes: {}, later: {}};
  for (const {name, kind, shape, offset, bytes: length, deflate, steps} of /** @type {ArrayEntry[]} */ (header.arrays)) {
    const body = Uint8Array.from(bytes.subarray(start + offset, start + offset + length));  // a copy starts on a boundary
    block.shapes[name] = shape;
    if (deflate) block.later[name] = once(() => inflate(body).then((raw) => (block.arrays[name] = new VIEWS[kind](raw))));
    else if (steps) block.arrays[name] = outOfSteps(new Uint16Array(body.buffer), ...steps);
    else block.arrays[name] = new VIEWS[kind](body.buffer);
  }
  return block;
}

/** Numbers that travelled as steps, column by column. @param {Uint16Array} sent @param {number[]} low @param {number[]} step */
function outOfSteps(sent, low, step) {
  return Float32Array.from(sent, (each, i) => low[i % low.length] + step[i % step.length] * each);
}

/** @template T @param {() => T} make @returns {() => T} */
function once(make) {
  /** @type {T | undefined} */ let made;
  return () => (made ??= make());
}

/** @param {Uint8Array<ArrayBuffer>} body a zlib stream */
function inflate(body) {
  const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}
