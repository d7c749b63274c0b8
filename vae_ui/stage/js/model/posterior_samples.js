// Codes drawn from q(z|x), and what the decoder draws from each: chance made visible. They are worked out only while somebody
// looks at them, and only when q, the noise, the spread or the label has changed.

import {sizeOf} from "./network.js";
import {normals} from "./random.js";

/** @import {Posterior} from "../types.d.ts" */
/** @import {Model} from "./network.js" */
/** @import {RemoteModel} from "./remote_model.js" */
/** @import {Scene} from "./scene.js" */

/**
 * z = mean + spread * std * eps (Kingma and Welling 2013, equation 10, where spread is 1); the mean without eps.
 *
 * @param {Posterior} q @param {Float32Array | null} eps @param {number} [spread]
 */
export function reparametrised({mean, logvar}, eps, spread = 1) {
  return eps && logvar ? mean.map((m, i) => m + spread * Math.exp(logvar[i] / 2) * eps[i]) : mean.slice();
}

const NARROW = -30;  // log-variance of what counts as a point

/** Whether q is wider than a point: the code of a codebook is not. @param {Float32Array} logvar */
export const hasWidth = (logvar) => logvar.some((v) => v > NARROW);

export class PosteriorSamples {
  /** Somebody looks. */ wanted = false;
  /** eps of each draw. @type {Float32Array[]} */ noise = [];
  /** The codes drawn. @type {Float32Array[]} */ codes = [];
  /** What is decoded from each. @type {Float32Array[]} */ pictures = [];
  /** What the pictures were made from. @type {unknown[]} */ #from = [];

  /** Other noise: `count` draws of `size` numbers. @param {number} count @param {number} size @param {() => number} uniform */
  draw(count, size, uniform) {
    this.noise = Array.from({length: count}, () => normals(size, uniform));
  }

  /** @param {Model | RemoteModel} model @param {Pick<Scene, "q" | "spread" | "label">} scene */
  compute(model, {q, spread, label}) {
    const from = [model, q, this.noise, spread, label];
    if (!this.wanted || !q || model.remote || model.slow || from.every((each, i) => each === this.#from[i])) return;
    this.#from = from;
    const size = sizeOf(model.shape);
    this.codes = this.noise.map((eps) => reparametrised(q, eps, spread));
    this.pictures = this.codes.map((z, i) => {
      const picture = this.pictures[i]?.length === size ? this.pictures[i] : new Float32Array(size);
      picture.set(/** @type {Float32Array} */ (model.decode(z, label)));
      return picture;
    });
  }
}
