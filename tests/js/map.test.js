// Picking, the map's projection and its viewport against numpy.

import assert from "node:assert/strict";
import {test} from "node:test";
import {drawDensity, isDense} from "../../vae_ui/stage/js/map/dots.js";
import {centres, inside, mask, nearest} from "../../vae_ui/stage/js/map/picking.js";
import {Projection} from "../../vae_ui/stage/js/map/projection.js";
import {Viewport, niceStep} from "../../vae_ui/stage/js/map/viewport.js";
import {close, fixtures} from "./fixtures.js";

const {picking, plane} = fixtures;
const points = Float32Array.from(picking.points), classes = Uint8Array.from(picking.classes);

test("the nearest visible point within reach is meant", () => {
  for (const {x, y, reach, index} of picking.queries) assert.equal(nearest(points, classes, picking.shown, x, y, reach), index);
});

test("a lasso holds the points inside by the even-odd rule, hidden classes left out", () => {
  for (const {corners, indices} of picking.polygons) assert.deepEqual(inside(points, classes, picking.shown, corners), indices);
});

test("a selection travels as one bit a point", () => {
  const {indices, count, base64} = picking.mask;
  assert.equal(mask(indices, count), base64);
});

test("a class's middle is the median of its coordinates, null where it has no point", () => {
  const found = centres(points, classes, picking.centres.length);
  picking.centres.forEach((expected, k) => (expected ? close(found[k] ?? [], expected, 1e-6) : assert.equal(found[k], null)));
});

test("codes lie on the plane where Python lays them, and places lift to its codes", () => {
  const projection = new Projection(plane.plane, points);
  plane.codes.forEach((code, i) => close(projection.place(code), plane.flat[i], 1e-5));
  plane.points.forEach((place, i) => close(projection.code(place), plane.lifted[i], 1e-5));
});

test("q's ellipse on the plane is Python's", () => {
  const q = {mean: Float32Array.from(plane.q.mean), logvar: Float32Array.from(plane.q.std, (v) => 2 * Math.log(v))};
  const found = new Projection(plane.plane, points).ellipse(q);
  assert.ok(found);
  close([...found.mean, ...found.std, found.rho], [...plane.ellipse.mean, ...plane.ellipse.std, plane.ellipse.rho], 1e-5);
  assert.equal(new Projection(null, points).ellipse(q), null);
});

test("without a plane the nearest dot gives code and place", () => {
  const codes = Uint16Array.from([0x3c00, 0x4000, 0xbc00, 0x0000]);  // 1, 2; -1, 0
  const projection = new Projection(null, Float32Array.of(0, 0, 5, 5), codes);
  close(projection.code([4, 4]), [-1, 0], 0);
  close(projection.place([1.1, 1.9]), [0, 0], 0);
  close(new Projection(null, points).place([3, 4]), [3, 4], 0);
});

test("screen and data are inverse, and a zoom keeps the point under the pointer", () => {
  const view = new Viewport([-3, 3, -2, 2]);
  view.resize(700, 500);
  close([view.dx(view.sx(1.25)), view.dy(view.sy(-0.5))], [1.25, -0.5], 1e-9);
  const x = view.dx(200), y = view.dy(100);
  assert.ok(view.zoomAt(200, 100, 3));
  close([view.dx(200), view.dy(100)], [x, y], 1e-9);
  assert.ok(view.zoomAt(0, 0, 1e9));
  assert.equal(view.zoomAt(0, 0, 2), false);
  view.fit();
  assert.equal(view.zoom, 1);
});

test("ticks are 1, 2 or 5 times a power of ten, at least as far apart as asked", () => {
  for (const scale of [0.03, 1, 7.7, 400]) {
    const step = niceStep(scale, 72), digit = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
    assert.ok(step * scale >= 71.9 && [1, 2, 5].some((k) => Math.abs(k - digit) < 1e-6), `${step} at ${scale}`);
  }
});

test("a part of dense dots stands for all: the same colours and about the same strength", () => {
  const view = new Viewport([-1, 1, -1, 1]), count = 300000, places = new Float32Array(2 * count), kinds = new Uint8Array(count);
  view.resize(200, 150);
  let seed = 1;
  const next = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let i = 0; i < count; i++) {
    places.set([2 * next() - 1, 2 * next() - 1], 2 * i);
    kinds[i] = places[2 * i] > 0 ? 1 : 0;
  }
  const drawn = (/** @type {number} */ stride) => {
    const image = /** @type {ImageData} */ ({width: 200, height: 150, data: new Uint8ClampedArray(4 * 200 * 150)});
    drawDensity(image, view, 1, places, kinds, [1, 1], ["#ff0000", "#0000ff"], 0.01, null, kinds, stride);
    return image.data;
  };
  const mean = (/** @type {Uint8ClampedArray} */ data, /** @type {number} */ colour) => {
    let sum = 0, strength = 0;
    for (let o = 0; o < data.length; o += 4) [sum, strength] = [sum + data[o + colour] * data[o + 3], strength + data[o + 3]];
    return [sum / strength, strength / (data.length / 4)];
  };
  const [all, part] = [drawn(1), drawn(4)];
  assert.ok(mean(all, 0)[1] > 10, `${mean(all, 0)[1]}`);
  for (const colour of [0, 2]) close(mean(part, colour), mean(all, colour), 2);
});

test("where dots are denser than pixels, a pixel has their mean colour, and the strength of as many layers", () => {
  const view = new Viewport([-1, 1, -1, 1]), image = /** @type {ImageData} */ ({width: 200, height: 150, data: new Uint8ClampedArray(4 * 200 * 150).fill(9)});
  view.resize(200, 150);
  const here = [0.2, 0.1], there = [-0.5, 0.3], many = Float32Array.from([...here, ...here, ...here, ...there, 50, 50, ...there]);
  drawDensity(image, view, 1, many, Uint8Array.of(0, 0, 1, 1, 0, 2), [1, 1, 0], ["#ff0000", "#0000ff", "#00ff00"], 0.5, Uint8Array.of(1, 1, 1, 0, 1, 1));
  const at = (/** @type {number[]} */ [x, y]) => [0, 1, 2, 3].map((c) => image.data[4 * (Math.round(view.sy(y)) * 200 + Math.round(view.sx(x))) + c]);
  close(at(here), [170, 0, 85, 255 * (1 - 0.5 ** 3)], 1);
  close(at(there), [0, 0, 255, 255 * (1 - 0.5 ** 0.12)], 1);  // beside a selection; the third class is hidden
  assert.equal(image.data.filter((v, i) => i % 4 === 3 && v > 0).length, 2);
  assert.ok(isDense(1e6, 1) && isDense(1e6, 4) && !isDense(1e6, 5) && !isDense(60000, 1));
});
