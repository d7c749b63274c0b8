// What a threshold does, by sorted scores: how many lie above it, and the bars of a histogram on an axis that keeps far scores in sight.

/** How many of the sorted scores are above the threshold. @param {ArrayLike<number>} sorted @param {number} threshold */
export function above(sorted, threshold) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > threshold) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}

/** How many of the places in [0, 1] fall into each of `count` bars. @param {number[]} places @param {number} count */
export function bars(places, count) {
  const found = Array.from({length: count}, () => 0);
  for (const at of places) found[Math.min(count - 1, Math.max(0, Math.floor(at * count)))] += 1;
  return found;
}

/**
 * The axis of scores: linear around the median of the normal ones, logarithmic far from it (asinh), from the least to the largest.
 *
 * @param {number[]} normal sorted @param {number[]} strange sorted
 */
export function axis(normal, strange) {
  const at = (/** @type {number} */ share) => normal[Math.floor(share * (normal.length - 1))];
  const middle = at(0.5), spread = at(0.9) - at(0.1) || 1, ends = [normal, strange].flatMap((all) => all.length ? [all[0], all[all.length - 1]] : []);
  const bend = (/** @type {number} */ score) => Math.asinh((score - middle) / spread);
  const least = Math.min(...ends), most = Math.max(...ends), low = bend(least), wide = bend(most) - low || 1;
  return {
    /** @param {number} score */ place: (score) => Math.min(1, Math.max(0, (bend(score) - low) / wide)),
    /** @param {number} place */ score: (place) =>
      place <= 0 ? least : place >= 1 ? most : middle + spread * Math.sinh(low + place * wide),
  };
}
