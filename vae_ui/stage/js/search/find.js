// Which points a person means by a text: the name of a class, a part of it, or the number of a test image.

/**
 * `#25` is always a number; `25` is one where no class is called so. An exact name wins over a part of one; case does not matter.
 *
 * @param {string} text @param {string[]} names of the classes @param {Uint8Array} classes of the points
 * @returns {number[]} their indices, in rising order
 */
export function find(text, names, classes) {
  const wanted = text.trim().toLowerCase(), called = names.map((name) => name.toLowerCase());
  if (!wanted) return [];
  const exact = new Set(called.flatMap((name, k) => (name === wanted ? [k] : [])));
  if (exact.size) return ofClasses(classes, exact);
  const number = /^#?\s*(\d{1,9})$/.exec(wanted);
  if (number) return Number(number[1]) < classes.length ? [Number(number[1])] : [];
  return ofClasses(classes, new Set(called.flatMap((name, k) => (name.includes(wanted) ? [k] : []))));
}

/** @param {Uint8Array} classes @param {Set<number>} wanted */
function ofClasses(classes, wanted) {
  /** @type {number[]} */
  const found = [];
  classes.forEach((k, i) => wanted.has(k) && found.push(i));
  return found;
}
