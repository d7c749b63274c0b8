// The three small pictures in SVG: each is made once, and a drag only moves the mark in it.

/** @typedef {{x: number[], y: number[], low: number[], high: number[]}} Curve */

const SPACE = "http://www.w3.org/2000/svg";
export const WIDE = {width: 380, height: 220, left: 8, right: 8, top: 8, bottom: 26};
export const SMALL = {width: 170, height: 176, left: 34, right: 8, top: 8, bottom: 38};

/** @param {string} tag @param {{[name: string]: string | number}} attributes @param {string} [text] */
export function drawn(tag, attributes, text) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** @param {typeof WIDE} box @param {string} name */
export const sheet = (box, name) => drawn("svg", {viewBox: `0 0 ${box.width} ${box.height}`, class: name, "aria-hidden": "true"});

/** From 0 to 1 on each axis to the sheet. @param {typeof WIDE} box @param {number} x @param {number} y */
export function place(box, x, y) {
  return /** @type {[number, number]} */ ([box.left + x * (box.width - box.left - box.right),
    box.height - box.bottom - y * (box.height - box.top - box.bottom)]);
}

/** @param {typeof WIDE} box @param {ArrayLike<number>} x @param {ArrayLike<number>} y */
function path(box, x, y) {
  return Array.from(x, (at, i) => place(box, at, y[i]).map((v) => v.toFixed(1)).join(" ")).join(" L ");
}

/** The bars of one group, lowest at the ground. @param {number[]} counts @param {number} most the largest of all @param {string} name */
export function barsOf(counts, most, name) {
  const width = 1 / counts.length, shapes = counts.map((count, i) => {
    const [left, top] = place(WIDE, i * width, count / most), [right, ground] = place(WIDE, (i + 1) * width, 0);
    return count ? `M ${left + 0.5} ${ground} V ${top.toFixed(1)} H ${right - 0.5} V ${ground} Z` : "";
  });
  return drawn("path", {d: shapes.join(" "), class: `bars ${name}`});
}

/** A curve over the unit square with its band, and the names of its axes. @param {Curve} curve @param {[string, string]} names */
export function curveOf(curve, names) {
  const svg = sheet(SMALL, "curve"), [left, ground] = place(SMALL, 0, 0), [right, top] = place(SMALL, 1, 1);
  const back = (/** @type {number[]} */ values) => [...values].reverse();
  const band = `M ${path(SMALL, curve.x, curve.high)} L ${path(SMALL, back(curve.x), back(curve.low))} Z`;
  const [middle, centre] = place(SMALL, 0.5, 0.5), text = {"text-anchor": "middle"};
  svg.append(
    drawn("rect", {x: left, y: top, width: right - left, height: ground - top, class: "ground"}),
    drawn("path", {d: band, class: "band"}),
    drawn("path", {d: `M ${path(SMALL, curve.x, curve.y)}`, class: "line"}),
    drawn("text", {...text, x: middle, y: SMALL.height - 5}, names[0]),
    drawn("text", {...text, x: 12, y: centre, transform: `rotate(-90 12 ${centre})`}, names[1]),
    ...[0, 1].flatMap((end) => [
      drawn("text", {...text, x: place(SMALL, end, 0)[0], y: ground + 15, class: "tick"}, String(end)),
      drawn("text", {"text-anchor": "end", x: left - 5, y: place(SMALL, 0, end)[1] + 5, class: "tick"}, String(end)),
    ]));
  return svg;
}
