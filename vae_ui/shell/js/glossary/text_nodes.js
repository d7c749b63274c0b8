// Where terms are looked for: the texts of a page in reading order, without inputs, buttons, links, code and large formulas.

const CARD = ".st-key-lesson-card";

/** Each is a scope of its own: a term is marked once on the page, once in the card of a lesson, and so on. */
const SCOPES = ['[data-testid="stMainBlockContainer"]', CARD, '[data-testid="stSidebar"] [data-testid="stCaptionContainer"]',
  '[data-testid="stPopoverBody"]'];

/** What is left out; names that a person gave stand in alerts, select boxes, uploads, in bold in the sidebar, and in the replay. Titles of models are known. */
const SKIPPED = [
  "script", "style", "code", "pre", "input", "textarea", "select", "button", "a", "summary", "svg", "canvas", "math", "option", "[hidden]",
  '[role="button"]', '[role="status"]', '[role="radio"]', '[role="slider"]', '[role="option"]', '[role="tooltip"]', '[contenteditable="true"]',
  "label:has(> input)", '[data-testid="stAlert"]', '[data-testid="stFileUploader"] section', '[data-baseweb="select"]', "[data-tag]",
  '[data-baseweb="slider"]', '[data-testid="stDataFrame"]', '[data-testid="stSidebar"] strong', ".katex-display", ".replay .text",
].join(",");

/** @typedef {Text | HTMLElement} Source a text node, or a formula in a line of text */

/** The sources of each scope, in reading order; shadow roots are part of it. @returns {Source[][]} */
export function scopes() {
  return SCOPES.map((selector) => {
    /** @type {Source[]} */
    const found = [];
    document.querySelectorAll(selector).forEach((root) => collect(root, selector !== CARD, found));
    return found;
  });
}

/** @param {Node} root @param {boolean} withoutCard @param {Source[]} found */
function collect(root, withoutCard, found) {
  for (const node of root.childNodes) {
    if (node instanceof Text) found.push(node);
    else if (node instanceof HTMLElement && !node.matches(SKIPPED) && !(withoutCard && node.matches(CARD))) {
      if (node.classList.contains("katex")) found.push(node);
      else {
        if (node.shadowRoot) collect(node.shadowRoot, withoutCard, found);
        collect(node, withoutCard, found);
      }
    }
  }
}

const SIGNS = {mu: "μ", sigma: "σ", varepsilon: "ε", epsilon: "ε", beta: "β", prime: "′", mid: "|"};

/** What stands in a source, as plain text. @param {Source} source */
export function textOf(source) {
  if (source instanceof Text) return source.data;
  const tex = source.querySelector("annotation")?.textContent ?? "";
  return tex.replace(/\\(\w+) ?/g, (all, name) => SIGNS[/** @type {keyof typeof SIGNS} */ (name)] ?? all).replaceAll("'", "′").replace(/\s/g, "");
}
