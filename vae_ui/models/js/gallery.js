// The gallery of models: cards that a search by name and a group narrow down. Python hears of what is pressed on a card.

import {button, labelled, make, press, setText} from "../../stage/js/host/elements.js";
import {t, useWords} from "../../stage/js/host/words.js";
import style from "./gallery.css" with {type: "text"};

/** @import {Component, Words} from "../../stage/js/types.d.ts" */
/** An element of a drawing: its tag, attributes, text and children. @typedef {[string, {[name: string]: string}, string, ...any[]]} Drawn */
/** @typedef {{act: string, label: string, href: string}} Act */
/** @typedef {{name: string, title: string, change: string, use: string, measured: string, paper: string, groups: string[],
 *   changed: {text: string, tint: string}[], svg: Drawn, acts: Act[]}} Card */
/** @typedef {{cards: Card[], groups: {name: string, title: string}[], language: {[name: string]: [string, string]}, words?: Words}}
 *   GalleryData */

export class Gallery {
  /** Each card with its element. @type {[Card, HTMLElement][]} */ cards = [];
  group = "";
  /** @type {(asked: {act: string, preset: string}) => void} */ ask = () => {};

  /** @param {Element} root @param {GalleryData} data */
  constructor(root, data) {
    useWords(data.words);
    const sheet = make("style", "");
    sheet.textContent = style + colours(data.language);
    this.search = /** @type {HTMLInputElement} */ (make("input", "search", {type: "search", autocomplete: "off",
      placeholder: t("Search: name, author, use"), "aria-label": t("Search: name, author, use")}));
    this.search.addEventListener("input", () => this.show());
    const chips = make("div", "chips", {role: "group", "aria-label": t("What do you want?")});
    /** @type {[string, HTMLButtonElement][]} */
    this.chips = [{name: "", title: t("All")}, ...data.groups].map(({name, title}) => [name, button(title, "", () => this.choose(name))]);
    chips.append(...this.chips.map(([, chip]) => chip));
    this.count = make("p", "count", {role: "status"});
    const bar = make("div", "bar");
    bar.append(this.search, chips);
    this.list = make("ul", "cards");
    root.replaceChildren(sheet, bar, this.count, this.list);
    this.update(data);
  }

  /** New cards: models may have been trained since. @param {GalleryData} data */
  update({cards}) {
    this.cards = cards.map((card) => [card, this.card(card)]);
    this.list.replaceChildren(...this.cards.map(([, element]) => element));
    this.show();
  }

  /** @param {string} name */
  choose(name) {
    this.group = this.group === name ? "" : name;
    this.show();
  }

  /** Show the cards of the group that hold all words of the search. */
  show() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [card, element] of this.cards) {
      const text = [card.title, card.name, card.change, card.use, card.paper].join(" ").toLowerCase();
      const fits = (!this.group || card.groups.includes(this.group)) && words.every((word) => text.includes(word));
      element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const [name, chip] of this.chips) press(chip, name === this.group);
    setText(this.count, shown ? t("{shown} of {all} models", {shown, all: this.cards.length}) : t("No model fits: clear the search, or choose All."));
  }

  /** @param {Card} card */
  card(card) {
    const element = make("li", "card"), picture = make("div", "picture"), changed = make("p", "changed"), acts = make("p", "acts");
    picture.append(drawn(card.svg));
    for (const {text, tint} of card.changed) changed.append(labelled("span", `part ${tint}`, text));
    if (!card.changed.length) changed.append(labelled("span", "", t("All parts in colour: compare the others with this one.")));
    const use = labelled("p", "use", card.use);
    acts.append(...card.acts.map((act) => this.act(card, act)));
    if (card.measured) use.append(make("br", ""), card.measured);
    element.append(labelled("h2", "", card.title), picture, changed, labelled("p", "change", card.change), use,
      labelled("p", "paper", card.paper), acts);
    return element;
  }

  /** A link where there is a page to open in another tab, else a button. @param {Card} card @param {Act} act */
  act({name, title}, {act, label, href}) {
    const ask = () => this.ask({act, preset: name}), spoken = `${title}: ${label}`;
    if (!href) return button(label, "", ask, spoken);
    const link = labelled("a", act, label);
    link.setAttribute("href", href);
    link.setAttribute("aria-label", spoken);
    link.addEventListener("click", (event) => {
      const {button: which, ctrlKey, metaKey, shiftKey} = /** @type {MouseEvent} */ (event);
      if (which || ctrlKey || metaKey || shiftKey) return;
      event.preventDefault();
      ask();
    });
    return link;
  }
}

/** @param {Drawn} element */
function drawn([tag, attributes, text, ...children]) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(text, ...children.map(drawn));
  return element;
}

/** The style that gives each part its colour in either theme. @param {GalleryData["language"]} language */
function colours(language) {
  return Object.entries(language).map(([name, [light, dark]]) => `.gallery .${name} { color: light-dark(${light}, ${dark}); }`).join("\n");
}

/** @type {WeakMap<Element, Gallery>} */
const galleries = new WeakMap();

/** @param {Component<GalleryData>} component */
export function showGallery({parentElement, data, setTriggerValue}) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector(".gallery"));
  const known = galleries.get(root), gallery = known ?? new Gallery(root, data);
  if (known) known.update(data);
  else galleries.set(root, gallery);
  gallery.ask = (asked) => setTriggerValue("asked", asked);
}
