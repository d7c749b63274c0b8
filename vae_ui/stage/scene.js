// What is on the stage: a model, and the numbers that run through it, x -> q -> eps -> z -> x'. It knows no screen.
// Setters only mark what is stale; `compute` works it out once a frame, however many events came.

export class Scene {
  constructor() {
    Object.assign(this, {model: null, label: 0, x: null, q: null, eps: null, z: null, peek: null, out: null, terms: null});
    Object.assign(this, {from: "z", meanOnly: true, stale: false, turn: 0});
  }

  // Another model: what was on the stage stays where it fits.
  load(model) {
    if (model === this.model) return;
    const size = model.shape.reduce((a, b) => a * b, 1), length = model.latentDim;
    Object.assign(this, {model, q: null, terms: null, out: null, peek: null, eps: normals(length)});
    if (this.x?.length !== size) this.x = null;
    if (this.z?.length !== length) this.z = null;
    if (!this.x && this.from === "q") this.from = "z";
    this.encoded = null;
    this.stale = true;
  }

  // The code drawn at this moment: the one under the pointer, else the chosen one.
  get shown() { return this.peek ?? this.z; }

  setX(x) {
    [this.x, this.from, this.encoded, this.stale] = [x, x ? "q" : "z", null, true];
  }

  setZ(z) {
    [this.z, this.from, this.stale] = [Float32Array.from(z), "z", true];
  }

  setPeek(z) {
    if (!z && !this.peek) return;
    [this.peek, this.stale] = [z, true];
  }

  setLabel(k) {
    [this.label, this.encoded, this.stale] = [k, null, true];
  }

  // Another eps; z is drawn from q again, no longer its mean.
  resample() {
    [this.eps, this.meanOnly, this.from, this.stale] = [normals(this.model.latentDim), false, this.x ? "q" : "z", true];
  }

  setMeanOnly(on) {
    [this.meanOnly, this.from, this.stale] = [on, this.x ? "q" : "z", true];
  }

  // True when something was worked out. The pictures live in the model's own buffers until the next call.
  compute() {
    const {model} = this;
    if (!this.stale || !model) return false;
    this.stale = false;
    if (this.x && !this.encoded) {
      const {mean, logvar} = model.encode(this.x, this.label);
      this.q = {mean: mean.slice(), logvar: logvar && logvar.slice()};
      this.encoded = this.x;
    }
    if (!this.x) this.q = null;
    if (this.from === "q" && this.q) this.z = draw(this.q, this.meanOnly ? null : this.eps);
    this.out = this.shown ? model.decode(this.shown, this.label) : null;
    this.terms = this.x && this.q && this.z && !this.peek ? this.measure() : null;
    this.turn += 1;
    return true;
  }

  measure() {
    const {distortion, rate, kl} = this.model.terms(this.x, this.q, this.z, this.label);
    return {distortion, rate, kl: kl && kl.slice()};
  }
}

function draw({mean, logvar}, eps) {
  return eps && logvar ? mean.map((m, i) => m + Math.exp(logvar[i] / 2) * eps[i]) : mean.slice();
}

// Standard normal numbers (Box and Muller 1958) from a source of uniform ones.
export function normals(count, chance = Math.random) {
  return Float32Array.from({length: count}, () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance()));
}
