// A slider for each number of the code, the one that tells most first. The picture follows while the hand moves; Python
// hears of it when the hand lets go.

import {PARTS} from "./side.js";
import {normals} from "./scene.js";
import {button, make, press} from "./panel.js";

const IN_SIGHT = 6;  // the rest is folded
const STEP = 0.05;  // of an arrow key; with Shift ten times as far
const WALKS = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10};
const signed = (value) => value.toFixed(2).replace("-", "\u2212");

class Sliders {
  constructor(stage, box) {
    Object.assign(this, {stage, box, rows: [], shape: "", seed: null, drawn: 0, walked: false});
    this.whole = make("div", "buttons");
    this.whole.append(
      button("Mean", "The middle of the codes: every slider to its own middle", () => this.put(this.options.mean)),
      button("Random sample", "A code drawn by chance: from the prior, or for a plain autoencoder with the spread of its "
        + "codes, which has no prior", () => this.put(this.sample())),
    );
    this.classes = make("div", "classes", {role: "group", "aria-label": "Draw as the class"});
    this.sight = make("div", "sliders");
    this.more = make("details", "more");
    this.count = make("summary", "");
    this.folded = make("div", "sliders");
    this.more.append(this.count, this.folded);
    const hint = make("p", "hint");
    hint.textContent = "Arrow keys go in small steps, with Shift ten times as far. A double click goes back to the middle.";
    box.append(this.whole, this.classes, this.sight, this.more, hint);
  }

  // `options`: order of the dimensions; rates, unit, limits, mean, spread by dimension; names of the classes; seed.
  update({options}) {
    this.options = options;
    const shape = JSON.stringify([options.order, options.rates, options.limits, options.names]);
    if (shape !== this.shape) this.rebuild(shape);
    if (options.seed !== this.seed) [this.seed, this.drawn] = [options.seed, 0];
    this.draw(this.stage.scene);
  }

  rebuild(shape) {
    const {order, names} = this.options, most = Math.max(...this.options.rates, 1e-9);
    this.shape = shape;
    this.rows = order.map((dimension) => this.row(dimension, most));
    this.sight.replaceChildren(...this.rows.slice(0, IN_SIGHT).map((row) => row.line));
    this.folded.replaceChildren(...this.rows.slice(IN_SIGHT).map((row) => row.line));
    this.sight.classList.toggle("few", order.length < 4);
    this.more.hidden = order.length <= IN_SIGHT;
    this.count.textContent = `${order.length - IN_SIGHT} more, each carrying less`;
    this.chips = names.map((name, k) => button(name, `Draw it as ${name}`, () => this.tell(k)));
    this.classes.replaceChildren(...this.chips);
    this.classes.hidden = !names.length;
  }

  row(dimension, most) {
    const {rates, unit, limits} = this.options, name = `z${dimension + 1}`, rate = `${rates[dimension].toFixed(2)} ${unit}`;
    const line = make("label", "row"), output = make("output", "");
    const input = make("input", "", {type: "range", step: "any", min: limits[dimension][0], max: limits[dimension][1],
      "aria-label": `${name}, ${rate}`, title: "Double click, or key 0: back to its middle"});
    const head = make("span", "head", {"aria-hidden": "true"});
    head.innerHTML = `<b>z<sub>${dimension + 1}</sub></b><span>${rate}</span><i></i>`;
    head.lastChild.style.setProperty("--share", Math.max(0, rates[dimension]) / most);
    line.append(head, input, output);
    const row = {dimension, line, input, output, at: NaN};
    input.addEventListener("input", () => this.move(row, Number(input.value)));
    input.addEventListener("change", () => this.stage.send("slide"));
    input.addEventListener("dblclick", () => this.back(row));
    input.addEventListener("keydown", (event) => this.key(row, event));
    input.addEventListener("keyup", () => this.settle());
    input.addEventListener("blur", () => this.settle());
    return row;
  }

  // -- what a person can do --------------------------------------------------------------------------------------------
  move({dimension, input}, value) {
    const {scene} = this.stage, z = Float32Array.from(scene.z);
    z[dimension] = Math.min(Number(input.max), Math.max(Number(input.min), value));
    this.stage.setCode(z);
  }

  // Each key moves the picture; that they rest is told once.
  key(row, event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const {dimension} = row, ends = {Home: row.input.min, End: row.input.max, 0: this.options.mean[dimension]};
    const by = WALKS[event.key] * STEP * (event.shiftKey && event.key.startsWith("Arrow") ? 10 : 1);
    if (by) this.move(row, this.stage.scene.z[dimension] + by);
    else if (event.key in ends) this.move(row, Number(ends[event.key]));
    else return;
    event.preventDefault();
    this.walked = true;
  }

  settle() {
    if (this.walked) this.stage.send("slide");
    this.walked = false;
  }

  back(row) {
    this.move(row, this.options.mean[row.dimension]);
    this.stage.send("slide");
  }

  put(z) {
    this.stage.setCode(z);
    this.stage.send("sample");
  }

  tell(k) {
    this.stage.scene.setLabel(k);
    this.stage.frame();
    this.stage.send("slide");
  }

  sample() {
    const {mean, spread, seed} = this.options;
    this.drawn += 1;
    const noise = normals(mean.length, chance(seed * 1000003 + this.drawn));
    return mean.map((middle, i) => middle + spread[i] * noise[i]);
  }

  // -- what is seen ----------------------------------------------------------------------------------------------------
  draw(scene) {
    if (scene.shown?.length !== this.rows.length) return;  // another model is on its way
    for (const row of this.rows) {
      const value = scene.shown[row.dimension];
      if (value !== row.at) this.show(row, value);
    }
    this.chips.forEach((chip, k) => press(chip, k === scene.label));
  }

  // A code from elsewhere may lie beyond the slider's ends: they make room.
  show(row, value) {
    const {input} = row, low = Math.min(input.min, Math.floor(value)), high = Math.max(input.max, Math.ceil(value));
    Object.assign(input, {min: low, max: high, value});
    const middle = this.options.mean[row.dimension], part = (v) => (v - low) / (high - low);
    row.line.style.setProperty("--from", part(Math.min(value, middle)));
    row.line.style.setProperty("--to", part(Math.max(value, middle)));
    row.line.style.setProperty("--middle", part(middle));
    row.output.textContent = signed(value);
    input.setAttribute("aria-valuetext", signed(value));
    row.at = value;
  }
}

// A small generator whose numbers depend on its seed alone (mulberry32), so that a link shows the same samples again.
function chance(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

PARTS.sliders = Sliders;
