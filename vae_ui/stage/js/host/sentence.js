// Sentences as text: of token ids, the words up to the end, whose id is 1, or to padding, whose id is 0; and those of a map's points.

import {END} from "../likelihoods/gru.js";

/** @import {MapBlock, Vector} from "../types.d.ts" */
/**
 * How each id is written, whether there are spaces between the words, and the marks without one before or after them.
 * @typedef {{names: string[], spaced: boolean, closing: string, opening: string}} VocabularyRecord
 */

/** @param {Vector} ids @param {VocabularyRecord} vocabulary */
export function sentenceOf(ids, {names, spaced, closing, opening}) {
  const end = ids.findIndex((/** @type {number} */ id) => id <= END), words = [...(end < 0 ? ids : ids.slice(0, end))];
  const texts = words.map((id) => names[id] ?? "");
  const isMark = (/** @type {string} */ text, /** @type {string} */ marks) => text !== "" && marks.includes(text);
  return texts.map((text, i) => (spaced && i && !isMark(text, closing) && !isMark(texts[i - 1], opening) ? " " : "") + text).join("");
}

/** @type {WeakMap<Uint8Array, string[]>} */
const known = new WeakMap();

/** The text of each point; none where points have pictures, and until they are unpacked. @param {MapBlock} block */
export function textsOf({arrays: {texts}}) {
  if (!texts) return null;
  const found = known.get(texts) ?? /** @type {string[]} */ (JSON.parse(new TextDecoder().decode(texts)));
  known.set(texts, found);
  return found;
}
