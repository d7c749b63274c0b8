// The parts: what may stand beside the map, each in a file of its own. Python names the parts of a page, and the layout's style
// sheet places them.

import completionStyle from "../completion/completion.css" with {type: "text"};
import {Completion} from "../completion/completion.js";
import {DIAGRAM, DIAGRAM_STYLES} from "../diagram/parts.js";
import editStyle from "../edit/edit_slider.css" with {type: "text"};
import {EditSlider} from "../edit/edit_slider.js";
import {make} from "../host/elements.js";
import {DecodedPicture} from "./decoded_picture.js";
import padStyle from "./drawing_pad.css" with {type: "text"};
import {DrawingPad} from "./drawing_pad.js";
import aroundStyle from "./nearest_images.css" with {type: "text"};
import {NearestImages} from "./nearest_images.js";
import pathStyle from "./path_player.css" with {type: "text"};
import {PathPlayer} from "./path_player.js";
import numbersStyle from "./posterior_and_bound.css" with {type: "text"};
import {PosteriorAndBound} from "./posterior_and_bound.js";
import slidersStyle from "./sliders.css" with {type: "text"};
import {Sliders} from "./sliders.js";
import slopesStyle from "./slopes.css" with {type: "text"};
import {Slopes} from "./slopes.js";

/** @import {Act, StageData} from "../types.d.ts" */
/** @import {Stage} from "../host/stage.js" */
/** @import {Scene} from "../model/scene.js" */

/**
 * `update`: Python has sent something, or another model or map has come. `draw`: the scene has other numbers. `acted`: a
 * person has done something, and Python is about to be told.
 *
 * @typedef {object} Part
 * @property {HTMLElement} box
 * @property {(data: StageData) => void} [update]
 * @property {(scene: Scene) => void} [draw]
 * @property {(act: Act) => void} [acted]
 */

/** The parts by the names that Python gives them. @type {{[name: string]: new (stage: Stage, box: HTMLElement) => Part}} */
const PARTS = {
  ...DIAGRAM,
  around: NearestImages,
  completion: Completion,
  edit: EditSlider,
  numbers: PosteriorAndBound,
  pad: DrawingPad,
  path: PathPlayer,
  picture: DecodedPicture,
  sliders: Sliders,
  slopes: Slopes,
};

export const PART_STYLES = [aroundStyle, completionStyle, editStyle, numbersStyle, padStyle, pathStyle, slidersStyle, slopesStyle,
  ...DIAGRAM_STYLES];

/**
 * The parts that `names` asks for, made once and kept; those not asked for are hidden and not drawn.
 *
 * @param {Stage} stage @param {string[]} names
 */
export function arrange(stage, names) {
  const {made, grid} = stage;
  for (const name of names) {
    if (made[name]) continue;
    const box = make("div", `part part-${name}`);
    grid.append(box);
    made[name] = new PARTS[name](stage, box);
  }
  for (const [name, part] of Object.entries(made)) part.box.hidden = !names.includes(name);
  return names.map((name) => made[name]);
}
