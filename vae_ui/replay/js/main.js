// The entry for Streamlit: a replay for each place on the page, which stays while Streamlit calls again with every tick.

import {Replay} from "./replay.js";

/** @import {Component} from "../../stage/js/types.d.ts" */
/** @typedef {Component<Uint8Array>} ReplayComponent */

/** @type {WeakMap<Element | ShadowRoot, Replay>} */
const replays = new WeakMap();

/** @param {ReplayComponent} component */
export default function (component) {
  const {parentElement} = component;
  const replay = replays.get(parentElement) ?? new Replay(/** @type {HTMLElement} */ (parentElement.querySelector(".replay")));
  replays.set(parentElement, replay);
  replay.update(component);
}
