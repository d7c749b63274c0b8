// Ten thousands of dots, put into the pixels by hand: canvas calls take 54 ms for 60,000 dots, this loop a tenth.

// A soft disc as a list of the pixels that it touches: where (bytes from its middle) and how much is covered, 0 to 1.
function disc(radius, width) {
  const half = Math.ceil(radius), where = [], cover = [];
  for (let y = -half; y <= half; y++) {
    for (let x = -half; x <= half; x++) {
      const part = Math.min(1, radius + 0.5 - Math.hypot(x, y));
      if (part > 0.02) [where[where.length], cover[cover.length]] = [(y * width + x) * 4, part];
    }
  }
  return {half, where: Int32Array.from(where), cover: Float32Array.from(cover)};
}

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

// `tone` dims points that are not in a selection: tone[i] is 1 for those in it. `image` is an ImageData, wiped first.
export function drawDots(image, view, ratio, points, classes, shown, colours, radius, alpha, tone) {
  const {width, data} = image, {half, where, cover} = disc(radius * ratio, width), paints = colours.map(rgb);
  const scale = view.scale * ratio, x0 = view.sx(0) * ratio, y0 = view.sy(0) * ratio;
  const [left, right, top, bottom] = [view.x0, view.x1, view.y0, view.y1].map((edge) => edge * ratio);
  data.fill(0);
  for (let i = 0; i < classes.length; i++) {
    const k = classes[i], x = Math.round(x0 + points[2 * i] * scale), y = Math.round(y0 - points[2 * i + 1] * scale);
    if (!shown[k] || x < left + half || x > right - half || y < top + half || y > bottom - half) continue;
    const [r, g, b] = paints[k], strength = (tone && !tone[i] ? 0.12 : alpha) * 255, middle = (y * width + x) * 4;
    for (let c = 0; c < where.length; c++) {
      const o = middle + where[c], over = cover[c] * strength, under = data[o + 3];
      const all = over + under * (1 - over / 255), share = over / all;  // "over", for pixels that are not premultiplied
      data[o] += (r - data[o]) * share;
      data[o + 1] += (g - data[o + 1]) * share;
      data[o + 2] += (b - data[o + 2]) * share;
      data[o + 3] = all;
    }
  }
}

// Small when there are many, larger as one comes nearer.
export function dotRadius(count, zoom) {
  const base = count > 40000 ? 1.3 : count > 6000 ? 2 : count > 1500 ? 2.8 : 3.6;
  return Math.min(6.5, base * Math.max(1, zoom) ** 0.35);
}
