// The gradient of a layer's output handed back to its input, for the layers of model/layers.js without their activations. Each
// function makes its buffer once and returns (gradient by output) => gradient by input.

/** @import {ConvolutionRecord, LayerRecord, LinearRecord} from "../types.d.ts" */
/** @typedef {(byOutput: Float32Array) => Float32Array} Backward */

/** @param {LayerRecord} record @param {Float32Array} weights @returns {Backward} */
export function backwardOf(record, weights) {
  return record.kind === "linear" ? linearBackward(record, weights) : convolutionBackward(record, weights);
}

/** Of y = x W + b, with a row of W for each input; hidden pixels at the ends have a gradient of 0 and are left out. @param {LinearRecord} record @param {Float32Array} weights @returns {Backward} */
function linearBackward({inputs, outputs, weight}, weights) {
  const w = weights.subarray(weight, weight + inputs * outputs), byInput = new Float32Array(inputs);
  return (byOutput) => {
    const first = Math.max(0, byOutput.findIndex((v) => v !== 0)), end = byOutput.findLastIndex((v) => v !== 0) + 1;
    for (let i = 0, row = 0; i < inputs; i++, row += outputs) {
      let a = 0, b = 0, c = 0, d = 0, j = first;
      for (; j + 3 < end; j += 4) {
        a += w[row + j] * byOutput[j];
        b += w[row + j + 1] * byOutput[j + 1];
        c += w[row + j + 2] * byOutput[j + 2];
        d += w[row + j + 3] * byOutput[j + 3];
      }
      for (; j < end; j++) a += w[row + j] * byOutput[j];
      byInput[i] = a + b + c + d;
    }
    return byInput;
  };
}

/**
 * Of a convolution or a transposed one. Either links each place (v, u) of the smaller grid, at each offset (j, i) of the kernel, to
 * one pixel of the larger grid; a convolution's input is the larger one, a transposed one's output.
 *
 * @param {ConvolutionRecord} record @param {Float32Array} weights @returns {Backward}
 */
function convolutionBackward(record, weights) {
  const {kind, inputs, outputs, from, to, kernel, stride, padding, planar} = record, transposed = kind === "deconv";
  const [few, many] = transposed ? [from, to] : [to, from], depth = transposed ? outputs : inputs, size = many[0] * many[1];
  const pixel = planar ? 1 : depth, channel = planar ? size : 1, spread = kernel * kernel * depth, other = transposed ? inputs : outputs;
  const w = weights.subarray(record.weight, record.weight + spread * other), byInput = new Float32Array(from[0] * from[1] * inputs);
  return (byOutput) => {
    byInput.fill(0);
    for (let v = 0, p = 0; v < few[0]; v++) for (let u = 0; u < few[1]; u++, p += other) {
      for (let j = 0, s = 0; j < kernel; j++) for (let i = 0; i < kernel; i++, s += depth) {
        const y = v * stride - padding + j, x = u * stride - padding + i;
        if (y < 0 || y >= many[0] || x < 0 || x >= many[1]) continue;
        const at = (y * many[1] + x) * pixel;
        for (let c = 0; c < depth; c++) {
          const wide = at + c * channel;
          if (transposed) addRow(byInput, p, w, (s + c) * other, byOutput[wide], other);
          else byInput[wide] += inner(byOutput, p, w, s + c, spread, other);
        }
      }
    }
    return byInput;
  };
}

/**
 * into[p...] += a times w[row...]. @param {Float32Array} into @param {number} p @param {Float32Array} w @param {number} row
 * @param {number} a @param {number} count
 */
function addRow(into, p, w, row, a, count) {
  if (a !== 0) for (let k = 0; k < count; k++) into[p + k] += a * w[row + k];
}

/**
 * The sum over k of values[p + k] w[start + k step]. @param {Float32Array} values @param {number} p @param {Float32Array} w
 * @param {number} start @param {number} step @param {number} count
 */
function inner(values, p, w, start, step, count) {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += values[p + k] * w[start + k * step];
  return sum;
}
