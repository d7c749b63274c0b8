// The entry: the component that carries a payload runs this file, and hands `mount` to the maps that wait for it.

import {unpack} from "./bytes.js";
import {keep, registry} from "./registry.js";
import {Stage} from "./map.js";

const stages = new WeakMap();  // Streamlit calls again on the same element: listeners are attached once

export function mount(component) {
  const {parentElement} = component;
  if (!stages.has(parentElement)) stages.set(parentElement, new Stage(parentElement.querySelector(".stage")));
  stages.get(parentElement).update(component);
}

let kept = null;

export default function ({data}) {
  if (data !== kept) keep(unpack(kept = data));  // a change of theme calls again with the same bytes
  registry.mount = mount;
  registry.queue.splice(0).forEach(mount);
}
