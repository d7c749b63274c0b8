// What a reconstructed text has in common with its original.

import assert from "node:assert/strict";
import {test} from "node:test";
import {pieces} from "../../vae_ui/replay/js/texts.js";

test("words that stand at the same place are kept together", () => {
  assert.deepEqual(pieces("the old man sleeps", "the old dog sleeps"), [["the old", true], [" man", false], [" sleeps", true]]);
  assert.deepEqual(pieces("the man", "the man sleeps"), [["the man", true]]);
  assert.deepEqual(pieces("a man sleeps well", "the man sleeps"), [["a", false], [" man sleeps", true], [" well", false]]);
});

test("without spaces it is characters that are compared", () => {
  assert.deepEqual(pieces("CCO", "CCN"), [["CC", true], ["O", false]]);
  assert.deepEqual(pieces("\u731b\u5403\u9c7c", "\u732b\u5403\u9c7c"), [["\u731b", false], ["\u5403\u9c7c", true]]);
  assert.deepEqual(pieces("", "CCN"), []);
});
