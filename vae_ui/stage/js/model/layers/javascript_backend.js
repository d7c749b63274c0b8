// The layers of a network on typed arrays: linear, convolution, transposed convolution. Each function takes a layer's record
// and the model's weights, makes its buffers once, and returns (input, label) => output: what runs sixty times a second
// allocates nothing. wasm_backend.js does the same faster where a browser can run it.
//
// Pictures inside a network lie pixel by pixel, a pixel's channels side by side; a "planar" end lies channel by channel.

/** @import {ConvolutionRecord, Layer, LayerRecord, LinearRecord, ModelHeader, Vector} from "../../types.d.ts" */
/**
 * What runs the layers of a model; `weights` are all of the model's, in the order that the records refer to.
 *
 * @typedef {{weights: Float32Array, layer: (record: LayerRecord) => Layer}} Backend
 */

/**
 * All layers of a model, wherever its header has them; those of the decoder twice, since completion has them again without activations.
 *
 * @param {ModelHeader} header @returns {LayerRecord[]}
 */
export function recordsOf({encoder, decoder, reader, words, likelihood: {writer}}) {
  const pair = words ? [...words.encoder, ...words.decoder, ...words.both ?? []] : [];
  const cells = [reader, writer].flatMap((gru) => (gru ? gru.cells.flatMap(({input, hidden}) => [input, hidden]) : []));
  const others = [reader?.told, writer?.told, writer?.first, writer?.out].flatMap((record) => record ?? []);
  return [...encoder, ...decoder, ...decoder, ...pair, ...cells, ...others];
}

/** @param {LayerRecord[]} records @param {Float32Array} weights @returns {Backend} */
export function javascriptBackend(records, weights) {
  const columns = new Float32Array(Math.max(...records.map(columnsOf)));
  return {
    weights,
    layer(record) {
      if (record.kind === "linear") return linearLayer(record, weights);
      return record.kind === "conv" ? convLayer(record, weights, columns) : deconvLayer(record, weights, columns);
    },
  };
}

/** @param {Float32Array} weights @param {number} start @param {number} length */
const weightsAt = (weights, start, length) => weights.subarray(start, start + length);

/**
 * y = x W + b. W has a row for each input, so that an input of zero (most of a digit is black) skips its row; a label of a
 * conditional model adds its own row, words those of each.
 *
 * @param {LinearRecord} record @param {Float32Array} weights @returns {Layer}
 */
function linearLayer({inputs, outputs, weight, bias, label, activation}, weights) {
  const w = weightsAt(weights, weight, inputs * outputs), b = weightsAt(weights, bias, outputs);
  const out = new Float32Array(outputs), used = new Int32Array(inputs), activate = ACTIVATE[activation ?? "none"];
  return (x, k) => {
    out.set(b);
    if (label !== null) {
      if (typeof k === "number") addRow(weights, label + k * outputs, out);
      else for (const row of k) addRow(weights, label + row * outputs, out);
    }
    let count = 0;
    for (let i = 0; i < inputs; i++) if (x[i] !== 0) used[count++] = i;
    addRows(w, x, used, count, out);
    activate(out);
    return out;
  };
}

/** @param {Float32Array} weights @param {number} start @param {Float32Array} out */
function addRow(weights, start, out) {
  for (let j = 0; j < out.length; j++) out[j] += weights[start + j];
}

/**
 * out += x[i] times row i of w, for the first `count` indices in `used`; four rows at once, since out is then read once.
 *
 * @param {Float32Array} w @param {Vector} x @param {Int32Array} used @param {number} count @param {Float32Array} out
 */
function addRows(w, x, used, count, out) {
  const length = out.length;
  let n = 0;
  for (; n + 3 < count; n += 4) {
    const i = used[n], j = used[n + 1], k = used[n + 2], l = used[n + 3];
    const a = x[i], b = x[j], c = x[k], d = x[l];
    const ra = i * length, rb = j * length, rc = k * length, rd = l * length;
    for (let o = 0; o < length; o++) out[o] += a * w[ra + o] + b * w[rb + o] + c * w[rc + o] + d * w[rd + o];
  }
  for (; n < count; n++) {
    const a = x[used[n]], row = used[n] * length;
    for (let o = 0; o < length; o++) out[o] += a * w[row + o];
  }
}

/**
 * A convolution: the pixels under each place of the kernel become a row of `columns`, then one matrix product does the rest.
 *
 * @param {ConvolutionRecord} layer @param {Float32Array} weights @param {Float32Array} columns @returns {Layer}
 */
function convLayer(layer, weights, columns) {
  const {inputs, outputs, to, kernel, activation} = layer, places = to[0] * to[1], depth = kernel * kernel * inputs;
  const rows = weightsAt(weights, layer.weight, outputs * depth), bias = weightsAt(weights, layer.bias, outputs);
  const out = new Float32Array(places * outputs), activate = ACTIVATE[activation ?? "none"];
  return (x) => {
    gatherColumns(x, columns, layer);
    matrixProduct(rows, bias, columns, out, outputs, depth, places);
    activate(out);
    return out;
  };
}

/**
 * A transposed convolution, the same the other way round: the product first, then each row is added where its kernel lies.
 *
 * @param {ConvolutionRecord} layer @param {Float32Array} weights @param {Float32Array} columns @returns {Layer}
 */
function deconvLayer(layer, weights, columns) {
  const {inputs, outputs, from, to, kernel, activation} = layer, spread = kernel * kernel * outputs;
  const rows = weightsAt(weights, layer.weight, spread * inputs), bias = weightsAt(weights, layer.bias, outputs);
  const nothing = new Float32Array(spread), out = new Float32Array(to[0] * to[1] * outputs);
  const activate = ACTIVATE[activation ?? "none"];
  return (x) => {
    matrixProduct(rows, nothing, x, columns, spread, inputs, from[0] * from[1]);
    scatterColumns(columns, out, bias, layer);
    activate(out);
    return out;
  };
}

/** Rows and columns of a layer's weights. @param {LayerRecord} record @returns {[number, number]} */
export function matrixOf(record) {
  const {inputs, outputs} = record;
  if (record.kind === "linear") return [inputs, outputs];
  return record.kind === "conv" ? [outputs, record.kernel ** 2 * inputs] : [record.kernel ** 2 * outputs, inputs];
}

/** How many numbers a layer gives. @param {LayerRecord} record */
export function outputsOf(record) {
  return record.kind === "linear" ? record.outputs : record.to[0] * record.to[1] * record.outputs;
}

/** How many numbers a layer needs in the buffer `columns` that all layers share. @param {LayerRecord} record */
export function columnsOf(record) {
  if (record.kind === "linear") return 0;
  const {kind, inputs, outputs, from, to, kernel} = record;
  return kernel * kernel * (kind === "conv" ? inputs * to[0] * to[1] : outputs * from[0] * from[1]);
}

/** @param {Vector} x @param {Float32Array} columns @param {ConvolutionRecord} layer */
function gatherColumns(x, columns, {inputs, from: [height, width], to, kernel, stride, padding, planar}) {
  const pixel = planar ? 1 : inputs, channel = planar ? height * width : 1;
  let n = 0;
  for (let v = 0; v < to[0]; v++) for (let u = 0; u < to[1]; u++) {
    for (let j = 0; j < kernel; j++) for (let i = 0; i < kernel; i++) {
      const y = v * stride - padding + j, left = u * stride - padding + i;
      const inside = y >= 0 && y < height && left >= 0 && left < width, start = (y * width + left) * pixel;
      for (let c = 0; c < inputs; c++) columns[n++] = inside ? x[start + c * channel] : 0;
    }
  }
}

/** @param {Float32Array} columns @param {Float32Array} out @param {Float32Array} bias @param {ConvolutionRecord} layer */
function scatterColumns(columns, out, bias, {outputs, from, to: [height, width], kernel, stride, padding, planar}) {
  const pixel = planar ? 1 : outputs, channel = planar ? height * width : 1;
  for (let p = 0; p < height * width; p++) for (let c = 0; c < outputs; c++) out[p * pixel + c * channel] = bias[c];
  let n = 0;
  for (let v = 0; v < from[0]; v++) for (let u = 0; u < from[1]; u++) {
    for (let j = 0; j < kernel; j++) for (let i = 0; i < kernel; i++, n += outputs) {
      const y = v * stride - padding + j, left = u * stride - padding + i;
      if (y < 0 || y >= height || left < 0 || left >= width) continue;
      const start = (y * width + left) * pixel;
      for (let c = 0; c < outputs; c++) out[start + c * channel] += columns[n + c];
    }
  }
}

/**
 * out[p][m] = bias[m] + the sum over k of rows[m][k] columns[p][k], in blocks of 4 by 2 whose sums stay in registers. At the
 * edges a block counts its last row again: it writes the same number twice.
 *
 * @param {Float32Array} rows @param {Float32Array} bias @param {Vector} columns @param {Float32Array} out
 * @param {number} outputs @param {number} depth @param {number} places
 */
function matrixProduct(rows, bias, columns, out, outputs, depth, places) {
  for (let p = 0; p < places; p += 2) {
    const q = Math.min(p + 1, places - 1), xp = p * depth, xq = q * depth;
    for (let m = 0; m < outputs; m += 4) {
      const m1 = Math.min(m + 1, outputs - 1), m2 = Math.min(m + 2, outputs - 1), m3 = Math.min(m + 3, outputs - 1);
      const w0 = m * depth, w1 = m1 * depth, w2 = m2 * depth, w3 = m3 * depth;
      let p0 = bias[m], p1 = bias[m1], p2 = bias[m2], p3 = bias[m3], q0 = p0, q1 = p1, q2 = p2, q3 = p3;
      for (let k = 0; k < depth; k++) {
        const a = columns[xp + k], b = columns[xq + k], r0 = rows[w0 + k], r1 = rows[w1 + k], r2 = rows[w2 + k], r3 = rows[w3 + k];
        p0 += r0 * a; p1 += r1 * a; p2 += r2 * a; p3 += r3 * a;
        q0 += r0 * b; q1 += r1 * b; q2 += r2 * b; q3 += r3 * b;
      }
      const op = p * outputs, oq = q * outputs;
      out[op + m] = p0; out[op + m1] = p1; out[op + m2] = p2; out[op + m3] = p3;
      out[oq + m] = q0; out[oq + m1] = q1; out[oq + m2] = q2; out[oq + m3] = q3;
    }
  }
}

/** @type {{[name: string]: (values: Float32Array) => void}} */
const ACTIVATE = {
  none() {},
  relu(v) { for (let i = 0; i < v.length; i++) if (v[i] < 0) v[i] = 0; },
  tanh(v) { for (let i = 0; i < v.length; i++) v[i] = Math.tanh(v[i]); },
  silu(v) { for (let i = 0; i < v.length; i++) v[i] /= 1 + Math.exp(-v[i]); },
};
