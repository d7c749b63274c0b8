// The decoded picture, large and with hard pixels, in the same frame as the hand that moves z.

import {PARTS} from "./side.js";
import {write} from "./panel.js";

const QUIET = 500;  // ms without a change after which a screen reader is told

class Picture {
  constructor(stage, box) {
    this.stage = stage;
    box.innerHTML = `<div class="title"></div><canvas role="img"></canvas><div class="words"></div>
      <div class="spoken" role="status"></div>`;
    [this.title, this.canvas, this.words, this.spoken] = box.children;
  }

  update({options}) {
    this.title.textContent = options.title ?? "x\u2032 decoded from z";
  }

  draw(scene) {
    const {model, out, shown} = scene;
    if (!out) return;
    show(this.canvas, out, model.shape);
    const text = (v) => v.toFixed(2).replace("-", "\u2212");
    const where = model.remote ? " (worked out on the server)" : "";
    const code = `z = (${[...shown.slice(0, 3)].map(text).join(", ")}${shown.length > 3 ? ", \u2026" : ""})${where}`;
    if (this.code === code) return;
    this.code = code;
    write(this.words, code);
    if (!this.canvas.hasAttribute("aria-label")) this.speak();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.speak(), QUIET);
  }

  speak() {
    this.spoken.textContent = this.code;
    this.canvas.setAttribute("aria-label", `The picture that the decoder draws at ${this.code}`);
  }
}

// Numbers in [0, 1], channels first, or a point (2), on a canvas of as many pixels as the picture has.
export function show(canvas, values, shape) {
  if (shape.length === 1) return point(canvas, values);
  const [channels, height, width] = shape, size = height * width;
  if (canvas.width !== width || canvas.height !== height || !canvas.image) {
    Object.assign(canvas, {width, height, image: new ImageData(width, height)});
  }
  const {data} = canvas.image;
  for (let i = 0, o = 0; i < size; i++, o += 4) {
    data[o] = 255 * values[i];
    data[o + 1] = 255 * values[channels === 3 ? size + i : i];
    data[o + 2] = 255 * values[channels === 3 ? 2 * size + i : i];
    data[o + 3] = 255;
  }
  canvas.getContext("2d").putImageData(canvas.image, 0, 0);
}

const EDGE = 3, SIDE = 256;  // a point's plane reaches to -3 and 3

function point(canvas, [x, y]) {
  if (canvas.width !== SIDE) Object.assign(canvas, {width: SIDE, height: SIDE});
  const ctx = canvas.getContext("2d"), at = (v) => Math.max(12, Math.min(SIDE - 12, SIDE / 2 + (v * SIDE) / (2 * EDGE)));
  ctx.fillStyle = "#000";
  ctx.fillRect(0, 0, SIDE, SIDE);
  ctx.fillStyle = "#383838";
  ctx.fillRect(SIDE / 2 - 4, 0, 8, SIDE);
  ctx.fillRect(0, SIDE / 2 - 4, SIDE, 8);
  ctx.fillStyle = "#fff";
  ctx.beginPath();
  ctx.arc(at(x), at(-y), 12, 0, 7);
  ctx.fill();
}

PARTS.picture = Picture;
