// Random numbers: a uniform generator with a seed, and standard normal numbers.

/**
 * Standard normal numbers (Box and Muller 1958) from a source of uniform ones in [0, 1).
 *
 * @param {number} count @param {() => number} [uniform]
 */
export function normals(count, uniform = Math.random) {
  return Float32Array.from({length: count}, () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()));
}

/**
 * A small generator of uniform numbers that depend on its seed alone (mulberry32): a link shows the same samples again.
 *
 * @param {number} seed a whole number
 */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
