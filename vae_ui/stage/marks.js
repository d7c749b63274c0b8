// The marks that seldom move: q's ellipses, the path from A to B, neighbours, the picked image, a lasso.

import {halo} from "./draw.js";
import {normals} from "./scene.js";

const CLOUD = normals(2 * 150);  // the same chance for every ellipse, so that a cloud moves and does not flicker

export function drawMarks(ctx, view, theme, stage) {
  const {overlay} = stage, {paint} = theme, at = ([x, y]) => [view.sx(x), view.sy(y)];
  const point = (i) => at([stage.points[2 * i], stage.points[2 * i + 1]]);
  for (const e of stage.live ? [stage.live] : overlay.ellipses) {
    drawEllipse(ctx, at, e, paint.q);
    if (stage.on.cloud) drawCloud(ctx, at, e, paint.eps);
  }
  if (overlay.path.length > 1) drawPath(ctx, overlay.path.map(at), overlay.at, theme);
  for (const i of overlay.neighbours) ring(ctx, point(i), 8, theme.text, theme.back);
  if (stage.pick !== null) ring(ctx, point(stage.pick), 10, paint.x, theme.back);
  for (const [name, place] of [["A", overlay.a], ["B", overlay.b]]) if (place) badge(ctx, at(place), name, theme);
  if (stage.outline) drawOutline(ctx, stage.outline, paint.z);
}

function dot(ctx, [x, y], radius, colour, ground, alpha) {
  ctx.globalAlpha = alpha;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 7);
  if (ground) {
    ctx.lineWidth = 4;
    ctx.strokeStyle = ground;
    ctx.stroke();
  }
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.globalAlpha = 1;
}

function ring(ctx, [x, y], radius, colour, ground) {
  for (const [width, stroke] of [[5, ground], [2.5, colour]]) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 7);
    ctx.lineWidth = width;
    ctx.strokeStyle = stroke;
    ctx.stroke();
  }
}

function drawZ(ctx, place, theme) {
  ring(ctx, place, 13, theme.paint.z, theme.back);
  dot(ctx, place, 6, theme.paint.z, theme.back, 1);
}

// Mean + L * (u, v), where L is the Cholesky factor of the covariance: in the map's own scale.
const spread = ({mean: [mx, my], std: [sx, sy], rho}, u, v) => [mx + sx * u, my + sy * (rho * u + Math.sqrt(1 - rho * rho) * v)];

// What q leaves open: codes drawn from it, as they fall in the map.
function drawCloud(ctx, at, ellipse, colour) {
  for (let i = 0; i < CLOUD.length; i += 2) dot(ctx, at(spread(ellipse, CLOUD[i], CLOUD[i + 1])), 2.5, colour, null, 0.75);
}

function drawEllipse(ctx, at, ellipse, colour) {
  ctx.strokeStyle = ctx.fillStyle = colour;
  for (const k of [2, 1]) {
    ctx.beginPath();
    for (let t = 0; t <= 64; t++) {
      const c = Math.cos((t * Math.PI) / 32), s = Math.sin((t * Math.PI) / 32);
      ctx.lineTo(...at(spread(ellipse, k * c, k * s)));
    }
    ctx.globalAlpha = 0.16;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.lineWidth = k === 1 ? 3 : 2;
    ctx.stroke();
  }
  dot(ctx, at(ellipse.mean), 4, colour, null, 1);
}

function drawPath(ctx, places, now, theme) {
  for (const [width, colour] of [[8, theme.back], [3.5, theme.paint.z]]) {
    ctx.beginPath();
    for (const place of places) ctx.lineTo(...place);
    ctx.lineWidth = width;
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.strokeStyle = colour;
    ctx.stroke();
  }
  if (places.length <= 40) for (const place of places) dot(ctx, place, 4, theme.paint.z, theme.back, 1);
  if (now !== null && places[now]) drawZ(ctx, places[now], theme);
}

function badge(ctx, place, name, theme) {
  dot(ctx, place, 13, theme.paint.z, theme.back, 1);
  ctx.font = `700 16px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  halo(ctx, name, place[0], place[1] + 1, theme.back, theme.paint.z, 2);
}

function drawOutline(ctx, outline, colour) {
  ctx.beginPath();
  for (let i = 0; i < outline.length; i += 2) ctx.lineTo(outline[i], outline[i + 1]);
  ctx.closePath();
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.14;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 2;
  ctx.setLineDash([6, 4]);
  ctx.stroke();
  ctx.setLineDash([]);
}
