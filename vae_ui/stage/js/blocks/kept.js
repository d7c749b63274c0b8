// The blocks of bytes that this browser holds, by their hashes; the server gives those that it lacks (vae_core/web/blocks.py).

import {Model} from "../model/network.js";
import {RemoteModel} from "../model/remote_model.js";
import {allWeights} from "../model/stored_weights.js";
import {unpack} from "./payload.js";

/** @import {Block, Component, FigureBlock, MapBlock, ModelHeader, StageData} from "../types.d.ts" */

/** @import {WeightArrays} from "../model/stored_weights.js" */

/**
 * @typedef {Block<{hash: string, model: ModelHeader}, WeightArrays>
 *   & {came?: number, model?: Model | RemoteModel}} ModelBlock
 */
/** @typedef {MapBlock | ModelBlock | FigureBlock & {came?: number}} AnyBlock */
/** @typedef {Component<StageData>} StageComponent */
/** What the page's head has begun to fetch, by hash: see index_page.py. @typedef {{[hash: string]: Promise<ArrayBuffer | null>}} Early */

const PATH = "_latent/blocks/";
const MOST = 16;  // blocks that are kept
const TRIES = 7, PAUSE = 250;  // ms before a block is asked for again, doubled with each try: for half a minute

const everywhere = /** @type {{latentBase?: string, latentEarly?: Early}} */ (globalThis);
/** @type {Map<string, AnyBlock>} */ const blocks = new Map();
/** @type {Map<string, ((block: AnyBlock) => void)[]>} */ const waiting = new Map();

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
  const {hash} = sent.header, block = blocks.get(hash) ?? sent;
  block.came = performance.now();
  blocks.delete(hash);
  blocks.set(hash, block);
  for (const oldest of [...blocks.keys()].slice(0, -MOST)) blocks.delete(oldest);
  waiting.get(hash)?.forEach((use) => use(block));
  waiting.delete(hash);
}

/**
 * `ask` is called when the server does not hold the block: Python then gives it anew.
 *
 * @param {string} hash @param {(block: any) => void} use @param {() => void} ask
 */
export function whenHere(hash, use, ask) {
  const here = blocks.get(hash), others = waiting.get(hash);
  if (here) return use(here);
  waiting.set(hash, [...(others ?? []), use]);
  if (!others) fetched(hash, ask).then((block) => (block ? keep(block) : waiting.delete(hash)));
}

/** A block from the server; null where it cannot be had. @param {string} hash @param {() => void} ask @returns {Promise<any>} */
export async function fetched(hash, ask, tries = 0) {
  const bytes = await (early(hash) ?? load(hash)).catch(() => null);
  if (bytes) return unpack(new Uint8Array(bytes));
  if (tries === TRIES) return null;
  ask();
  await new Promise((resolve) => setTimeout(resolve, PAUSE * 2 ** tries));
  return fetched(hash, ask, tries + 1);
}

/** @param {string} hash */
function early(hash) {
  const found = everywhere.latentEarly?.[hash];
  delete everywhere.latentEarly?.[hash];
  return found;
}

/** @param {string} hash */
async function load(hash) {
  const answer = await fetch(`${everywhere.latentBase ?? "/"}${PATH}${hash}`);
  return answer.status === 200 ? answer.arrayBuffer() : null;
}
