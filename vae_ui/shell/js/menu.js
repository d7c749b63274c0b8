// On a narrow window the menu lies over the page: it closes when a page is chosen. Streamlit itself does so only for a phone's browser.

const NARROW = "(max-width: 768px)";  // where Streamlit lays the menu over the page
const PAGE = '[data-testid="stSidebarNavLink"]', CLOSE = '[data-testid="stSidebarCollapseButton"] button[aria-expanded="true"]';

const everywhere = /** @type {{[name: symbol]: boolean | undefined}} */ (globalThis);

export function closeMenuOnChoice() {
  const known = Symbol.for("latent-menu");  // this module may be loaded anew
  if (everywhere[known]) return;
  everywhere[known] = true;
  document.addEventListener("click", ({target}) => {
    if (!(target instanceof Element && target.closest(PAGE) && matchMedia(NARROW).matches)) return;
    // Later, so that Streamlit's own closing comes first: a second click would open the menu again.
    setTimeout(() => /** @type {HTMLElement | null} */ (document.querySelector(CLOSE))?.click(), 50);
  });
}
