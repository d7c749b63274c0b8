// Counts above a threshold, and the bars of a histogram.

import assert from "node:assert/strict";
import {test} from "node:test";
import {above, axis, bars} from "../../vae_ui/anomalies/js/counts.js";

test("a score at the threshold is not above it", () => {
  const sorted = [1, 2, 2, 3];
  assert.deepEqual([0, 1, 2, 2.5, 3].map((at) => above(sorted, at)), [4, 3, 1, 1, 0]);
  assert.equal(above([], 1), 0);
});

test("each place is in one bar, those at the ends in the outermost", () => {
  assert.deepEqual(bars([0, 0.1, 0.5, 0.99, 1], 4), [2, 0, 1, 2]);
});

test("one far score does not squeeze the others, and the way back from a place gives the score", () => {
  const normal = Array.from({length: 200}, (_, i) => i), {place, score} = axis(normal, [1e6]);
  assert.ok(place(0) === 0 && place(1e6) === 1 && place(199) - place(0) > 0.1);
  assert.deepEqual([score(0), score(1)], [0, 1e6], "exact at the ends");
  for (const value of [0, 17, 150, 3e4]) assert.ok(Math.abs(score(place(value)) - value) < 1e-6 * (1 + value));
});

test("equal scores still have a place", () => {
  const {place} = axis([2, 2], []);
  assert.equal(place(2), 0);
});
