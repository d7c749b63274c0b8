// The weights of one unit of a network, read from the model's array of weights: those that lead to it, and those that lead on.

/** @import {LayerRecord} from "../types.d.ts" */

/**
 * The weights that lead to a unit: one for each input of a linear layer; for a channel of a convolution kernel * kernel * inputs
 * numbers, place by place, the inputs of a place side by side.
 *
 * @param {LayerRecord} record @param {Float32Array} weights @param {number} unit
 */
export function incomingWeights(record, weights, unit) {
  const {inputs, outputs, weight} = record;
  if (record.kind === "linear") return Float32Array.from({length: inputs}, (_, i) => weights[weight + i * outputs + unit]);
  const places = record.kernel ** 2;
  if (record.kind === "conv") return weights.slice(weight + unit * places * inputs, weight + (unit + 1) * places * inputs);
  const row = (/** @type {number} */ n) => weight + (Math.floor(n / inputs) * outputs + unit) * inputs + (n % inputs);
  return Float32Array.from({length: places * inputs}, (_, n) => weights[row(n)]);
}

/**
 * The weights that lead from unit `unit` of the layer before to each output of a linear layer.
 *
 * @param {Extract<LayerRecord, {kind: "linear"}>} record @param {Float32Array} weights @param {number} unit
 */
export const outgoingWeights = ({outputs, weight}, weights, unit) => weights.slice(weight + unit * outputs, weight + (unit + 1) * outputs);
