// A model that a browser cannot run, as its entry in a registry says (`browser = False`). It has the verbs of net.js, but
// Python does the work: what has been answered is given at once, anything else is the next question. One is on its way at most.

export const PATIENCE = 8000;  // ms after which a question counts as lost
const told = (values, label) => `${label}:${values.join()}`;

export class Remote {
  constructor(header) {
    const {shape, latent_dim: latentDim, classes, posterior} = header, kl = new Float32Array(latentDim);
    Object.assign(this, {header, shape, latentDim, classes, sure: posterior === "point", remote: true});
    Object.assign(this, {q: {mean: new Float32Array(latentDim), logvar: null}, out: null, answered: {distortion: NaN, rate: null, kl}});
    Object.assign(this, {number: 0, since: -Infinity, open: null, flying: null, knownX: "", knownZ: "", knownBoth: ""});
  }

  encode(x, label = 0) {
    if (told(x, label) !== this.knownX) this.wish({x: [...x], label});
    return this.q;
  }

  decode(z, label = 0) {
    if (told(z, label) !== this.knownZ) this.wish({z: [...z], label});
    return this.out;
  }

  terms(x, q, z, label = 0) {
    if (told(x, told(z, label)) !== this.knownBoth) this.wish({x: [...x], z: [...z], label});
    return this.answered;
  }

  wish(part) {
    this.open = {...this.open, ...part};
  }

  // The next question, or null while one is on its way.
  ask() {
    const {open} = this;
    if (!open || (this.flying && performance.now() - this.since < PATIENCE - 100)) return null;
    [this.open, this.since, this.number] = [null, performance.now(), this.number + 1];
    this.flying = open;
    return {number: this.number, ...open};
  }

  // True when this was the answer that was waited for.
  hear({number, mean, scale, z, out, distortion, rate, kl}) {
    if (!this.flying || number !== this.number) return false;
    const {x, label} = this.flying;
    this.flying = null;
    if (mean) {
      this.q = {mean: Float32Array.from(mean), logvar: this.sure ? null : Float32Array.from(scale, (s) => 2 * Math.log(s))};
      this.knownX = told(x, label);
    }
    this.out = Float32Array.from(out);
    this.knownZ = told(Float32Array.from(z), label);
    if (mean) {
      this.answered = {distortion, rate, kl: kl && Float32Array.from(kl)};
      this.knownBoth = told(x, told(Float32Array.from(z), label));
    }
    return true;
  }
}
