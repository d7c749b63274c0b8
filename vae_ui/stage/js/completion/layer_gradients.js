// The gradient of a layer's output handed back to its input, for layers without their activations. It is a layer again, with transposed
// weights and no bias: that of a convolution is a transposed convolution, and the other way round.

import {backendOf} from "../model/layers/wasm_backend.js";
import {matrixOf} from "../model/layers/javascript_backend.js";

/** @import {Layer, LayerRecord} from "../types.d.ts" */

/** For each record the layer from the gradient by its output to that by its input. @param {LayerRecord[]} records @param {Float32Array} weights @returns {Layer[]} */
export function backwardLayers(records, weights) {
  const matrices = records.map(matrixOf), none = Math.max(...records.map(({inputs}) => inputs));  // zeros that all take for their bias
  const all = new Float32Array(matrices.reduce((sum, [rows, columns]) => sum + rows * columns, none));
  let weight = none;
  const turned = records.map((record, n) => {
    const [rows, columns] = matrices[n], made = transposed(record, weight);
    for (let i = 0, from = record.weight; i < rows; i++) for (let j = 0; j < columns; j++) all[weight + j * rows + i] = weights[from++];
    weight += rows * columns;
    return made;
  });
  const backend = backendOf(turned, all);
  return turned.map((record) => backend.layer(record));
}

/** @param {LayerRecord} record @param {number} weight @returns {LayerRecord} */
function transposed(record, weight) {
  const {inputs: outputs, outputs: inputs} = record, changed = {inputs, outputs, weight, bias: 0, activation: null};
  if (record.kind === "linear") return {...record, ...changed, label: null};
  return {...record, ...changed, kind: record.kind === "conv" ? "deconv" : "conv", from: record.to, to: record.from};
}
