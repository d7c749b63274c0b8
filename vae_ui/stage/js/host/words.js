// Every word that a person sees is asked for here, in English; Python sends the table of another language.

/** @import {Words} from "../types.d.ts" */

/** @type {Words} */
let table = {};

/** The table of the person's language; without one everything stays English. @param {Words | undefined} words */
export function useWords(words) {
  table = words ?? {};
}

/**
 * The sentence in the person's language, with each `{name}` replaced by its value. The argument is always a literal string, and
 * the call never stands inside a template literal, so that a catalogue can be read from the source.
 *
 * @param {string} english @param {{[name: string]: string | number}} [values]
 */
export function t(english, values = {}) {
  return (table[english] ?? english).replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}

/** A whole number with separators: 10,000. @param {number} count */
export const inThousands = (count) => count.toLocaleString("en");

/** A number with a true minus sign; a dash for none. @param {number} value @param {number} [digits] */
export function inDigits(value, digits = 2) {
  return Number.isFinite(value) ? value.toFixed(digits).replace("-", "\u2212") : "\u2013";
}

/** Rounded as it is written, so that a sum that is written is right. @param {number} value */
export const inTenths = (value) => Math.round(10 * value) / 10;
