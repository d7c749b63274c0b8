// The entry for Streamlit: hands `mount` to the replays that wait for it.

import {Replay} from "./replay.js";

/** @import {Component} from "../../stage/js/types.d.ts" */
/** @typedef {Component<Uint8Array>} ReplayComponent */
/** @typedef {{queue: ReplayComponent[], mount?: (component: ReplayComponent) => void}} Meeting */

/** @type {WeakMap<Element | ShadowRoot, Replay>} */
const replays = new WeakMap();

/** @param {ReplayComponent} component */
function mount(component) {
  const {parentElement} = component;
  const replay = replays.get(parentElement) ?? new Replay(/** @type {HTMLElement} */ (parentElement.querySelector(".replay")));
  replays.set(parentElement, replay);
  replay.update(component);
}

export default function () {
  const everywhere = /** @type {{[name: symbol]: Meeting | undefined}} */ (globalThis);
  const waiting = (everywhere[Symbol.for("latent-replay")] ??= {queue: []});
  waiting.mount = mount;
  waiting.queue.splice(0).forEach(mount);
}
