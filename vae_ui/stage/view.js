// Where the plane lies on the screen: one scale for both axes, so that a circle is a circle.

export const MARGIN = {left: 52, right: 10, top: 10, bottom: 34};

export class View {
  constructor(bounds) {
    this.bounds = bounds;  // x0, x1, y0, y1 of the first view, in data units
    this.width = this.height = 1;
    this.fit();
  }

  get x0() { return MARGIN.left; }
  get x1() { return this.width - MARGIN.right; }
  get y0() { return MARGIN.top; }
  get y1() { return this.height - MARGIN.bottom; }

  // Pixels per unit when everything is in sight.
  get full() {
    const [a, b, c, d] = this.bounds;
    const across = (this.x1 - this.x0) / ((b - a) * 1.08 || 1), down = (this.y1 - this.y0) / ((d - c) * 1.08 || 1);
    return Math.max(1e-6, Math.min(across, down));
  }
  get scale() { return this.full * this.zoom; }

  fit() {
    const [a, b, c, d] = this.bounds;
    this.zoom = 1;
    this.cx = (a + b) / 2;
    this.cy = (c + d) / 2;
  }

  resize(width, height) {
    this.width = width;
    this.height = height;
  }

  sx(x) { return (this.x0 + this.x1) / 2 + (x - this.cx) * this.scale; }
  sy(y) { return (this.y0 + this.y1) / 2 - (y - this.cy) * this.scale; }
  dx(px) { return this.cx + (px - (this.x0 + this.x1) / 2) / this.scale; }
  dy(py) { return this.cy - (py - (this.y0 + this.y1) / 2) / this.scale; }

  inside(px, py) { return px >= this.x0 && px <= this.x1 && py >= this.y0 && py <= this.y1; }

  pan(px, py) {
    this.cx -= px / this.scale;
    this.cy += py / this.scale;
  }

  // The point under (px, py) stays under it. False when the limit was reached already.
  zoomAt(px, py, factor) {
    const zoom = Math.min(400, Math.max(0.5, this.zoom * factor));
    if (zoom === this.zoom) return false;
    const x = this.dx(px), y = this.dy(py);
    this.zoom = zoom;
    this.cx += x - this.dx(px);
    this.cy += y - this.dy(py);
    return true;
  }

  // Room for (x, y) when the keyboard walks out of the picture.
  follow(x, y) {
    if (!this.inside(this.sx(x), this.sy(y))) [this.cx, this.cy] = [x, y];
  }
}

// A distance of 1, 2 or 5 times a power of ten: at least `pixels` apart on the screen.
export function niceStep(scale, pixels) {
  const raw = pixels / scale, power = 10 ** Math.floor(Math.log10(raw));
  return power * [1, 2, 5, 10].find((k) => k * power >= raw * 0.999);
}
