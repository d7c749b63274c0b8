// Work that may take longer than a frame: it goes on a slice at a time, and a newer question waits until the one at work is answered.

/** Milliseconds of a frame that such work may take. */
export const SLICE = 8;
const SOME = 5;  // answers

/** @template Key, T @typedef {{key: Key, steps: Generator<void, T>, took: number}} Work */

/** @template Key, T */
export class Paced {
  /** The last answer. @type {T | null} */ value = null;
  /** How long the last answers took, in ms. @type {number[]} */ #lately = [];
  /** @type {Work<Key, T> | null} */ #work = null;

  /** @param {Key} key of what is answered before there is a question */
  constructor(key) {
    this.key = key;
  }

  /** How long an answer takes at least, in ms: one may have waited for other work of the computer. 0 until that is known. */
  get least() { return this.#lately.length < SOME ? 0 : Math.min(...this.#lately); }

  /**
   * Work until the time `until`, or until `key` is answered; gives the key of the last answer.
   *
   * @param {Key} key @param {() => Generator<void, T>} begin @param {number} until
   */
  follow(key, begin, until) {
    while (this.key !== key && this.#goOn((this.#work ??= {key, steps: begin(), took: 0}), until));
    return this.key;
  }

  /** Whether it is done. @param {Work<Key, T>} work @param {number} until */
  #goOn(work, until) {
    const began = performance.now();
    let step = work.steps.next(), now = performance.now();
    for (; !step.done && now < until; now = performance.now()) step = work.steps.next();
    work.took += now - began;
    if (!step.done) return false;
    this.key = work.key;
    this.value = step.value;
    this.#lately = [...this.#lately, work.took].slice(-SOME);
    this.#work = null;
    return true;
  }
}
