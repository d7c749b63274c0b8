// Which parts of a pair go in, below the drawing pad: the words, or that they are missing; a missing picture is marked on the pad.

import {make, setText} from "../host/elements.js";
import {t} from "../host/words.js";

/** @import {Options} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */

export class GivenParts {
  words = make("p", "phrase", {hidden: ""});
  /** The picture does not go in. */ missing = false;

  /** @param {HTMLElement} box of the pad @param {Stage} stage */
  constructor(box, stage) {
    this.box = box;
    this.stage = stage;
  }

  /**
   * What Python says goes in; null for a model without words.
   *
   * @param {NonNullable<Options["given"]> | null} given @param {() => Float32Array | null} picture that of the pad
   */
  update(given, picture) {
    const {scene, grid} = this.stage, said = given?.said ?? null, missing = given ? !given.picture : false;
    const other = missing !== this.missing || said?.join() !== scene.said?.join();
    this.missing = missing;
    this.box.classList.toggle("missing", missing);
    this.words.hidden = !given;
    if (given) setText(this.words, given.sentence ?? t("words: {what}", {what: t("missing")}));
    if (missing) grid.classList.remove("blank");  // an empty pad is no reason to show nothing
    if (other) scene.setGiven(missing ? null : picture(), said);
  }
}
