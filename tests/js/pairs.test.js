// Pairs of a picture and its words against torch: q(z) given either part and both, the words at a code, and the nats.

import assert from "node:assert/strict";
import {test} from "node:test";
import {Model} from "../../vae_ui/stage/js/model/network.js";
import {RemoteModel} from "../../vae_ui/stage/js/model/remote_model.js";
import {Scene} from "../../vae_ui/stage/js/model/scene.js";
import {allWeights} from "../../vae_ui/stage/js/model/stored_weights.js";
import {close, fixtures, storedWeights} from "./fixtures.js";

const caption = {pattern: "a {size} {shape}", words: [{name: "size", values: ["s", "m", "l"]}, {name: "shape", values: ["a", "b", "c", "d"]}]};

for (const [n, fixture] of fixtures.pairs.entries()) {
  const {x, said, z, expected} = fixture;
  const model = () => new Model({...fixture.header, caption}, allWeights(fixture.header.parts, storedWeights(fixture)));

  test(`model ${n} has torch's q(z) given the picture, its words, and both`, () => {
    const pair = model();
    x.forEach((picture, i) => {
      for (const [given, q] of Object.entries(expected.q)) {
        const found = pair.encode(given.includes("picture") ? picture : null, null, given.includes("words") ? said[i] : null);
        close(found.mean, q.mean[i], 1e-5, `mean given ${given}`);
        close(found.logvar ?? [], q.logvar[i], 1e-4, `log-variance given ${given}`);
      }
    });
  });

  test(`model ${n} says torch's words, and measures what is given`, () => {
    const pair = model();
    z.forEach((code, i) => {
      close(pair.speak(code) ?? [], expected.words[i], 1e-5, `words ${i}`);
      const q = pair.encode(x[i], null, said[i]), {picture, words} = expected.nats;
      const nats = (/** @type {number[] | null} */ px, /** @type {number[] | null} */ given) => pair.terms(px, q, code, null, Infinity, given).distortion;
      close([nats(x[i], null), nats(null, said[i]), nats(x[i], said[i])], [picture[i], words[i], picture[i] + words[i]], 1e-3);
    });
  });

  test(`a scene of model ${n} follows what is given: a picture, words, both, neither`, () => {
    const scene = new Scene();
    scene.load(model());
    scene.setGiven(null, said[0]);
    scene.compute();
    close(scene.z ?? [], expected.q.words.mean[0], 1e-5);
    assert.ok(scene.terms && scene.terms.distortion > 0 && scene.words);
    scene.setX(Float32Array.from(x[0]));
    scene.compute();
    close(scene.z ?? [], expected.q["picture+words"].mean[0], 1e-5);
    scene.setGiven(null, null);
    scene.compute();
    assert.ok(!scene.q && !scene.terms && scene.out, "z stays, and is chosen by hand");
  });
}

test("a remote model asks for what is given, and hears the words", () => {
  const {header} = fixtures.pairs[0], remote = new RemoteModel({...header, caption, remote: true});
  remote.encode(null, 0, [1, 2]);
  const asked = remote.ask();
  assert.deepEqual(asked && {said: asked.said, x: asked.x}, {said: [1, 2], x: undefined});
  const answer = {number: 1, mean: [1, 2, 3], scale: [1, 1, 1], z: [1, 2, 3], out: [0], words: [1, 0], distortion: 2, rate: 1, kl: [1, 0, 0]};
  assert.ok(remote.hear(answer));
  assert.deepEqual([...remote.encode(null, 0, [1, 2]).mean], [1, 2, 3]);
  assert.equal(remote.open, null);
  assert.equal(remote.terms(null, remote.q, [1, 2, 3], 0, Infinity, [1, 2]).distortion, 2);
  assert.deepEqual([...(remote.speak([1, 2, 3]) ?? [])], [1, 0]);
  remote.encode(null, 0, [0, 2]);
  assert.ok(remote.open);
});
