// Which part of the plane is on the screen: one scale for both axes, so that a circle is a circle.

/** Pixels around the plane, for the numbers of the axes. */
const MARGIN = {left: 52, right: 10, top: 10, bottom: 34};
/** Of a small map, which has none. */
const NARROW = {left: 1, right: 1, top: 1, bottom: 1};

export class Viewport {
  width = 1;
  height = 1;
  /** The pixels around the plane. */ margin = MARGIN;
  zoom = 1;
  /** The middle of what is seen, in data units. */ cx = 0;
  cy = 0;

  /**
   * @param {[number, number, number, number]} bounds x0, x1, y0, y1 of the first view, in data units
   * @param {boolean} [small] without room for the numbers of the axes
   */
  constructor(bounds, small = false) {
    this.bounds = bounds;
    this.small = small;
    this.margin = small ? NARROW : MARGIN;
    this.fit();
  }

  get x0() { return this.margin.left; }
  get x1() { return this.width - this.margin.right; }
  get y0() { return this.margin.top; }
  get y1() { return this.height - this.margin.bottom; }

  /** Pixels per unit when everything is in sight. */
  get full() {
    const [a, b, c, d] = this.bounds;
    const across = (this.x1 - this.x0) / ((b - a) * 1.08 || 1), down = (this.y1 - this.y0) / ((d - c) * 1.08 || 1);
    return Math.max(1e-6, Math.min(across, down));
  }
  get scale() { return this.full * this.zoom; }

  /** The first view again. */
  fit() {
    const [a, b, c, d] = this.bounds;
    this.zoom = 1;
    this.cx = (a + b) / 2;
    this.cy = (c + d) / 2;
  }

  /** @param {number} width @param {number} height in CSS pixels */
  resize(width, height) {
    this.width = width;
    this.height = height;
  }

  /**
   * In a rectangle of pixels, without a margin of its own.
   *
   * @param {number} x @param {number} y @param {number} width @param {number} height
   */
  place(x, y, width, height) {
    this.margin = {left: x, right: 0, top: y, bottom: 0};
    this.resize(x + width, y + height);
  }

  // From data to the screen (sx, sy) and back (dx, dy).
  /** @param {number} x */
  sx(x) { return (this.x0 + this.x1) / 2 + (x - this.cx) * this.scale; }
  /** @param {number} y */
  sy(y) { return (this.y0 + this.y1) / 2 - (y - this.cy) * this.scale; }
  /** @param {number} px */
  dx(px) { return this.cx + (px - (this.x0 + this.x1) / 2) / this.scale; }
  /** @param {number} py */
  dy(py) { return this.cy - (py - (this.y0 + this.y1) / 2) / this.scale; }

  /** Whether a pixel lies on the plane. @param {number} px @param {number} py */
  inside(px, py) { return px >= this.x0 && px <= this.x1 && py >= this.y0 && py <= this.y1; }

  /** @param {number} px @param {number} py */
  pan(px, py) {
    this.cx -= px / this.scale;
    this.cy += py / this.scale;
  }

  /**
   * The point under (px, py) stays under it. False when the limit was reached already.
   *
   * @param {number} px @param {number} py @param {number} factor
   */
  zoomAt(px, py, factor) {
    const zoom = Math.min(400, Math.max(0.5, this.zoom * factor));
    if (zoom === this.zoom) return false;
    const x = this.dx(px), y = this.dy(py);
    this.zoom = zoom;
    this.cx += x - this.dx(px);
    this.cy += y - this.dy(py);
    return true;
  }

  /**
   * Moves to (x, y) where it is out of sight, as when the keyboard walks out of the picture.
   *
   * @param {number} x @param {number} y
   */
  follow(x, y) {
    if (!this.inside(this.sx(x), this.sy(y))) [this.cx, this.cy] = [x, y];
  }
}

/**
 * A distance of 1, 2 or 5 times a power of ten: at least `pixels` apart on the screen.
 *
 * @param {number} scale @param {number} pixels
 */
export function niceStep(scale, pixels) {
  const raw = pixels / scale, power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5].find((k) => k * power >= raw * 0.999) ?? 10);
}
