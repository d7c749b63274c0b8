// What Python says: numbers that tests/helpers/javascript_fixtures.py has written for these tests.

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";

/** @import {ModelHeader, PlaneRecord, Point} from "../../vae_ui/stage/js/types.d.ts" */

/**
 * Inputs of a model and what torch makes of them; each list has a row for each input.
 *
 * @typedef {object} ModelFixture
 * @property {string} name
 * @property {ModelHeader} header
 * @property {number[]} weights float32, or the bits of float16
 * @property {boolean} half
 * @property {number[] | null} levels the weights of 8 bits
 * @property {number[] | null} scales
 * @property {number} within the largest error that is allowed
 * @property {number[][]} x
 * @property {number[][]} z
 * @property {number[] | null} y
 * @property {{mean: number[][], logvar: number[][] | null, picture: number[][], distortion: number[], kl: number[][],
 *   slopes: number[][]}} expected
 */

/**
 * A model of sentences: what torch writes at each code, and the codes and distortions of some sentences x.
 *
 * @typedef {Pick<ModelFixture, "header" | "weights" | "half" | "levels" | "scales" | "x" | "y" | "z"> &
 *   {expected: {ids: number[][], mean: number[][], distortion: number[]}}} SentenceFixture
 */

/**
 * A model of a picture x and its words: q(z) given "picture", "words" and "picture+words", and what torch makes of each code.
 *
 * @typedef {Pick<ModelFixture, "header" | "weights" | "half" | "levels" | "scales" | "x" | "z"> & {said: number[][], expected:
 *   {q: {[given: string]: {mean: number[][], logvar: number[][]}}, words: number[][], nats: {picture: number[], words: number[]}}}}
 *   PairFixture
 */

/**
 * @typedef {object} Fixtures
 * @property {ModelFixture[]} models
 * @property {SentenceFixture[]} sentences
 * @property {PairFixture[]} pairs
 * @property {{plane: PlaneRecord, codes: number[][], flat: Point[], points: Point[], lifted: number[][],
 *   q: {mean: number[], std: number[]}, ellipse: {mean: Point, std: Point, rho: number}}} plane
 * @property {{a: number[], b: number[], kind: "linear" | "spherical", codes: number[][]}[]} paths
 * @property {{points: number[], classes: number[], shown: number[], queries: {x: number, y: number, reach: number, index: number}[],
 *   polygons: {corners: number[], indices: number[]}[], mask: {indices: number[], count: number, base64: string},
 *   centres: (Point | null)[]}} picking
 * @property {{table: number[], z: number[], nearest: number[]}} neighbours
 * @property {{base64: string, title: string, arrays: {[name: string]: {kind: string, shape: number[], values: number[]}}}} payload
 * @property {{halves: number[], values: number[]}} float16
 * @property {{side: number, mass: number, strokes: Point[][], ink: number[], centred: number[]}} drawing
 */

const path = process.env.FIXTURES;
if (!path) throw new Error("Run these tests by: python -m pytest tests/ui/test_javascript.py");

export const fixtures = /** @type {Fixtures} */ (JSON.parse(readFileSync(path, "utf8")));

/** The arrays of a model's weights as a block has them. @param {Pick<ModelFixture, "weights" | "half" | "levels" | "scales">} fixture */
export function storedWeights({weights, half, levels, scales}) {
  const exact = half ? Uint16Array.from(weights) : Float32Array.from(weights);
  return levels && scales ? {weights: exact, levels: Int8Array.from(levels), scales: Float32Array.from(scales)} : {weights: exact};
}

/**
 * Each number within `within` of the other.
 *
 * @param {ArrayLike<number>} found @param {ArrayLike<number>} expected @param {number} within @param {string} [what]
 */
export function close(found, expected, within, what = "") {
  assert.equal(found.length, expected.length, what);
  for (let i = 0; i < expected.length; i++) {
    assert.ok(Math.abs(found[i] - expected[i]) <= within, `${what}[${i}]: ${found[i]}, expected ${expected[i]} within ${within}`);
  }
}
