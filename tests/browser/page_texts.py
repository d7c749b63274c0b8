"""All words of a page, in shadow trees and labels too, and the faults of its layout: cut, overlapping, scrolling sideways."""

from dataclasses import dataclass

from playwright.sync_api import Page

# Names, code and formulas are no sentences of a page, nor are the citations of papers on hover.
_SKIPPED = 'script, style, noscript, code, pre, kbd, .katex, time, title, [data-testid="stIconMaterial"]'
_TEXTS = """(skipped) => {
  const found = [], labels = ['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-valuetext'];
  const visit = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.closest(skipped)) continue;
      if (element.shadowRoot) visit(element.shadowRoot);
      for (const name of labels) if (element.getAttribute(name)) found.push(element.getAttribute(name));
      for (const node of element.childNodes) if (node.nodeType === 3 && node.nodeValue.trim()) found.push(node.nodeValue.trim());
    }
  };
  visit(document);
  return found;
}"""
# A text counts where it is painted. One that its element cuts is `cut`, unless it ends in an ellipsis and its whole is in a title.
_FAULTS = """() => {
  const cut = [], boxes = [];
  const visit = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) visit(element.shadowRoot);
      if (element.closest('script, style, noscript, .katex, svg, select, option, [aria-hidden="true"], [role="tooltip"]')) continue;
      const own = [...element.childNodes].filter((node) => node.nodeType === 3 && node.nodeValue.trim());
      if (!own.length || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue;
      let inside = element, hidden = false;
      const seen = {left: -1e9, top: -1e9, right: 1e9, bottom: 1e9};  // what the boxes around it that scroll or cut let through
      while (inside && !hidden) {
        const style = getComputedStyle(inside);
        hidden = style.clipPath !== 'none' || (inside.clientWidth <= 1 && style.overflow !== 'visible' && style.display !== 'inline');
        if (style.overflow !== 'visible' && style.display !== 'inline' && inside !== element) {
          const edge = inside.getBoundingClientRect();
          for (const side of ['left', 'top']) seen[side] = Math.max(seen[side], edge[side]);
          for (const side of ['right', 'bottom']) seen[side] = Math.min(seen[side], edge[side]);
        }
        inside = inside.parentElement ?? inside.getRootNode().host;
      }
      if (hidden) continue;
      const style = getComputedStyle(element), words = own.map((node) => node.nodeValue.trim()).join(' ').slice(0, 60);
      const hides = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
      const over = element.scrollWidth > element.clientWidth + 2 || element.scrollHeight > element.clientHeight + 4;
      const short = style.textOverflow === 'ellipsis' && element.closest('[title], [role="combobox"], [data-baseweb]');
      if (hides && over && !short) cut.push(words);
      for (const node of own) {
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const whole of range.getClientRects()) {
          const box = {left: Math.max(whole.left, seen.left), top: Math.max(whole.top, seen.top),
            right: Math.min(whole.right, seen.right), bottom: Math.min(whole.bottom, seen.bottom)};
          box.height = box.bottom - box.top;
          if (box.right - box.left > 2 && box.height > 2) boxes.push({box, words, element});
        }
      }
    }
  };
  const main = document.querySelector('[data-testid="stMain"]');
  visit(main);
  const overlaps = [];
  for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) {
    if (a.element === b.element || a.element.contains(b.element) || b.element.contains(a.element)) continue;
    const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    if (wide > 3 && high > 0.4 * Math.min(a.box.height, b.box.height)) overlaps.push(`${a.words} | ${b.words}`);
  }
  const wide = document.documentElement.scrollWidth > innerWidth ? [`${document.documentElement.scrollWidth} pixels wide`] : [];
  return [[...new Set(cut)], [...new Set(overlaps)], wide];
}"""


@dataclass(frozen=True)
class Faults:
    """What is wrong with a page's layout: texts that are cut, pairs of texts that overlap, and how far the page scrolls sideways."""

    cut: tuple[str, ...]
    overlapping: tuple[str, ...]
    sideways: tuple[str, ...]


NONE = Faults((), (), ())


def texts(page: Page) -> list[str]:
    """Each text and each label of the page, without code, formulas and citations."""
    found: list[str] = page.evaluate(_TEXTS, _SKIPPED)
    return found


def faults(page: Page) -> Faults:
    """The faults of the layout at the present size of the window."""
    cut, overlapping, sideways = page.evaluate(_FAULTS)
    return Faults(tuple(cut), tuple(overlapping), tuple(sideways))
