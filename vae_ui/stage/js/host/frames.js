// The clock of the stage: what is drawn is drawn at the next animation frame, once, however many events asked for it.

export class Frames {
  /** The frame that has been asked for. @type {number | null} */ handle = null;
  #all = false;

  /** @param {(all: boolean) => void} draw `all`: the whole map, not only what moves */
  constructor(draw) {
    this.draw = draw;
  }

  request(all = false) {
    this.#all ||= all;
    this.handle ??= requestAnimationFrame(() => this.run(this.#all));
  }

  /** Draws now, in place of the frame that was asked for. @param {boolean} all */
  run(all) {
    if (this.handle !== null) cancelAnimationFrame(this.handle);
    this.handle = null;
    this.#all = false;
    this.draw(all);
  }
}
