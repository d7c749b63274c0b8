// What is decoded, large, in the same frame as the hand that moves z: a picture with hard pixels, of a pair with its words, or the row
// of a table.

import {labelled, make, setText, write} from "../host/elements.js";
import {Figure} from "../host/figure.js";
import {Phrase} from "../host/phrase.js";
import {inDigits, t} from "../host/words.js";

/** @import {StageData, Vector} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Model} from "../model/network.js" */
/** @import {RemoteModel} from "../model/remote_model.js" */
/** @import {Scene} from "../model/scene.js" */

const QUIET = 500;  // ms without a change after which a screen reader is told
const FEW = 3;  // numbers of z that are written

export class DecodedPicture {
  code = "";
  #timer = 0;

  /** @param {Stage} _stage @param {HTMLElement} box */
  constructor(_stage, box) {
    this.box = box;
    this.title = make("div", "title");
    this.figure = new Figure();
    this.phrase = new Phrase();
    this.words = make("div", "words");
    this.nothing = labelled("p", "nothing", t("There is nothing to reconstruct yet: draw on x."));
    this.spoken = make("div", "spoken", {role: "status"});
    box.append(this.title, this.nothing, this.figure.canvas, this.figure.rows, this.phrase.element, this.words, this.spoken);
  }

  /** @param {StageData} data */
  update({options}) {
    setText(this.title, options.title ?? t("x\u2032 decoded from z"));
  }

  /** @param {Scene} scene */
  draw({model, out, shown, words}) {
    if (!model || !out || !shown) return;
    this.figure.show(out, model);
    this.phrase.show(model.caption, words);
    const code = written(shown), text = withPace(code, model);
    if (this.code === text) return;
    this.code = text;
    write(this.words, text);
    if (!this.figure.isLabelled) this.speak();
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.speak(), QUIET);
  }

  speak() {
    this.spoken.textContent = [this.code, this.phrase.text].filter(Boolean).join(": ");
    this.figure.label(t("The picture that the decoder draws at {code}", {code: this.code}));
  }
}

/** What is not decoded in the frame that asks for it says so. @param {string} code @param {Model | RemoteModel} model */
function withPace(code, {remote, slow}) {
  if (remote) return t("{code} (worked out on the server)", {code});
  return slow ? t("{code} (takes longer than a frame: the sentence follows a little later)", {code}) : code;
}

/** @param {Vector} z */
function written(z) {
  const numbers = Array.from(z.slice(0, FEW), (v) => inDigits(v));
  return `z = (${numbers.join(", ")}${z.length > FEW ? ", \u2026" : ""})`;
}
