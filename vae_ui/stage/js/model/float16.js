// Numbers of half precision (float16), which travel as bits: half the bytes of float32.

/**
 * The numbers behind float16's bits. Moved to where float32 keeps exponent and mantissa they are 2^112 times too small.
 *
 * @param {Uint16Array} halves
 */
export function halfToFloat(halves) {
  const floats = new Float32Array(halves.length), bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < halves.length; i++) {
    bits[i] = (halves[i] & 0x7fff) << 13;
    floats[i] *= 2 ** 112;
    bits[i] |= (halves[i] & 0x8000) << 16;
  }
  return floats;
}
