// Elements of a page: made, pressed, and written to without a layout in every frame.

/** @param {string} tag @param {string} name the element's class @param {{[name: string]: string | number}} [attributes] */
export function make(tag, name, attributes = {}) {
  const element = document.createElement(tag);
  element.className = name;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** An element with text in it. @param {string} tag @param {string} name @param {string} text */
export function labelled(tag, name, text) {
  const element = make(tag, name);
  element.textContent = text;
  return element;
}

/** @param {string} name @param {{[name: string]: string}} [attributes] */
export function canvasOf(name = "", attributes = {}) {
  return /** @type {HTMLCanvasElement} */ (make("canvas", name, attributes));
}

/**
 * @param {string} text @param {string} hint shown while the pointer rests on it @param {(event: MouseEvent) => void} act
 * @param {string} [label] what a screen reader says, where it is not the text
 */
export function button(text, hint, act, label) {
  const element = /** @type {HTMLButtonElement} */ (make("button", "", {type: "button", title: hint}));
  if (label) element.setAttribute("aria-label", label);
  element.textContent = text;
  element.addEventListener("click", act);
  return element;
}

/** A button that is on or off. @param {Element} element @param {boolean | undefined} on */
export function press(element, on) {
  const text = String(Boolean(on));
  if (element.getAttribute("aria-pressed") !== text) element.setAttribute("aria-pressed", text);
}

/** Text, only where it is another one: the same text again costs a layout. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @type {Map<Element, string>} */
const waiting = new Map();
let timer = 0;

/**
 * Text that changes with every frame: written ten times a second at most, and at rest.
 *
 * @param {Element} element @param {string} text
 */
export function write(element, text) {
  waiting.set(element, text);
  timer ||= window.setTimeout(() => {
    timer = 0;
    for (const [each, words] of waiting) setText(each, words);
    waiting.clear();
  }, 100);
}

/** What a 2D canvas draws with; a browser that has none cannot run the app. @param {HTMLCanvasElement | OffscreenCanvas} canvas */
export function context(canvas) {
  const found = /** @type {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null} */ (canvas.getContext("2d"));
  if (!found) throw new Error("This browser cannot draw on a canvas.");
  return /** @type {CanvasRenderingContext2D} */ (found);
}
