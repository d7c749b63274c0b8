// Ten thousands of dots, put into the pixels by hand: canvas calls take 54 ms for 60,000 dots, this loop a tenth.

// A soft disc: how much of each pixel it covers, 0 to 1.
function disc(radius) {
  const half = Math.ceil(radius), side = 2 * half + 1, cover = new Float32Array(side * side);
  for (let y = -half; y <= half; y++) {
    for (let x = -half; x <= half; x++) {
      cover[(y + half) * side + x + half] = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(x, y)));
    }
  }
  return {half, side, cover};
}

const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

// `tone` dims points that are not in a selection: tone[i] is 1 for those in it. `image` is an ImageData, wiped first.
export function drawDots(image, view, ratio, points, classes, shown, colours, radius, alpha, tone) {
  const {width, height, data} = image, {half, side, cover} = disc(radius * ratio);
  const reds = colours.map(rgb);
  data.fill(0);
  const kx = view.scale * ratio, x0 = view.sx(0) * ratio, y0 = view.sy(0) * ratio;
  const left = view.x0 * ratio - half, right = view.x1 * ratio, top = view.y0 * ratio - half, bottom = view.y1 * ratio;
  for (let i = 0; i < classes.length; i++) {
    const k = classes[i];
    if (!shown[k]) continue;
    const px = Math.round(x0 + points[2 * i] * kx) - half, py = Math.round(y0 - points[2 * i + 1] * kx) - half;
    if (px < left || py < top || px > right || py > bottom) continue;
    const [r, g, b] = reds[k], strength = (tone && !tone[i] ? 0.12 : alpha) * 255;
    for (let v = 0, c = 0; v < side; v++) {
      const y = py + v;
      if (y < 0 || y >= height) { c += side; continue; }
      for (let u = 0, o = (y * width + px) * 4; u < side; u++, c++, o += 4) {
        const x = px + u;
        if (cover[c] === 0 || x < 0 || x >= width) continue;
        const over = cover[c] * strength, under = data[o + 3];
        const all = over + under * (1 - over / 255), share = over / all;  // "over", for pixels that are not premultiplied
        data[o] += (r - data[o]) * share;
        data[o + 1] += (g - data[o + 1]) * share;
        data[o + 2] += (b - data[o + 2]) * share;
        data[o + 3] = all;
      }
    }
  }
}

// Small when there are many, larger as one comes nearer.
export function dotRadius(count, zoom) {
  const base = count > 40000 ? 1.3 : count > 6000 ? 2 : count > 1500 ? 2.8 : 3.6;
  return Math.min(6.5, base * Math.max(1, zoom) ** 0.35);
}
