// Puts Streamlit's own words into the page's language: a table (vae_ui/shell/streamlit_words.py) is applied to texts and labels as they
// appear. What a person or the app has written is left alone; it stands in Markdown, in HTML, among options, or in a shadow tree.

/** @typedef {Record<string, string>} Words */

const LABELS = ["aria-label", "title", "placeholder"];
const OURS = '[data-testid="stMarkdownContainer"], [data-testid="stHtml"], [role="option"], script, style, code, input, textarea';
// Their labels and reasons stand in Markdown.
const THEIRS = '[data-testid="stFileUploaderDropzone"], [data-testid="stCameraInput"], [data-testid="stTooltipErrorContent"]';
const LONGEST = 200;  // letters of a text that is looked up

class Replacer {
  /** @type {Map<string, string>} */ exact = new Map();
  /** @type {{pattern: RegExp, text: string}[]} */ patterns = [];
  shown = "";

  /** Begin anew with another table; what the last one has replaced is brought back first. @param {Words} words */
  use(words) {
    const told = JSON.stringify(words);
    if (told === this.shown) return;
    const before = this.shown ? Object.entries(/** @type {Words} */ (JSON.parse(this.shown))) : [];
    for (const pairs of [before.map(([english, text]) => [text, english]), Object.entries(words)]) {
      this.read(/** @type {[string, string][]} */ (pairs));
      this.visit(document.body);
    }
    this.shown = told;
  }

  /** @param {[string, string][]} pairs */
  read(pairs) {
    const changed = pairs.filter(([from, to]) => from !== to);
    this.exact = new Map(changed.filter(([from]) => !from.includes("{")));
    // The longer pattern comes first, since a shorter one may fit its texts too.
    this.patterns = changed.filter(([from]) => from.includes("{")).sort(([a], [b]) => b.length - a.length).map(([from, to]) => {
      const names = [...from.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
      const parts = from.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      return {pattern: new RegExp(`^${parts.join("(.+)")}$`), text: to.replace(/\{(\w+)\}/g, (_, name) => `$${names.indexOf(name) + 1}`)};
    });
  }

  /** @param {string} text */
  said(text) {
    const bare = text.trim();
    if (!bare || bare.length > LONGEST) return null;
    const known = this.exact.get(bare);
    if (known !== undefined) return text.replace(bare, () => known);
    const found = this.patterns.find(({pattern}) => pattern.test(bare));
    return found ? bare.replace(found.pattern, found.text) : null;
  }

  /** @param {Node} root */
  visit(root) {
    if (root instanceof Text) return this.text(root);
    if (!(root instanceof Element) || !(this.exact.size + this.patterns.length)) return;
    this.labels(root);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Text) this.text(node);
      else this.labels(/** @type {Element} */ (node));
    }
  }

  /** @param {Text} node */
  text(node) {
    const said = this.said(node.data);
    const around = node.parentElement;
    if (said !== null && said !== node.data && (around?.closest(THEIRS) || !around?.closest(OURS))) node.data = said;
  }

  /** @param {Element} element */
  labels(element) {
    for (const name of LABELS) {
      const now = element.getAttribute(name), said = now && this.said(now);
      if (said && said !== now && !element.closest('[data-testid="stHtml"], [role="option"]')) element.setAttribute(name, said);
    }
  }

  watch() {
    new MutationObserver((changes) => {
      for (const {type, target, addedNodes} of changes) {
        if (type === "attributes") this.labels(/** @type {Element} */ (target));
        else if (type === "characterData") this.visit(target);
        else addedNodes.forEach((node) => this.visit(node));
      }
    }).observe(document.body, {childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: LABELS});
  }
}

const everywhere = /** @type {{[name: symbol]: Replacer | undefined}} */ (globalThis);
const KEY = Symbol.for("latent-streamlit-words");

/** Show Streamlit's words by this table, from now on. @param {Words} words */
export function replaceWords(words) {
  const replacer = (everywhere[KEY] ??= new Replacer());
  if (!replacer.shown) replacer.watch();
  replacer.use(words);
}
