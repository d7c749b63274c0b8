// Where blocks and stages meet. One Streamlit component carries a block of bytes, another is the stage that shows it; they
// find each other through one global name, since each may come first.

import {Model} from "../model/network.js";
import {RemoteModel} from "../model/remote_model.js";
import {allWeights} from "../model/stored_weights.js";

/** @import {Block, Component, FigureBlock, MapBlock, ModelHeader, StageData} from "../types.d.ts" */

/** @import {WeightArrays} from "../model/stored_weights.js" */

/**
 * @typedef {Block<{hash: string, model: ModelHeader}, WeightArrays>
 *   & {came?: number, model?: Model | RemoteModel}} ModelBlock
 */
/** @typedef {MapBlock | ModelBlock | FigureBlock & {came?: number}} AnyBlock */
/** @typedef {Component<StageData>} StageComponent */

/**
 * `queue` and `bytes`: stages and blocks that came before this code; `mount` and `take` are called for those that come later.
 *
 * @typedef {object} Meeting
 * @property {StageComponent[]} queue
 * @property {(component: StageComponent) => void} [mount]
 * @property {Uint8Array[]} bytes
 * @property {(bytes: Uint8Array) => void} [take]
 * @property {Map<string, AnyBlock>} blocks
 * @property {Map<string, ((block: AnyBlock) => void)[]>} waiting
 */

const MOST = 16;  // blocks that are kept
const PATIENCE = 3000;  // ms after which a block that has not come is asked for

const everywhere = /** @type {{[name: symbol]: Partial<Meeting> | undefined}} */ (globalThis);
const found = (everywhere[Symbol.for("latent-stage")] ??= {});

/** @type {Meeting} */
export const meeting = Object.assign(found, {
  queue: found.queue ?? [],
  bytes: found.bytes ?? [],
  blocks: found.blocks ?? new Map(),
  waiting: found.waiting ?? new Map(),
});

/** The model of a block of weights, made once however many stages show it. @param {ModelBlock} block */
export function modelOf(block) {
  block.model ??= makeModel(block);
  return block.model;
}

/** @param {ModelBlock} block */
function makeModel({header: {model}, arrays}) {
  return model.remote ? new RemoteModel(model) : new Model(model, allWeights(model.parts, arrays));
}

/** Keep a block for the stages that show it. One that is here already stays, with the model made of it. @param {AnyBlock} sent */
export function keep(sent) {
  const {hash} = sent.header, {blocks, waiting} = meeting, block = blocks.get(hash) ?? sent;
  block.came = performance.now();
  blocks.delete(hash);
  blocks.set(hash, block);
  for (const oldest of [...blocks.keys()].slice(0, -MOST)) blocks.delete(oldest);
  waiting.get(hash)?.forEach((resolve) => resolve(block));
  waiting.delete(hash);
}

/**
 * `ask` is called when nothing came: Python believed that this browser still held the block.
 *
 * @param {string} hash @param {(block: any) => void} use @param {() => void} ask
 */
export function whenHere(hash, use, ask) {
  const {blocks, waiting} = meeting, here = blocks.get(hash);
  if (here) return use(here);
  waiting.set(hash, [...(waiting.get(hash) ?? []), use]);
  setTimeout(() => waiting.has(hash) && ask(), PATIENCE);
}
