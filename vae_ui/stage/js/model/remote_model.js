// A model that a browser cannot run, as its entry in a Python registry says (`browser = False`). It has the methods of
// network.js, but Python does the work: what has been answered is given at once, anything else becomes the next question.
// One question is on its way at most.

/** @import {Answer, Posterior, Question, RemoteHeader, Terms, Vector} from "../types.d.ts" */

/** Milliseconds after which a question counts as lost. */
export const PATIENCE = 8000;

/** A key for an input: the label and every number. @param {Vector} values @param {number | string} label */
const keyOf = (values, label) => `${label}:${values.join()}`;

/** A key for what is given. @param {Vector | null | undefined} x @param {number[] | null | undefined} said @param {number} label */
const keyOfGiven = (x, said, label) => keyOf(x ?? [], keyOf(said ?? [], label));

/** As a question has it. @param {Vector | null} x @param {number[] | null} said */
const parts = (x, said) => ({...(x && {x: [...x]}), ...(said && {said})});

export class RemoteModel {
  remote = true;
  /** Answers come by themselves: the scene need not ask again. */ behind = false;
  slow = false;
  /** The picture last answered, and the probabilities of the words beside it. @type {Float32Array | null} */ out = null;
  /** @type {Float32Array | null} */ words = null;
  /** The number of the last question. */ number = 0;
  /** When the last question left, in ms. */ since = -Infinity;
  /** What is wanted and not asked yet. @type {Question | null} */ open = null;
  /** The question on its way. @type {Question | null} */ flying = null;
  /** Keys of what has been answered: x, z, and both together. */
  #known = {x: "", z: "", both: ""};

  /** @param {RemoteHeader} header */
  constructor({shape, latent_dim: latentDim, classes, posterior, columns, vocabulary, caption}) {
    this.shape = shape;
    this.columns = columns ?? null;
    this.vocabulary = vocabulary ?? null;
    this.caption = caption ?? null;
    this.latentDim = latentDim;
    this.classes = classes;
    this.isPoint = posterior === "point";
    /** @type {Posterior} */
    this.q = {mean: new Float32Array(latentDim), logvar: null};
    /** @type {Terms} */
    this.answered = {distortion: NaN, rate: null, kl: new Float32Array(latentDim)};
  }

  /** @param {Vector | null} x @param {number} [label] @param {number[] | null} [said] */
  encode(x, label = 0, said = null) {
    if (keyOfGiven(x, said, label) !== this.#known.x) this.want({...parts(x, said), label});
    return this.q;
  }

  /** The words last answered. @param {Vector} _z */
  speak(_z) {
    return this.words;
  }

  /** @param {Vector} z @param {number} [label] @param {number} [_until] */
  decode(z, label = 0, _until = Infinity) {
    if (keyOf(z, label) !== this.#known.z) this.want({z: [...z], label});
    return this.out;
  }

  /** @param {Vector | null} x @param {Posterior} _q @param {Vector} z @param {number} [label] @param {number} [_until]
   * @param {number[] | null} [said] */
  terms(x, _q, z, label = 0, _until = Infinity, said = null) {
    if (keyOf(z, keyOfGiven(x, said, label)) !== this.#known.both) this.want({...parts(x, said), z: [...z], label});
    return this.answered;
  }

  /** @param {Question} question */
  want(question) {
    this.open = {...this.open, ...question};
  }

  /** The next question with its number, or null while one is on its way. */
  ask() {
    const {open} = this;
    if (!open || (this.flying && performance.now() - this.since < PATIENCE - 100)) return null;
    [this.open, this.since, this.number] = [null, performance.now(), this.number + 1];
    this.flying = open;
    return {number: this.number, ...open};
  }

  /** True when this was the answer that was waited for. @param {Answer} answer */
  hear({number, mean, scale, z, out, words, distortion, rate, kl}) {
    if (!this.flying || number !== this.number) return false;
    const {x, said, label} = this.flying, code = Float32Array.from(z);
    this.flying = null;
    this.out = Float32Array.from(out);
    this.words = words ? Float32Array.from(words) : null;
    this.#known.z = keyOf(code, label);
    if (!mean || !scale) return true;
    this.q = {mean: Float32Array.from(mean), logvar: this.isPoint ? null : Float32Array.from(scale, (s) => 2 * Math.log(s))};
    this.#known.x = keyOfGiven(x, said, label);
    this.answered = {distortion, rate, kl: kl && Float32Array.from(kl)};
    this.#known.both = keyOf(code, keyOfGiven(x, said, label));
    return true;
  }
}
