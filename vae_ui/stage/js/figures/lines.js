// Lines of a figure as a path in data units, and their painting at the present scale.

/** @import {Viewport} from "../map/viewport.js" */

/** @param {number[]} lines x0, y0, x1, y1 of each piece */
export function asPath(lines) {
  const path = new Path2D();
  for (let i = 0; i < lines.length; i += 4) {
    path.moveTo(lines[i], lines[i + 1]);
    path.lineTo(lines[i + 2], lines[i + 3]);
  }
  return path;
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Viewport} view @param {Path2D} path in data units @param {string} colour
 * @param {number} width in pixels
 */
export function trace(ctx, view, path, colour, width) {
  const placed = new Path2D();
  placed.addPath(path, new DOMMatrix([view.scale, 0, 0, -view.scale, view.sx(0), view.sy(0)]));
  ctx.lineCap = "round";
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke(placed);
}
