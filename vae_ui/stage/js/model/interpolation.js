// Between two codes.

/** @import {Vector} from "../types.d.ts" */

/**
 * The code at `t` in [0, 1] from a to b, written into `code`; the same as Python's interpolate (vae_core.explore): on the straight
 * line, or on the great circle with the length interpolated (Shoemake 1985), where the codes have a direction.
 *
 * @param {Vector} a @param {Vector} b @param {number} t @param {"linear" | "spherical"} kind @param {Float32Array} code
 */
export function interpolate(a, b, t, kind, code) {
  const long = Math.hypot(...a), far = Math.hypot(...b), both = long * far;
  let product = 0;
  for (let i = 0; i < a.length; i++) product += a[i] * b[i];
  const angle = Math.acos(Math.min(1, Math.max(-1, both ? product / both : 1))), sine = Math.sin(angle);
  const straight = kind !== "spherical" || Math.min(long, far) < 1e-6 || sine < 1e-4;
  const length = (1 - t) * long + t * far;
  const p = straight ? 1 - t : (Math.sin((1 - t) * angle) / sine) * (length / long);
  const q = straight ? t : (Math.sin(t * angle) / sine) * (length / far);
  for (let i = 0; i < a.length; i++) code[i] = p * a[i] + q * b[i];
  return code;
}
