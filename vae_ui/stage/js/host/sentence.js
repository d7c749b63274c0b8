// The text of a sentence of token ids: its words up to the end, whose id is 1, or to padding, whose id is 0.

import {END} from "../likelihoods/gru.js";

/** @import {Vector} from "../types.d.ts" */
/** How each id is written, and whether there are spaces between the words. @typedef {{names: string[], spaced: boolean}} VocabularyRecord */

/** @param {Vector} ids @param {VocabularyRecord} vocabulary */
export function sentenceOf(ids, {names, spaced}) {
  const end = ids.findIndex((/** @type {number} */ id) => id <= END), words = [...(end < 0 ? ids : ids.slice(0, end))];
  return words.map((id) => names[id] ?? "").join(spaced ? " " : "");
}
