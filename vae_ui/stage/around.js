// Which test images live where z is, and what they vote; or, while dots are selected, their mean picture and classes.

import {PARTS} from "./side.js";
import {write} from "./panel.js";

const SHOWN = 5, VOTERS = 50, BARS = 6;

class Around {
  constructor(stage, box) {
    this.stage = stage;
    box.innerHTML = `<div class="near"><div class="head">Nearest test images</div><div class="row"></div><div class="vote"></div></div>
      <div class="chosen" hidden><div class="head"></div><canvas role="img"></canvas><div class="bars"></div></div>`;
    [this.near, this.chosen] = box.children;
    this.cells = Array.from({length: SHOWN}, () => document.createElement("canvas"));
    for (const cell of this.cells) cell.setAttribute("role", "img");
    this.near.children[1].append(...this.cells);
  }

  // Fifteen times a second at most, and at rest: nobody reads five pictures faster.
  draw() {
    this.timer ??= setTimeout(() => this.paint(this.stage.scene), 66);
  }

  paint(scene) {
    this.timer = null;
    const {stage} = this, {selected, block, flat, classes} = stage;
    this.near.hidden = !(this.chosen.hidden = !selected.length);
    if (!block || !scene.shown) return;
    if (selected.length) return this.drawSelection(stage);
    const {header, arrays, shapes} = block;
    const found = neighbours(flat.codes ?? stage.points, flat.codes ? scene.shown : flat.place(scene.shown), VOTERS);
    this.cells.forEach((cell, i) => {
      cell.hidden = !arrays.thumbs || i >= found.length;
      if (cell.hidden || (cell.of === arrays.thumbs && cell.index === found[i])) return;
      Object.assign(cell, {of: arrays.thumbs, index: found[i]});
      thumb(cell, arrays.thumbs, shapes.thumbs, [found[i]]);
      cell.setAttribute("aria-label", `Test image ${found[i]}, ${header.names[classes[found[i]]] ?? ""}`);
    });
    const votes = tally(found, classes).slice(0, 2).map(([k, n]) => `${header.names[k]} ${Math.round((100 * n) / found.length)} %`);
    write(this.near.children[2], header.names.length > 1 ? `the ${found.length} nearest vote: ${votes.join(", ")}` : "");
  }

  drawSelection({selected, block: {header, arrays, shapes}, classes, colours}) {
    const [head, picture, bars] = this.chosen.children, count = selected.length.toLocaleString("en");
    if (this.of === selected) return;
    this.of = selected;
    head.textContent = `Mean of ${count} test images`;
    picture.setAttribute("aria-label", head.textContent);
    picture.hidden = !arrays.thumbs;
    if (arrays.thumbs) thumb(picture, arrays.thumbs, shapes.thumbs, selected);
    bars.replaceChildren(...tally(selected, classes).slice(0, header.names.length > 1 ? BARS : 0).map(([k, n]) => {
      const line = document.createElement("div"), bar = document.createElement("i");
      bar.style.cssText = `width:${Math.max(2, (100 * n) / selected.length)}px;background:${colours[k]}`;
      line.append(Object.assign(document.createElement("span"), {textContent: header.names[k]}), bar, n.toLocaleString("en"));
      return line;
    }));
  }
}

// Indices of the `count` rows of `table` nearest to z, the nearest first: one pass with a short sorted list.
function neighbours(table, z, count) {
  const length = z.length, found = [], far = [];
  for (let i = 0, o = 0; o < table.length; i++, o += length) {
    const limit = found.length < count ? Infinity : far[count - 1];
    let d = 0;
    for (let k = 0; k < length && d < limit; k++) d += (table[o + k] - z[k]) ** 2;
    if (d >= limit) continue;
    let at = found.length;
    while (at > 0 && far[at - 1] > d) at--;
    found.splice(at, 0, i);
    far.splice(at, 0, d);
    if (found.length > count) found.length = far.length = count;
  }
  return found;
}

// [class, how many], the most frequent first.
function tally(indices, classes) {
  const counts = new Map();
  for (const i of indices) counts.set(classes[i], (counts.get(classes[i]) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

// One thumbnail, or the mean of many, on a canvas of its own size.
function thumb(canvas, thumbs, [, height, width, channels = 1], indices) {
  const size = width * height, sum = new Float32Array(size * channels);
  for (const i of indices) for (let k = 0, o = i * size * channels; k < sum.length; k++) sum[k] += thumbs[o + k];
  const image = new ImageData(width, height);
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = sum[i * channels + (channels === 3 ? c : 0)] / indices.length + 0.5;
    image.data[4 * i + 3] = 255;
  }
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
  canvas.getContext("2d").putImageData(image, 0, 0);
}

PARTS.around = Around;
