// Marks the first occurrence of each term on the page.
//
// Text nodes belong to React or to a component, which may change or remove them at any time. So such a node stays where it is and
// keeps the text before the first term; the terms and the texts between them are put in behind it. When its owner changes it, what
// was put in is taken out and the node is marked again, before the browser paints.

import {scopes, textOf} from "./text_nodes.js";

/** @import {Source} from "./text_nodes.js" */
/** @typedef {{start: number, end: number, id: string}} Match */
/** @typedef {{full: string, head: string, added: ChildNode[], ids: string[]}} Record what was done to a text node */
/** @typedef {(text: string) => Match[]} Find */
/** @typedef {(id: string, written: string) => string} English */

const BETWEEN = 150;  // ms without a change before the page is read,
const MOST = 1000;  // or ms after the first change where they never cease
const LAST = 50;  // passes whose times are kept
// Running text, where a term of another language has the English one beside it; a label, a heading and the sidebar have no room, and the
// authors of lessons write it themselves.
const PROSE = ':is([data-testid="stMarkdown"], [data-testid="stCaptionContainer"]) :is(p, li):not(.st-key-lesson-card *, [data-testid="stSidebar"] *)';

export class Marks {
  /** @type {Find} */ find = () => [];
  /** The English title of a term that is written with its title of another language. @type {English} */ english = () => "";
  /** @type {Map<Text, Record>} */ #records = new Map();
  /** @type {WeakSet<Node>} */ #ours = new WeakSet();
  /** @type {WeakMap<Source, {text: string, matches: Match[]}>} */ #known = new WeakMap();
  /** @type {WeakSet<ShadowRoot | Document>} */ #watched = new WeakSet();
  /** How long each pass took, in ms, read by the tests. @type {number[]} */ times = [];
  /** @type {CSSStyleSheet | null} */ sheet = null;
  #timer = 0;
  /** When the first and the last change were that no pass has seen. */ #first = 0;
  #last = 0;
  #pressed = false;

  /** @param {() => void} changed called when the page has changed */
  constructor(changed) {
    this.observer = new MutationObserver((list) => {
      this.#heal(list);
      this.#later();
      changed();
    });
    for (const name of ["pointerdown", "pointerup", "pointercancel", "toggle"]) {  // toggle: a fold was opened
      document.addEventListener(name, () => {
        this.#pressed = name === "pointerdown";
        this.#later();
      }, {capture: true, passive: true});
    }
    this.#watch(document);
  }

  /** The look of a marked term, in every root. @param {CSSStyleSheet} sheet */
  dress(sheet) {
    this.sheet = sheet;
    document.adoptedStyleSheets.push(sheet);
  }

  /** Other terms or another language. @param {Find} find @param {English} english */
  use(find, english) {
    this.find = find;
    this.english = english;
    this.#known = new WeakMap();
    this.#later();
  }

  /** @param {ShadowRoot | Document} root */
  #watch(root) {
    if (this.#watched.has(root)) return;
    this.#watched.add(root);
    if (root instanceof ShadowRoot && this.sheet) root.adoptedStyleSheets.push(this.sheet);
    this.observer.observe(root instanceof Document ? root.body : root, {subtree: true, childList: true, characterData: true});
  }

  #later() {
    this.#last = performance.now();
    if (this.#timer) return;
    this.#first = this.#last;
    this.#timer = window.setTimeout(() => this.#due(), BETWEEN);
  }

  /** A pass where the page is at rest: nothing is read while it is being built, or while something is dragged. */
  #due() {
    const now = performance.now(), left = this.#last + BETWEEN - now;
    this.#timer = 0;
    if (this.#pressed) this.#later();
    else if (left > 1 && now < this.#first + MOST) this.#timer = window.setTimeout(() => this.#due(), left);
    else this.pass();
  }

  /** Reads the page and marks what is not marked yet. */
  pass() {
    const began = performance.now();
    for (const node of this.#records.keys()) if (!node.isConnected) this.#forget(node);
    for (const sources of scopes()) {
      /** @type {Set<string>} */
      const seen = new Set();
      for (const source of sources) this.#read(source, seen);
    }
    this.observer.takeRecords();
    this.times.push(performance.now() - began);
    if (this.times.length > LAST) this.times.shift();
  }

  /** @param {Source} source @param {Set<string>} seen ids of this scope, to which those found here are added */
  #read(source, seen) {
    if (this.#ours.has(source) || (source.parentNode && this.#ours.has(source.parentNode))) return;
    const root = source.getRootNode();
    if (root instanceof ShadowRoot) this.#watch(root);
    const record = source instanceof Text ? this.#records.get(source) : undefined;
    const matches = this.#matches(source, record?.full ?? textOf(source));
    const wanted = matches.length && isShown(source) ? matches.filter(({id}) => !seen.has(id) && seen.add(id)) : [];
    if (!(source instanceof Text)) return markFormula(source, wanted, textOf(source));
    if (record && record.ids.join() === wanted.map(({id}) => id).join()) return;
    if (record) this.#restore(source, record);
    if (wanted.length) this.#split(source, wanted);
  }

  /** @param {Source} source @param {string} text */
  #matches(source, text) {
    const known = this.#known.get(source);
    if (known?.text === text) return known.matches;
    const matches = this.find(text);
    this.#known.set(source, {text, matches});
    return matches;
  }

  /** @param {Text} node @param {Match[]} matches */
  #split(node, matches) {
    const full = node.data, head = full.slice(0, matches[0].start), prose = node.parentElement?.closest(PROSE);
    const behind = node.nextSibling ? "" : node.parentElement?.nextSibling?.textContent ?? "";  // what follows a bold term
    const added = matches.flatMap(({start, end, id}, n) => {
      const between = document.createTextNode(full.slice(end, matches[n + 1]?.start ?? full.length));
      const written = full.slice(start, end), term = termOf(written, id), english = prose ? this.english(id, written) : "";
      if (english && !/^\s*[(\uff08]/.test(full.slice(end) || behind)) term.dataset.english = english;  // where it is not there already
      return [term, between];
    });
    for (const one of added) this.#ours.add(one);
    node.data = head;
    node.after(...added);
    this.#records.set(node, {full, head, added, ids: matches.map(({id}) => id)});
  }

  /** @param {Text} node @param {Record} record */
  #restore(node, record) {
    this.#forget(node);
    node.data = record.full;
  }

  /** @param {Text} node */
  #forget(node) {
    this.#records.get(node)?.added.forEach((one) => one.remove());
    this.#records.delete(node);
  }

  /** What the owners of marked texts have changed is marked again at once. @param {MutationRecord[]} list */
  #heal(list) {
    for (const {type, target, addedNodes, removedNodes} of list) {
      if (type === "characterData") this.#changed(/** @type {Text} */ (target));
      else if (removedNodes.length) this.#replaced([...addedNodes], [...removedNodes]);
    }
    this.observer.takeRecords();
  }

  /** @param {Text} node */
  #changed(node) {
    const record = this.#records.get(node);
    if (!record || node.data === record.head) return;
    this.#forget(node);
    this.#markAgain(node, record.ids);
  }

  /** @param {Node[]} added @param {Node[]} removed */
  #replaced(added, removed) {
    const ids = removed.flatMap((node) => (node instanceof HTMLElement && this.#ours.has(node) ? node.dataset.term ?? [] : []));
    for (const node of removed) if (node instanceof Text && !node.isConnected) this.#forget(node);
    if (ids.length) for (const node of added) if (node instanceof Text && !this.#ours.has(node)) this.#markAgain(node, ids);
  }

  /** @param {Text} node @param {string[]} ids */
  #markAgain(node, ids) {
    const wanted = this.#matches(node, node.data).filter(({id}, n, all) => ids.includes(id) && all.findIndex((one) => one.id === id) === n);
    if (wanted.length && node.isConnected) this.#split(node, wanted);
  }
}

/** Whether a person can see it: not in a fold that is closed. @param {Source} source */
function isShown(source) {
  const element = source instanceof Text ? source.parentElement : source;
  return element !== null && element.checkVisibility({visibilityProperty: true}) && !element.closest("details:not([open])");
}

/** @param {string} text @param {string} id */
function termOf(text, id) {
  const element = document.createElement("dfn");
  element.textContent = text;
  Object.assign(element.dataset, {term: id});
  element.tabIndex = 0;
  return element;
}

/** A formula that is one term, such as z, is marked as a whole. @param {HTMLElement} formula @param {Match[]} matches @param {string} text */
function markFormula(formula, matches, text) {
  const [match] = matches, whole = match && match.start === 0 && match.end === text.length;
  if (whole) {
    formula.dataset.term = match.id;
    formula.tabIndex = 0;
  } else {
    delete formula.dataset.term;
    formula.removeAttribute("tabindex");
  }
}
