// The drawings of this browser: they outlive the page, so that their strokes can still be taken back.

/** @import {Drawing} from "./drawing.js" */

const MOST = 24;  // drawings that are kept

/**
 * `known`: what was drawn, stroke by stroke, by the picture that Python was sent of it. `latest`: the drawing that was sent last.
 * `centred`: whether the model sees drawings with their centre of mass in the middle.
 *
 * @typedef {{known: Map<string, Pick<Drawing, "base" | "acts">>, latest: Drawing | null, centred: boolean}} Drawings
 */

const everywhere = /** @type {{[name: symbol]: Drawings | undefined}} */ (globalThis);
export const drawings = (everywhere[Symbol.for("latent-drawings")] ??= {known: new Map(), latest: null, centred: true});

/** @param {string} picture as Python was sent it @param {Drawing} drawing */
export function keepDrawing(picture, {base, acts}) {
  const {known} = drawings;
  known.set(picture, structuredClone({base, acts}));
  for (const oldest of [...known.keys()].slice(0, -MOST)) known.delete(oldest);
}
