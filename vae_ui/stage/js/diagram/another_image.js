// Below x: another test image, beside the pad's own buttons.

import {button, make} from "../host/elements.js";
import {t} from "../host/words.js";
import {DrawingPad} from "../parts/drawing_pad.js";

/** @import {Stage} from "../host/stage.js" */

export class AnotherImage {
  /** @param {Stage} stage @param {HTMLElement} box */
  constructor(stage, box) {
    this.box = box;
    const row = make("div", "buttons"), {pad} = stage.made;
    row.append(button(t("Another picture"), t("Another test image goes in"), () => stage.send("next")));
    box.append(row);
    if (pad instanceof DrawingPad) row.append(pad.row);
  }
}
