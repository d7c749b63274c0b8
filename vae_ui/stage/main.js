// The entry: the component that carries a payload runs this file, and hands `mount` to the maps that wait for it.

import {unpack} from "./bytes.js";
import {keep, registry} from "./registry.js";
import {Stage} from "./map.js";

const stages = new WeakMap();  // Streamlit calls again on the same element: listeners are attached once

function mount(component) {
  const {parentElement} = component;
  if (!stages.has(parentElement)) stages.set(parentElement, new Stage(parentElement.querySelector(".stage")));
  stages.get(parentElement).update(component);
}

const kept = new WeakSet();

export default function ({data}) {
  if (!kept.has(data)) keep(unpack(data));  // a change of theme calls again with the same bytes
  kept.add(data);
  registry.mount = mount;
  registry.queue.splice(0).forEach(mount);
}
