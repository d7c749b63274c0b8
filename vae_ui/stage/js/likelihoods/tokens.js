// The likelihood `tokens`: each word is categorical given the code and the words before it, which a GRU reads as it writes.

import {END, Gru, PAD} from "./gru.js";

/** @import {LinearRecord, Vector} from "../types.d.ts" */
/** @import {Backend} from "../model/layers/javascript_backend.js" */
/** @import {GruRecord} from "./gru.js" */
/** @import {Likelihood} from "./likelihoods.js" */
/**
 * `first` makes the first states of a context, `out` the logits of the next word.
 *
 * @typedef {GruRecord & {first: LinearRecord, out: LinearRecord}} WriterRecord
 */

/**
 * The likelihood `tokens`. What takes a step for each word is a generator that pauses after each, so that a frame need not wait for it.
 *
 * @param {WriterRecord} record @param {Backend} backend @returns {Likelihood}
 */
export function tokens(record, backend) {
  const gru = new Gru(record, backend), first = backend.layer(record.first), logits = backend.layer(record.out);

  const begin = (/** @type {Vector} */ context) => gru.begin(first(context, 0), context);

  /** The likeliest word at each place given those before it: ids, END once and then PAD. @param {Vector} context @param {Float32Array} out */
  function* write(context, out) {
    const state = begin(context), ids = new Float32Array(out.length);
    for (let place = 0, last = PAD; place < ids.length && last !== END; place++) {
      ids[place] = last = END + largest(logits(gru.step(last, state), 0));
      yield;
    }
    out.set(ids);
  }

  /** -ln p(x|z) in nats, the end included. @param {Vector} context @param {Vector} x @returns {Generator<void, number>} */
  function* measure(context, x) {
    const state = begin(context);
    let nats = 0;
    for (let place = 0, last = PAD; place < x.length && x[place] !== PAD; place++) {
      const scores = logits(gru.step(last, state), 0);
      last = x[place];
      nats += logOfSum(scores) - scores[last - END];
      yield;
    }
    return nats;
  }

  return {mean: (raw, out) => finished(write(raw, out)), loss: (raw, x) => finished(measure(raw, x)), inSteps: {write, measure}};
}

/** @template T @param {Generator<void, T>} steps @returns {T} */
function finished(steps) {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** @param {Float32Array} values */
function largest(values) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}

/** @param {Float32Array} values */
function logOfSum(values) {
  const most = values[largest(values)];
  let all = 0;
  for (let i = 0; i < values.length; i++) all += Math.exp(values[i] - most);
  return most + Math.log(all);
}
