// Sentences: what a GRU writes against torch, token by token; and the same in slices of a frame.

import assert from "node:assert/strict";
import {test} from "node:test";
import {sentenceOf} from "../../vae_ui/stage/js/host/sentence.js";
import {Model} from "../../vae_ui/stage/js/model/network.js";
import {Paced} from "../../vae_ui/stage/js/likelihoods/paced.js";
import {Scene} from "../../vae_ui/stage/js/model/scene.js";
import {allWeights} from "../../vae_ui/stage/js/model/stored_weights.js";
import {close, fixtures, storedWeights} from "./fixtures.js";

/** @import {SentenceFixture} from "./fixtures.js" */

/** @param {SentenceFixture} fixture */
const modelOf = (fixture) => new Model(fixture.header, allWeights(fixture.header.parts, storedWeights(fixture)));

for (const [n, fixture] of fixtures.sentences.entries()) {
  const {z, x, y, expected} = fixture;

  test(`model ${n} writes the words that torch writes at each of ${z.length} codes`, () => {
    const model = modelOf(fixture);
    assert.ok(z.length >= 1000 && new Set(expected.ids.map(String)).size > 100);
    z.forEach((code, i) => assert.deepEqual([...model.decode(code, y && y[i])], expected.ids[i], `code ${i}`));
  });

  test(`model ${n} reads sentences and measures them as torch does`, () => {
    const model = modelOf(fixture);
    x.forEach((ids, i) => {
      const label = y && y[i], q = model.encode(ids, label);
      close(q.mean, expected.mean[i], 1e-4, `mean ${i}`);
      close([model.terms(ids, q, z[i], label).distortion], [expected.distortion[i]], 1e-3, `distortion ${i}`);
    });
  });

  test(`model ${n} comes to the same words and nats in slices, whatever was at work`, () => {
    const model = modelOf(fixture), [first, second] = z, begun = performance.now(), q = model.encode(x[0], y && y[0]);
    /** @param {() => unknown} ask until it is no longer behind */
    const calls = (ask) => {
      let count = 0;
      do {
        model.behind = false;
        ask();
        count += 1;
      } while (model.behind);
      return count;
    };
    model.decode(first, y && y[0], begun);  // the time is over: one word a call
    assert.ok(model.behind);
    const all = calls(() => model.decode(second, y && y[1], begun)), words = expected.ids[1].filter(Boolean).length;
    assert.ok(all > words, "the first sentence is finished before the second");
    assert.deepEqual([...model.out], expected.ids[1]);
    calls(() => model.terms(x[1], q, second, y && y[1], begun));
    close([model.measured.distortion], [expected.distortion[1]], 1e-3);
    model.decode(first, y && y[0], begun);
    assert.deepEqual([...model.decode(second, y && y[1])], expected.ids[1], "without an end it is complete");
  });
}

test("a scene shows an earlier sentence until the next one is there, and asks for frames until then", () => {
  const [fixture] = fixtures.sentences, model = modelOf(fixture), scene = new Scene();
  let frames = 0;
  scene.onStale = () => (frames += 1);
  scene.load(model);
  scene.setZ(fixture.z[0]);
  while (scene.stale) scene.compute();
  assert.deepEqual([...(scene.out ?? [])], fixture.expected.ids[0]);
  const {decode} = model, before = frames;
  model.decode = (z, label) => decode.call(model, z, label, 0);
  scene.setZ(fixture.z[1]);
  scene.compute();
  assert.deepEqual([...(scene.out ?? [])], fixture.expected.ids[0]);
  while (scene.stale) scene.compute();
  assert.deepEqual([...(scene.out ?? [])], fixture.expected.ids[1]);
  assert.ok(frames > before + 1);
});

test("work goes on until its time is over, and a newer question waits for it", () => {
  /** @type {Paced<number, string>} */ const paced = new Paced(0);
  /** @param {string} answer @returns {Generator<void, string>} */
  function* steps(answer) {
    yield;
    yield;
    return answer;
  }
  assert.equal(paced.follow(1, () => steps("one"), 0), 0);
  assert.equal(paced.follow(2, () => steps("two"), 0), 0);
  assert.equal(paced.value, null);
  assert.equal(paced.follow(2, () => steps("two"), Infinity), 2);
  assert.equal(paced.value, "two");
  assert.equal(paced.follow(2, () => steps("never"), 0), 2);
  assert.equal(paced.value, "two");
});

test("a sentence ends at its end, at padding, or where there is no more room", () => {
  const vocabulary = {names: ["", "<end>", "<unknown>", "a", "b", ",", "("], spaced: true, closing: ",.", opening: "(["};
  assert.equal(sentenceOf([3, 4, 1, 0], vocabulary), "a b");
  assert.equal(sentenceOf([4, 0, 3], vocabulary), "b");
  assert.equal(sentenceOf([3, 5, 6, 4, 5, 3, 1], vocabulary), "a, (b, a");
  assert.equal(sentenceOf([4, 3], {...vocabulary, spaced: false}), "ba");
});
