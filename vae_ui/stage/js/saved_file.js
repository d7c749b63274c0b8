// The entry for a saved HTML file, in the place of Streamlit: the blocks lie in the page, and what is told to Python goes
// nowhere. Each mode is what one of the app's pages would send: other parts around the same map, model and code.

import {keep} from "./blocks/kept.js";
import {button, make, press, setText} from "./host/elements.js";
import {mount} from "./host/mount.js";
import {unpack} from "./blocks/payload.js";

/** @import {StageData} from "./types.d.ts" */
/** @import {Stage} from "./host/stage.js" */
/** @typedef {StageData & {title: string, note: string}} Mode */

/** @param {Document} page */
function keepBlocks(page) {
  for (const block of page.querySelectorAll('script[type="application/octet-stream"]')) {
    keep(unpack(Uint8Array.from(atob(block.textContent ?? ""), (letter) => letter.charCodeAt(0))));
    block.remove();  // megabytes of letters
  }
}

/** @param {Document} page */
function open(page) {
  const modes = /** @type {Mode[]} */ (JSON.parse(page.querySelector('script[type="application/json"]')?.textContent ?? "[]"));
  const parentElement = /** @type {Element} */ (page.querySelector("main")).attachShadow({mode: "open"});
  const nav = page.querySelector("nav"), note = page.querySelector("#note");
  parentElement.append(make("div", "stage"));
  /** @type {Stage | null} */
  let stage = null;
  let now = modes[0];
  const show = (/** @type {Mode} */ mode) => {
    now = mode;
    // No Python is there to follow the person: after the first mode, what was chosen stays.
    const overlay = stage ? {...mode.overlay, z: null, code: null, pick: null, label: null} : mode.overlay;
    const {visit = "", count: seen = 0} = stage?.messages ?? {};
    stage = mount({parentElement, data: {...mode, overlay, visit, seen}, setStateValue() {}});
    const {scene} = stage;
    if (mode.parts.includes("pad") && scene.x) scene.setX(scene.x);  // what is on the pad decides z again
    if (note) setText(note, mode.note);
    buttons.forEach((each, i) => press(each, modes[i] === mode));
  };
  const buttons = modes.map((mode) => button(mode.title, mode.note, () => show(mode)));
  nav?.append(...(modes.length > 1 ? buttons : []));
  show(now);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(now));
}

keepBlocks(document);
open(document);
