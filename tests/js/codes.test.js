// Paths between codes, neighbours, random numbers, payloads, the drawing's rule of the middle, and the scene.

import assert from "node:assert/strict";
import {test} from "node:test";
import {unpack} from "../../vae_ui/stage/js/blocks/payload.js";
import {t, useWords} from "../../vae_ui/stage/js/host/words.js";
import {Drawing} from "../../vae_ui/stage/js/model/drawing.js";
import {interpolate} from "../../vae_ui/stage/js/model/interpolation.js";
import {countClasses, nearestRow, nearestRows} from "../../vae_ui/stage/js/model/neighbours.js";
import {Model} from "../../vae_ui/stage/js/model/network.js";
import {normals, seeded} from "../../vae_ui/stage/js/model/random.js";
import {RemoteModel} from "../../vae_ui/stage/js/model/remote_model.js";
import {Scene} from "../../vae_ui/stage/js/model/scene.js";
import {close, fixtures} from "./fixtures.js";

test("a path goes through the codes that Python gives", () => {
  for (const {a, b, kind, codes} of fixtures.paths) {
    codes.forEach((code, i) => close(interpolate(a, b, i / (codes.length - 1), kind, new Float32Array(a.length)), code, 1e-5, kind));
  }
});

test("the nearest rows are numpy's, the nearest first", () => {
  const {table, z, nearest} = fixtures.neighbours, rows = Float32Array.from(table);
  assert.deepEqual(nearestRows(rows, z, nearest.length), nearest);
  assert.equal(nearestRow(rows, z), nearest[0]);
  assert.equal(nearestRow(new Float32Array(0), z), -1);
  assert.deepEqual(countClasses([0, 1, 2, 3], Uint8Array.of(4, 7, 7, 4, 1)), [[4, 2], [7, 2]]);
});

test("a block of bytes reads as Python packed it, deflated arrays later", async () => {
  const {base64, title, arrays} = fixtures.payload, block = unpack(Uint8Array.from(Buffer.from(base64, "base64")));
  assert.equal(block.header.title, title);
  assert.equal(block.later.Uint8Array(), block.later.Uint8Array());  // unpacked once
  await Promise.all(Object.values(block.later).map((start) => start()));
  for (const [name, {kind, shape, values}] of Object.entries(arrays)) {
    assert.deepEqual(block.shapes[name], shape);
    assert.equal(block.arrays[name].constructor.name, kind);
    close(block.arrays[name], values, 0, name);
  }
});

test("a seed gives the same numbers again, and they are standard normal", () => {
  const drawn = normals(20000, seeded(3)), mean = drawn.reduce((a, b) => a + b) / drawn.length;
  assert.deepEqual(normals(5, seeded(3)), drawn.slice(0, 5));
  assert.notDeepEqual(normals(5, seeded(4)), drawn.slice(0, 5));
  close([mean, drawn.reduce((a, b) => a + b * b, 0) / drawn.length], [0, 1], 0.03);
});

test("a drawing is moved to where Python moves the same ink", () => {
  const {side, mass, strokes, ink, centred} = fixtures.drawing, drawing = new Drawing([1, side, side], 0.085, mass);
  for (const stroke of strokes) {
    drawing.begin();
    for (const at of stroke) drawing.to(...at);
  }
  drawing.ink.set(ink.map((level) => level / 255));
  close(drawing.compose(true).map((v) => 255 * v), centred, 1e-4);
  close(drawing.compose(false).map((v) => 255 * v), ink, 1e-4);
});

test("each stroke can be taken back, and an emptied picture too", () => {
  const drawing = new Drawing([1, 8, 8], 0.2, null);
  drawing.begin();
  drawing.to(4, 4);
  const before = drawing.bytes().length && drawing.compose(false).slice();
  drawing.clear();
  assert.ok(drawing.empty && drawing.compose(false).every((v) => v === 0));
  drawing.undo();
  assert.deepEqual(drawing.compose(false), before);
  drawing.undo();
  assert.ok(drawing.empty);
});

test("the scene tells of a change once it is made and works all out once", () => {
  const {header, weights, x} = fixtures.models[0], scene = new Scene();
  let told = 0;
  scene.onStale = () => (told += 1);
  assert.equal(scene.compute(), false);
  scene.load(new Model(header, Float32Array.from(weights)));
  scene.setX(Float32Array.from(x[0]));
  assert.ok(told >= 2 && scene.stale);
  assert.ok(scene.compute());
  assert.equal(scene.compute(), false);
  assert.equal(scene.turn, 1);
  assert.deepEqual(scene.z, scene.q?.mean);
  scene.resample();
  scene.compute();
  assert.notDeepEqual(scene.z, scene.q?.mean);
  scene.setPeek(new Float32Array(header.latent_dim));
  scene.compute();
  assert.equal(scene.terms, null);
});

test("a remote model asks one question at a time and takes only the answer to it", () => {
  const remote = new RemoteModel({shape: [1, 1, 2], latent_dim: 1, classes: 0, posterior: "gaussian"});
  assert.equal(remote.decode([0.5]), null);
  const asked = remote.ask();
  assert.deepEqual(asked, {number: 1, z: [0.5], label: 0});
  remote.decode([0.75]);
  assert.equal(remote.ask(), null);
  const answer = {number: 1, z: [0.5], out: [0.25, 1], distortion: 0, rate: null, kl: null};
  assert.equal(remote.hear({...answer, number: 9}), false);
  assert.ok(remote.hear(answer));
  close(remote.decode([0.5]) ?? [], [0.25, 1], 0);
  assert.deepEqual(remote.ask(), {number: 2, z: [0.75], label: 0});
});

test("words come from the table, with their values put in; without one they stay English", () => {
  assert.equal(t("{n} points selected", {n: 3}), "3 points selected");
  useWords({"{n} points selected": "{n} Punkte gewählt"});
  assert.equal(t("{n} points selected", {n: 3}), "3 Punkte gewählt");
  assert.equal(t("Undo"), "Undo");
  useWords(undefined);
});
