// The curves: distortion with the rate stacked on it, in nats per image over seconds; and the KL of each dimension.

const PAD = {left: 50, right: 12, top: 26, bottom: 24};

// The theme's colours, read where Streamlit puts them; `paint` names the parts of the model (palette.py).
export function colours(element, language) {
  const style = getComputedStyle(element), read = (name, other) => style.getPropertyValue(name).trim() || other;
  const back = read("--st-background-color", "#ffffff");
  const [r, g, b] = (back.match(/^#(..)(..)(..)/) || [0, "ff", "ff", "ff"]).slice(1).map((v) => parseInt(v, 16));
  const dark = 0.3 * r + 0.59 * g + 0.11 * b < 128;
  const paint = Object.fromEntries(Object.entries(language).map(([name, pair]) => [name, pair[dark ? 1 : 0]]));
  return {back, paint, font: read("--st-font", "sans-serif"), text: read("--st-text-color", "#17202b"), border: read("--st-border-color", "#c9d2de")};
}

// A canvas in device pixels, cleared, whose context draws in CSS pixels.
export function sheet(canvas) {
  const {clientWidth: width, clientHeight: height} = canvas, ratio = window.devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  return {ctx, width, height};
}

// A number in few characters: 137.2, 6.05, 1.4e+30.
function brief(v, digits = Math.abs(v) < 100 ? 2 : 1) {
  return !Number.isFinite(v) ? "\u2013" : Math.abs(v) < 1e5 ? v.toFixed(digits) : v.toExponential(1);
}

function nice(span, count) {
  const raw = span / count || 1, power = 10 ** Math.floor(Math.log10(raw)), part = raw / power;
  return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

// What the vertical axis shows: everything but the first steep fall, so that what comes after can be read.
function reach(curves) {
  const lows = [], tops = [];
  for (const rows of [curves.train, curves.val]) {
    for (let i = 0; i < rows.length; i += 4) {
      if (!Number.isFinite(rows[i + 2])) continue;
      lows.push(rows[i + 2]);
      tops.push(rows[i + 2] + (rows[i + 3] || 0));
    }
  }
  if (!lows.length) return [0, 1];
  lows.sort((a, b) => a - b);
  tops.sort((a, b) => a - b);
  const low = lows[0], high = Math.max(tops[Math.floor(0.96 * (tops.length - 1))], low + 1e-3);
  const step = nice((high - low) * 1.1, 4);
  return [Math.floor((low - 0.04 * (high - low)) / step) * step, Math.ceil(high / step) * step, step];
}

const sum = (rows, i) => rows[i + 2] + (Number.isFinite(rows[i + 3]) ? rows[i + 3] : 0);

export function drawCurves(canvas, curves, now, theme, hasRate) {
  const {ctx, width, height} = sheet(canvas), [low, high, step] = reach(curves);
  const last = Math.max(curves.train.at(-4) ?? 0, curves.val.at(-4) ?? 0, 1), x0 = PAD.left, x1 = width - PAD.right;
  const y0 = PAD.top, y1 = height - PAD.bottom;
  const sx = (t) => x0 + (t / last) * (x1 - x0), sy = (v) => y1 - ((v - low) / (high - low)) * (y1 - y0);
  axes(ctx, theme, {x0, x1, y0, y1, low, high, step, last, sx, sy});
  ctx.save();
  ctx.beginPath();
  ctx.rect(x0, y0 - 1, x1 - x0 + 1, y1 - y0 + 2);
  ctx.clip();
  const {distortion, rate, loss} = theme.paint, floor = () => low;
  area(ctx, curves.train, floor, (r, i) => r[i + 2], distortion, 0.14, sx, sy);
  if (hasRate) area(ctx, curves.train, (r, i) => r[i + 2], sum, rate, 0.4, sx, sy);
  line(ctx, curves.train, (r, i) => r[i + 2], distortion, [], sx, sy);
  if (hasRate) {
    line(ctx, curves.train, (r, i) => r[i + 1], loss, [], sx, sy, 1.5);  // under the stack, where beta = 1 makes them equal
    line(ctx, curves.train, sum, rate, [], sx, sy);
    line(ctx, curves.val, sum, rate, [6, 4], sx, sy);
  }
  line(ctx, curves.val, (r, i) => r[i + 2], distortion, [6, 4], sx, sy);
  ctx.restore();
  marker(ctx, theme, sx(Math.min(now, last)), y0, y1);
  legend(ctx, theme, curves, now, hasRate, width);
  return {at: (px) => Math.max(0, Math.min(last, ((px - x0) / (x1 - x0)) * last))};
}

function axes(ctx, theme, {x0, x1, y0, y1, low, high, step, last, sx, sy}) {
  ctx.font = `13px ${theme.font}`;
  ctx.fillStyle = theme.text;
  ctx.strokeStyle = theme.border;
  ctx.lineWidth = 1;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  const digits = Math.max(0, Math.ceil(-Math.log10(step || 1) - 1e-9));
  for (let v = low; step && v <= high + 1e-9; v += step) {
    const y = Math.round(sy(v)) + 0.5;
    ctx.globalAlpha = 0.5;
    stroke(ctx, [[x0, y], [x1, y]]);
    ctx.globalAlpha = 0.85;
    ctx.fillText(brief(v, digits), x0 - 7, y);
  }
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  const gap = nice(last, 6);
  const room = x1 - ctx.measureText("seconds").width - 20;  // the last number does not run into the unit
  for (let t = 0; sx(t) <= room; t += gap) ctx.fillText(`${+t.toFixed(2)}`, sx(t), y1 + 6);
  ctx.textAlign = "right";
  ctx.fillText("seconds", x1, y1 + 6);
  ctx.globalAlpha = 1;
}

export function stroke(ctx, points) {
  ctx.beginPath();
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.stroke();
}

function path(rows, value, sx, sy) {
  const points = [];
  for (let i = 0; i < rows.length; i += 4) {
    const v = value(rows, i);
    if (Number.isFinite(v)) points.push([sx(rows[i]), sy(v)]);
  }
  return points;
}

function line(ctx, rows, value, colour, dash, sx, sy, width = 2.5) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.setLineDash(dash);
  stroke(ctx, path(rows, value, sx, sy));
  ctx.setLineDash([]);
}

function area(ctx, rows, below, above, colour, alpha, sx, sy) {
  ctx.globalAlpha = alpha;
  ctx.fillStyle = colour;
  ctx.beginPath();
  [...path(rows, above, sx, sy), ...path(rows, below, sx, sy).reverse()].forEach(([x, y]) => ctx.lineTo(x, y));
  ctx.fill();
  ctx.globalAlpha = 1;
}

function marker(ctx, theme, x, y0, y1) {
  ctx.strokeStyle = theme.paint.z;
  ctx.lineWidth = 2;
  stroke(ctx, [[x, y0], [x, y1]]);
  ctx.fillStyle = theme.paint.z;
  ctx.beginPath();
  ctx.arc(x, y0, 5, 0, 7);
  ctx.fill();
}

// The row in force at a time: the last one that is not later.
export function rowAt(rows, now) {
  let found = rows.length ? 0 : -1;
  for (let i = 0; i < rows.length && rows[i] <= now + 1e-6; i += 4) found = i;
  return found;
}

function legend(ctx, theme, {train, val}, now, hasRate, width) {
  const i = rowAt(train, now), j = rowAt(val, now);
  const at = (rows, k, column) => (k < 0 || rows[k] > now + 0.3 ? NaN : rows[k + column]);
  const parts = [["distortion", theme.paint.distortion, at(train, i, 2)]];
  if (hasRate) parts.push(["rate", theme.paint.rate, at(train, i, 3)], ["loss", theme.paint.loss, at(train, i, 1)]);
  parts.push(["validation", theme.text, at(val, j, 1), true]);
  let x = PAD.left;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  for (const [name, colour, value, dashed] of parts) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = 3;
    ctx.setLineDash(dashed ? [5, 3] : []);
    stroke(ctx, [[x, 11], [x + 14, 11]]);
    ctx.setLineDash([]);
    ctx.fillStyle = theme.text;
    ctx.font = `14px ${theme.font}`;
    const shown = `${name} ${brief(value)}`, wide = ctx.measureText(shown).width;
    if (x + 18 + wide > width) break;
    ctx.fillText(shown, x + 18, 11);
    x += wide + 32;
  }
}

// One bar a dimension: the nats it carries, on the validation images, after the epoch before `now`.
export function drawBars(canvas, kl, count, top, theme) {
  const {ctx, width, height} = sheet(canvas), x0 = 34, y0 = 24, y1 = height - 20;
  ctx.font = `14px ${theme.font}`;
  ctx.fillStyle = theme.text;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText(kl ? "KL by dimension, nats" : "KL by dimension: after epoch 1", 0, 10, width);
  const room = (width - x0) / Math.max(count, 1), sy = (v) => y1 - (Math.min(v, top) / top) * (y1 - y0);
  ctx.font = `13px ${theme.font}`;
  ctx.textAlign = "right";
  ctx.strokeStyle = theme.border;
  const step = nice(top, 2);
  for (let v = 0; v <= top * 1.001; v += step) {
    ctx.fillText(Math.abs(v) < 1e4 ? `${+v.toFixed(2)}` : brief(v), x0 - 6, sy(v));
    stroke(ctx, [[x0, sy(v)], [width, sy(v)]]);
  }
  ctx.textAlign = "center";
  for (let d = 0; d < count; d++) {
    const x = x0 + d * room, bar = Math.min(room * 0.8, 46);
    ctx.fillStyle = theme.paint.rate;
    if (kl) ctx.fillRect(x + (room - bar) / 2, sy(kl[d]), bar, y1 - sy(kl[d]));
    ctx.fillStyle = theme.text;
    if (d % Math.ceil(30 / room) === 0) ctx.fillText(`z${d + 1}`, x + room / 2, y1 + 11);
  }
}
