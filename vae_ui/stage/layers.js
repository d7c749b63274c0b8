// Four canvases, one above the other: what lies behind, the dots, the words, what moves. A moving mark repaints only the last.

import {drawAxes, drawContourNames, drawContours, drawGrid, drawLattice, drawNames, frame, latticeCanvas} from "./draw.js";
import {dotRadius, drawDots} from "./dots.js";
import {drawMarks} from "./marks.js";
import {Pins} from "./pins.js";
import {Tooltip} from "./tooltip.js";

export class Layers {
  constructor(plane, stage) {
    Object.assign(this, {plane, stage, handle: null, stale: false, image: null, ink: null});
    plane.innerHTML = `<canvas></canvas><canvas></canvas><canvas></canvas>
      <canvas class="front" tabindex="0" role="application" aria-roledescription="map"></canvas>`;
    this.canvases = [...plane.querySelectorAll("canvas")];
    this.front = this.canvases[3];
    this.pins = new Pins(plane);
    this.tooltip = new Tooltip(plane);
  }

  resize() {
    const {clientWidth: width, clientHeight: height} = this.plane, {view} = this.stage;
    if (!view || !width || !height) return;
    this.ratio = globalThis.devicePixelRatio || 1;
    view.resize(width, height);
    for (const canvas of this.canvases) {
      Object.assign(canvas, {width: Math.round(width * this.ratio), height: Math.round(height * this.ratio)});
    }
    this.image = this.canvases[1].getContext("2d").createImageData(this.canvases[1].width, this.canvases[1].height);
    this.render(true);
  }

  // At the next frame, once: however many events asked for it.
  later(all) {
    this.stale ||= all;
    this.handle ??= requestAnimationFrame(() => this.render(this.stale));
  }

  render(all) {
    cancelAnimationFrame(this.handle);
    [this.handle, this.stale] = [null, false];
    const {stage} = this, began = performance.now();
    stage.compute();
    stage.times.frames.push(performance.now() - began);
    if (stage.times.frames.length > 600) stage.times.frames.shift();
    if (!stage.block || !this.image || !stage.hash) return;
    if (all) this.theme = stage.theme;
    if (all) this.renderBack(stage);
    if (all) this.renderDots(stage);
    if (all) this.renderWords(stage);
    this.renderFront(stage, all);
    const now = performance.now();
    stage.times[all ? "paint" : "marks"] = now - began;  // read by the benchmark, like the whole of each frame
    stage.times.frames[stage.times.frames.length - 1] = now - began;
    stage.times.first ??= now - stage.block.came;
  }

  begin(index) {
    const ctx = this.canvases[index].getContext("2d"), {view} = this.stage;
    ctx.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    ctx.clearRect(0, 0, view.width, view.height);
    ctx.save();
    frame(ctx, view);
    ctx.clip();
    return ctx;
  }

  renderBack({block, view, on}) {
    const ctx = this.begin(0), {theme} = this, {lattice} = block.arrays;
    drawGrid(ctx, view, theme);
    if (lattice && on.lattice) {
      if (this.ink?.of !== lattice || this.ink.dark !== theme.dark) {
        this.ink = {of: lattice, dark: theme.dark, canvas: latticeCanvas(lattice, block.shapes.lattice, theme)};
      }
      drawLattice(ctx, view, this.ink.canvas, block.header.extent, on.points);
    }
    if (block.header.prior && on.contours) drawContours(ctx, view, theme);
    ctx.restore();
  }

  renderDots({view, points, classes, shown, colours, tone, on}) {
    const radius = dotRadius(classes.length, view.zoom), alpha = (this.theme.dark ? 0.9 : 0.8) * (classes.length > 40000 ? 0.75 : 1);
    if (on.points) drawDots(this.image, view, this.ratio, points, classes, shown, colours, radius, alpha, tone);
    else this.image.data.fill(0);
    this.canvases[1].getContext("2d").putImageData(this.image, 0, 0);
  }

  renderWords({view, on, block, shown, centres}) {
    const ctx = this.begin(2), {theme} = this, {names, prior, axes} = block.header;
    if (prior && on.contours) drawContourNames(ctx, view, theme);
    if (on.labels && names.length > 1) drawNames(ctx, view, theme, names, centres, shown, names.length > 12);
    ctx.restore();
    drawAxes(ctx, view, theme, axes);
  }

  // A hand that moves z moves an element: the canvas of the marks is painted anew only when one of them has changed.
  renderFront(stage, all) {
    const {scene, flat, overlay, pick, outline, on} = stage, of = scene.from === "q" && scene.q;
    const marks = [of, overlay, pick, outline, on.cloud];
    if (all || marks.some((mark, i) => mark !== this.marks?.[i])) {
      this.marks = marks;
      stage.live = of ? flat.ellipse(of) : null;
      const ctx = this.begin(3);
      drawMarks(ctx, stage.view, this.theme, stage);
      ctx.restore();
    }
    this.pins.draw(stage);
    if (stage.hover < 0) this.tooltip.hide();
    else this.showCard(stage, stage.hover);
  }

  showCard({block, view, points, classes, colours}, i) {
    const k = classes[i], [x, y] = [view.sx(points[2 * i]), view.sy(points[2 * i + 1])];
    const {arrays, shapes, header} = block;
    this.tooltip.show(i, x, y, header.names[k] ?? `Point ${i}`, colours[k], view, arrays.thumbs, shapes.thumbs);
  }
}
