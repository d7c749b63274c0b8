// Contours, borders and ellipses against what is known of them.

import assert from "node:assert/strict";
import {test} from "node:test";
import {borderLines, contourLines} from "../../vae_ui/stage/js/figures/contours.js";
import {principal} from "../../vae_ui/stage/js/figures/painters.js";
import {scaleOf} from "../../vae_ui/stage/js/figures/value_scale.js";
import {drawDots} from "../../vae_ui/stage/js/map/dots.js";
import {Viewport} from "../../vae_ui/stage/js/map/viewport.js";
import {find} from "../../vae_ui/stage/js/search/find.js";
import {close} from "./fixtures.js";

const SIDE = 80, /** @type {[number, number, number, number]} */ EXTENT = [-4, 4, -4, 4];

/** @param {(x: number, y: number) => number} value of each cell's centre, the top row first */
function grid(value) {
  const step = 8 / SIDE;
  return Float32Array.from({length: SIDE * SIDE}, (_, i) =>
    value(-4 + ((i % SIDE) + 0.5) * step, 4 - (Math.floor(i / SIDE) + 0.5) * step));
}

test("the lines of a normal density are circles around its middle, closed and of the right length", () => {
  const level = 2, values = grid((x, y) => -Math.hypot(x - 0.6, y + 1.1));
  const lines = contourLines(values, SIDE, SIDE, EXTENT, -level);
  const ends = /** @type {Map<string, number>} */ (new Map());
  let length = 0;
  for (let i = 0; i < lines.length; i += 4) {
    const [a, b, c, d] = lines.slice(i, i + 4);
    for (const [x, y] of [[a, b], [c, d]]) {
      close([Math.hypot(x - 0.6, y + 1.1)], [level], 2e-3);
      const key = `${x.toFixed(4)},${y.toFixed(4)}`;
      ends.set(key, (ends.get(key) ?? 0) + 1);
    }
    length += Math.hypot(c - a, d - b);
  }
  close([length], [2 * Math.PI * level], 0.02);
  assert.ok([...ends.values()].every((count) => count === 2));
});

test("a level that no value reaches has no line", () => {
  assert.deepEqual(contourLines(grid(() => 0), SIDE, SIDE, EXTENT, 1), []);
});

test("a saddle is crossed by two lines", () => {
  const lines = contourLines(Float32Array.of(1, 0, 0, 1), 2, 2, [0, 2, 0, 2], 0.5);
  assert.equal(lines.length, 8);
  close(lines.filter((_, i) => i % 2 === 0).sort(), [0.5, 1, 1, 1.5], 1e-9);
});

test("borders run between cells of different classes only", () => {
  const lines = borderLines(Uint8Array.of(1, 1, 2, 1, 1, 2), 2, 3, [0, 3, 0, 2]);
  assert.deepEqual(lines, [2, 2, 2, 1, 2, 1, 2, 0]);
});

test("half axes and turn of an ellipse are those of its covariance", () => {
  close(principal(2, 1, 0), [2, 1, 0], 1e-12);
  close(principal(1, 1, 0.6), [Math.sqrt(1.6), Math.sqrt(0.4), Math.PI / 4], 1e-12);
  close(principal(1, 3, 0), [3, 1, Math.PI / 2], 1e-12);
});

test("a class, a part of its name and a number are found", () => {
  const names = ["Bag", "Ankle boot", "7"], classes = Uint8Array.of(1, 0, 1, 2, 0);
  assert.deepEqual(find("bag", names, classes), [1, 4]);
  assert.deepEqual(find(" BOOT ", names, classes), [0, 2]);
  assert.deepEqual(find("7", names, classes), [3]);
  assert.deepEqual(find("4", names, classes), [4]);
  assert.deepEqual(find("# 3", names, classes), [3]);
  assert.deepEqual(find("b", names, classes), [0, 1, 2, 4]);
  for (const nothing of ["", "  ", "#5", "5", "coat", "1e3"]) assert.deepEqual(find(nothing, names, classes), []);
});

/** A figure of values, with three stops. @param {number[]} own */
const block = (own) => /** @type {import("../../vae_ui/stage/js/types.d.ts").FigureBlock} */ (/** @type {unknown} */ (
  {header: {levels: [10, 20], names: ["weight"], colours: ["#000000", "#804000", "#ff00ff"]}, arrays: {own: Float32Array.from(own)}, shapes: {}}));

test("a value has the colour of its place between the ends, and one beyond an end that of the end", () => {
  const scale = scaleOf(block([10, 20, 5, 99, NaN, 12.5]));
  assert.deepEqual([...scale.of].map((k) => scale.colours[k]).slice(0, 5), ["#000000", "#ff00ff", "#000000", "#ff00ff", "#8a8f98"]);
  close(scale.colour(15), [128, 64, 0], 3);
  close(scale.colour(12.5), [64, 32, 0], 3);
  close(scale.colour(17.5), [191, 32, 128], 3);
  assert.deepEqual([scale.say(0), scale.say(4), scale.say(5)], ["weight: 10.0", "weight: not known", "weight: 12.5"]);
});

test("dots are painted in the colours of their values where they have some, and classes that are hidden stay hidden", () => {
  const view = new Viewport([-1, 1, -1, 1]);
  view.resize(200, 200);
  const paint = (/** @type {Uint8Array | undefined} */ dyes) => {
    const image = /** @type {ImageData} */ ({width: 200, height: 200, data: new Uint8ClampedArray(4 * 200 * 200)});
    drawDots(image, view, 1, Float32Array.of(-0.5, 0, 0.5, 0), Uint8Array.of(0, 1), [1, 0], ["#ff0000", "#00ff00", "#0000ff"], 3, 1, null, dyes);
    const at = (/** @type {number} */ x) => 4 * (Math.round(view.sy(0)) * 200 + Math.round(view.sx(x)));
    return [-0.5, 0.5].map((x) => Array.from(image.data.subarray(at(x), at(x) + 4)));
  };
  assert.deepEqual(paint(undefined), [[255, 0, 0, 255], [0, 0, 0, 0]]);
  assert.deepEqual(paint(Uint8Array.of(2, 1)), [[0, 0, 255, 255], [0, 0, 0, 0]]);
});
