// Reconstructed sentences and molecules above their originals; what differs from the original is bold.

import {labelled, make, setText} from "../../stage/js/host/elements.js";

/** @import {Theme} from "../../stage/js/types.d.ts" */

const MOST = 5;  // pairs that are shown

/** @param {HTMLElement} place @param {string[]} texts the reconstructions @param {string[]} originals @param {Theme} theme */
export function writeTexts(place, texts, originals, {paint}) {
  const count = Math.min(MOST, originals.length);
  for (const part of ["out", "x"]) place.style.setProperty(`--${part}`, paint[part]);
  if (place.children.length !== count) place.replaceChildren(...Array.from({length: count}, pair));
  [...place.children].forEach((one, i) => {
    const [made, original] = one.querySelectorAll(".text"), text = texts[i] ?? "";
    const same = made.textContent === text && original.textContent === originals[i];
    setText(original, originals[i]);
    if (!same) made.replaceChildren(...pieces(text, originals[i]).map(([piece, kept]) => labelled(kept ? "span" : "b", "", piece)));
  });
}

/** Two lines: x' and x. */
function pair() {
  const one = make("div", "pair");
  for (const [name, part] of [["x\u2032", "out"], ["x", "in"]]) {
    const line = make("div", part);
    line.append(labelled("span", "name", name), make("span", "text"));
    one.append(line);
  }
  return one;
}

/**
 * A text in pieces, and whether they stand at the same place of the original: words where it has spaces, else characters.
 *
 * @param {string} text @param {string} original @returns {[string, boolean][]}
 */
export function pieces(text, original) {
  const split = (/** @type {string} */ one) => (original.includes(" ") ? one.split(/(?= )/) : [...one]), others = split(original);
  /** @type {[string, boolean][]} */ const found = [];
  split(text).forEach((piece, i) => {
    const same = piece === others[i], last = found.at(-1);
    if (last?.[1] === same) last[0] += piece;
    else found.push([piece, same]);
  });
  return found;
}
