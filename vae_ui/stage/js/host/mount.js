// A stage for each place on the page: Streamlit calls again on the same element with every change, and the stage stays.

import {Stage} from "./stage.js";
import {useWords} from "./words.js";

/** @import {StageComponent} from "../blocks/kept.js" */

/** @type {WeakMap<Element | ShadowRoot, Stage>} */
const stages = new WeakMap();

/** @param {Pick<StageComponent, "parentElement" | "data" | "setStateValue">} component @returns {Stage} */
export function mount(component) {
  const {parentElement, data} = component;
  useWords(data.words);
  const stage = stages.get(parentElement) ?? new Stage(/** @type {HTMLElement} */ (parentElement.querySelector(".stage")));
  stages.set(parentElement, stage);
  stage.update(component);
  return stage;
}
