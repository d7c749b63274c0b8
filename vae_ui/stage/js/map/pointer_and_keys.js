// Mouse, pen, fingers, wheel and keyboard on the map, each turned into one of the map's methods.

/** @import {Point} from "../types.d.ts" */
/** @import {Choice, LatentMap} from "./latent_map.js" */

const STILL = 5;  // pixels that a hand may tremble in a click
const STEP = 8, LONG_STEP = 80;  // pixels of an arrow key, and with Shift, at the present scale
const DOUBLE = 350;  // ms between the clicks of a double click
/** @type {{[key: string]: Point}} */
const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

/** @param {HTMLCanvasElement} canvas @param {LatentMap} map */
export function listen(canvas, map) {
  const pointer = new Pointer(canvas, map), keys = new Keys(map);
  canvas.addEventListener("pointerdown", (event) => pointer.down(event));
  canvas.addEventListener("pointermove", (event) => pointer.move(event));
  canvas.addEventListener("pointerup", (event) => pointer.lift(event));
  canvas.addEventListener("pointercancel", (event) => pointer.lift(event));
  canvas.addEventListener("pointerleave", (event) => pointer.leave(event));
  canvas.addEventListener("wheel", (event) => pointer.wheel(event), {passive: false});
  canvas.addEventListener("keydown", (event) => keys.down(event));
  canvas.addEventListener("keyup", (event) => event.key in ARROWS && keys.settle());
  canvas.addEventListener("blur", () => keys.settle());
}

class Pointer {
  /** Where each finger, pen or pressed mouse is, by the pointer's id. @type {Map<number, Point>} */ fingers = new Map();
  /** What the pressed pointer does. @type {"z" | "pan" | "pinch" | "box" | "lasso" | null} */ mode = null;
  /** @type {Point} */ start = [0, 0];
  /** @type {Point} */ last = [0, 0];
  moved = false;
  /** The last click, and what was chosen before it. @type {{time: number, at: Point, before: Choice} | null} */
  #clicked = null;

  /** @param {HTMLCanvasElement} canvas @param {LatentMap} map */
  constructor(canvas, map) {
    this.canvas = canvas;
    this.map = map;
  }

  /** In pixels of the canvas. @param {MouseEvent} event @returns {Point} */
  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  /** @param {PointerEvent} event */
  down(event) {
    const {map, fingers} = this;
    if (event.button || !map.block) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.start = this.last = this.place(event);
    this.moved = false;
    fingers.set(event.pointerId, this.start);
    if (fingers.size === 2) map.outline = null;
    if (map.tool === "place") return this.#place(this.start);
    this.mode = fingers.size === 2 ? "pinch" : map.tool !== "move" ? map.tool : this.#movesZ(event) ? "z" : "pan";
    map.peekAt(null);
    if (event.pointerType !== "mouse") map.hoverAt(...this.start);
  }

  /** z goes where the hand is, from the first touch on. @param {Point} at */
  #place([x, y]) {
    const {map} = this;
    this.mode = "z";
    this.moved = true;
    map.moveZ(map.view.dx(x), map.view.dy(y));
  }

  /**
   * A mouse drags the map, or z by its ring; a finger, which cannot hover, drags z, and two fingers drag the map.
   *
   * @param {PointerEvent} event
   */
  #movesZ(event) {
    return (event.pointerType !== "mouse" && this.map.scene.model) || this.map.overZ(...this.start);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const {map, fingers, start} = this, place = this.place(event), before = [...fingers.values()];
    if (!map.block) return;
    if (!fingers.has(event.pointerId)) return this.#look(place);
    fingers.set(event.pointerId, place);
    this.moved ||= this.mode === "pinch" || Math.hypot(place[0] - start[0], place[1] - start[1]) > STILL;
    if (!this.moved) return;
    map.hoverAt(null);  // the card of the dot where the hand came down
    this.#drag(place, before);
  }

  /** @param {Point} place */
  #look(place) {
    if (this.map.tool === "place") return;
    this.map.peekAt(...place);
    this.map.hoverAt(...place);
  }

  /** @param {Point} place @param {Point[]} before where the fingers were */
  #drag([x, y], before) {
    const {map, mode, start: [x0, y0], last} = this;
    if (mode === "pinch") pinch(map, before, [...this.fingers.values()]);
    else if (mode === "pan") map.panBy(x - last[0], y - last[1]);
    else if (mode === "z") map.moveZ(map.view.dx(x), map.view.dy(y));
    else if (mode === "box") map.trace([x0, y0, x, y0, x, y, x0, y]);
    else if (mode === "lasso") map.trace([...(map.outline ?? [x0, y0]), x, y]);
    this.last = [x, y];
  }

  /** @param {PointerEvent} event */
  lift(event) {
    const {map, fingers, mode} = this;
    if (!fingers.delete(event.pointerId)) return;
    const [left] = fingers.values();
    if (left) {  // one finger of two is left: it goes on moving the map
      this.last = left;
      this.mode = "pan";
      return;
    }
    this.mode = null;
    if (event.type === "pointercancel" && !map.host.held()) return map.trace(null);
    if (!this.moved) this.#click(event.timeStamp);
    else if (map.host.held()) map.host.send("drag");
    else if (mode === "box" || mode === "lasso") map.select();
  }

  /** A double click shows everything again, and takes its first click back. @param {number} time in ms */
  #click(time) {
    const {map, start: at} = this, last = this.#clicked;
    if (last && time - last.time < DOUBLE && Math.hypot(at[0] - last.at[0], at[1] - last.at[1]) < 8) {
      this.#clicked = null;
      map.restore(last.before);
      return map.reset();
    }
    this.#clicked = {time, at, before: map.choice};
    map.click(...at);
  }

  /** @param {PointerEvent} event */
  leave(event) {
    if (event.pointerType !== "mouse") return;
    this.map.peekAt(null);
    this.map.hoverAt(null);
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (this.map.tool === "place") return;  // the page scrolls
    const factor = Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016) * (event.ctrlKey ? 5 : 1));
    if (this.map.block && this.map.zoomBy(...this.place(event), factor)) event.preventDefault();  // at the limit the page scrolls on
  }
}

/**
 * Two fingers: the middle between them pans, their distance zooms.
 *
 * @param {LatentMap} map @param {Point[]} before @param {Point[]} now
 */
function pinch(map, [a, b], [c, d]) {
  const from = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], to = /** @type {Point} */ ([(c[0] + d[0]) / 2, (c[1] + d[1]) / 2]);
  const gap = Math.hypot(a[0] - b[0], a[1] - b[1]), wide = Math.hypot(c[0] - d[0], c[1] - d[1]);
  map.panBy(to[0] - from[0], to[1] - from[1]);
  map.zoomBy(...to, wide / Math.max(1, gap));
}

class Keys {
  /** An arrow key has moved z and is still down. */ walking = false;

  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
  }

  /** @param {KeyboardEvent} event */
  down(event) {
    const {map} = this, {key} = event;
    if (!map.block || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key in ARROWS) {
      map.step(ARROWS[key], event.shiftKey ? LONG_STEP : STEP);
      this.walking = true;
    } else if (key === "+" || key === "=") map.zoomMiddle(1.25);
    else if (key === "-") map.zoomMiddle(0.8);
    else if (key === "0" || key === "Home") map.reset();
    else if (key === "Escape") map.clear();
    else if (key === "Enter" && map.tool !== "place") this.#pick();
    else return;
    event.preventDefault();
  }

  /** The point that is meant at z is chosen. */
  #pick() {
    const {z, view} = this.map;
    if (z) this.map.pickNear(view.sx(z[0]), view.sy(z[1]));
  }

  /** Python hears of z once, when the key comes up. */
  settle() {
    if (this.walking) this.map.host.send("key");
    this.walking = false;
  }
}
