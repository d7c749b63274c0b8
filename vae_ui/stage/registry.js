// Where payloads and maps meet: two components on one page, found through one global name.

import {Model, halfToFloat} from "./net.js";
import {Remote} from "./remote.js";

export const registry = (globalThis[Symbol.for("latent-stage")] ??= {queue: []});
registry.blocks ??= new Map();
registry.waiting ??= new Map();

// The model of a block of weights, made once however many stages show it.
export function modelOf({header, arrays}) {
  if (header.model.remote) return new Remote(header.model);
  const {weights} = arrays, floats = weights instanceof Uint16Array ? halfToFloat(weights) : weights;
  return Object.assign(new Model(header.model, floats), {shape: header.model.shape, latentDim: header.model.latent_dim});
}

export function keep(block) {
  const {hash} = block.header;
  block.came = performance.now();
  registry.blocks.delete(hash);
  registry.blocks.set(hash, block);
  while (registry.blocks.size > 8) registry.blocks.delete(registry.blocks.keys().next().value);
  registry.waiting.get(hash)?.forEach((resolve) => resolve(block));
  registry.waiting.delete(hash);
}

// `ask` is called when nothing came: Python believed that this browser still held the block.
export function whenHere(hash, use, ask) {
  if (registry.blocks.has(hash)) return use(registry.blocks.get(hash));
  registry.waiting.set(hash, [...(registry.waiting.get(hash) ?? []), use]);
  setTimeout(() => registry.waiting.has(hash) && ask(), 3000);
}
