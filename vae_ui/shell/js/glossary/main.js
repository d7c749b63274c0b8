// The component of the glossary: one for the whole page, whose marks and popup outlive its element.

import style from "./glossary.css" with {type: "text"};
import {Marks} from "./marks.js";
import {Popup} from "./popup.js";

/** @import {Match} from "./marks.js" */
/** @typedef {[title: string, english: string, plain: string, formula: boolean]} Term */
/** @typedef {{pattern: string, ids: {[form: string]: string}, terms: {[id: string]: Term}, live: {[id: string]: string}, names: string[]}} GlossaryData */
/** @typedef {{parentElement: HTMLElement, data: GlossaryData, setTriggerValue: (name: string, value: string) => void}} GlossaryComponent */

const KEY = Symbol.for("latent-glossary");
const everywhere = /** @type {{[name: symbol]: Glossary | undefined}} */ (globalThis);

/** @param {GlossaryComponent} component */
export default function (component) {
  (everywhere[KEY] ??= new Glossary()).update(component);
}

class Glossary {
  /** @type {GlossaryData} */ data = {pattern: "(?!)", ids: {}, terms: {}, live: {}, names: []};
  /** @type {GlossaryComponent["setTriggerValue"]} */ ask = () => {};
  popup = new Popup({entry: (id) => this.entry(id), ask: (id) => this.ask("asked", id)});
  marks = new Marks(() => this.popup.follow());

  constructor() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    this.marks.dress(sheet);
  }

  /** @param {GlossaryComponent} component */
  update({parentElement, data, setTriggerValue}) {
    this.ask = setTriggerValue;
    this.popup.panel = parentElement.querySelector(".term-words");
    const other = data.pattern !== this.data.pattern || data.names.join() !== this.data.names.join();
    this.data = data;
    if (other) this.marks.use(finder(data), (id, written) => {
      const [title, english] = data.terms[id] ?? [];
      return title === written && english && english !== title ? english : "";
    });
  }

  /** @param {string} id */
  entry(id) {
    const {terms, live} = this.data;
    if (!(id in terms)) return null;
    const [title, english, plain, formula] = terms[id];
    return {title, english, plain, formula, live: live[id] ?? ""};
  }
}

/** Finds terms as vae_core/glossary/matching.py does, but none in what is the title of a model. @param {GlossaryData} data */
function finder({pattern, ids, names}) {
  const form = new RegExp(pattern, "g"), titles = new Set(names);
  return (/** @type {string} */ text) => {
    /** @type {Match[]} */
    const found = [];
    if (titles.has(text.replaceAll("\u2011", "-").trim())) return found;
    for (const {0: written, index} of text.matchAll(form)) found.push({start: index, end: index + written.length, id: ids[keyOf(written)]});
    return found;
  };
}

/** A form without what may differ on a page, as `key` in matching.py. @param {string} written */
function keyOf(written) {
  const text = written.replaceAll("\u2212", "-").replace(/\s+/g, " ").trim();
  return /^[A-Za-z][a-z-]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
}
