// The app's theme, light or dark, read where Streamlit puts it: in CSS variables.

/** @import {Theme} from "../types.d.ts" */

/**
 * `language` gives each part of the model its colours, light and dark (vae_ui's palette).
 *
 * @param {Element} element @param {{[name: string]: [string, string]}} language @returns {Theme}
 */
export function readTheme(element, language) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name, /** @type {string} */ other) => style.getPropertyValue(name).trim() || other;
  const back = read("--st-background-color", "#ffffff");
  const [r, g, b] = (/^#(..)(..)(..)/.exec(back) ?? ["", "ff", "ff", "ff"]).slice(1).map((v) => parseInt(v, 16));
  const dark = 0.3 * r + 0.59 * g + 0.11 * b < 128;
  const paint = Object.fromEntries(Object.entries(language).map(([name, pair]) => [name, pair[dark ? 1 : 0]]));
  const font = read("--st-font", "sans-serif");
  return {back, dark, paint, font, text: read("--st-text-color", "#17202b"), border: read("--st-border-color", "#c9d2de")};
}
