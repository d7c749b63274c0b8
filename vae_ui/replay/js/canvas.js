// A canvas to draw on in CSS pixels, sharp on every screen.

import {context} from "../../stage/js/host/elements.js";

/** @import {Point} from "../../stage/js/types.d.ts" */

/** The canvas in device pixels, cleared, with a context that draws in CSS pixels. @param {HTMLCanvasElement} canvas */
export function sheet(canvas) {
  const {clientWidth: width, clientHeight: height} = canvas, ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const ctx = context(canvas);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return {ctx, width, height};
}

/** A line through some points. @param {CanvasRenderingContext2D} ctx @param {Point[]} points */
export function stroke(ctx, points) {
  ctx.beginPath();
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.stroke();
}
