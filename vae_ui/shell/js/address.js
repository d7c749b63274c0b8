// Keeps the page's address the one of the scene in view, so that a link, a bookmark, back, forward and reload show it again.
// Python says what stands in the address (vae_ui/shell/address.py); only another model adds an entry to the browser's history.

/** @typedef {{search: string, path: string, step: string, session: string, language: string, keep: string[]}} Address */
/** @typedef {{session: string | null, address: Address | null}} Shared */

const everywhere = /** @type {{[name: symbol]: Shared | undefined, latentSteps?: {count: number}, latentBase?: string}} */ (globalThis);

/** What outlives this module, which may be loaded anew. */
const shared = (everywhere[Symbol.for("latent-address")] ??= {session: null, address: null});

const YEAR = 365 * 24 * 3600;  // seconds

/** What Streamlit itself reads in the address stays. @param {URLSearchParams} here @param {string} search */
function withTheRest(here, search) {
  const kept = [...here].filter(([name]) => name.startsWith("embed"));
  return `?${search}${kept.length ? `&${new URLSearchParams(kept)}` : ""}`;
}

/** The page's name in the address; "" for the first page, also below the path of a proxy. */
function pageInView() {
  const base = everywhere.latentBase ?? "/", {pathname} = location;
  return (pathname.startsWith(base) ? pathname.slice(base.length) : pathname).replace(/\/+$/, "").split("/").at(-1);
}

/** @param {Address} address */
function write({search, path, step}) {
  const here = new URLSearchParams(location.search), wanted = withTheRest(here, search);
  const late = Number(step) !== (everywhere.latentSteps?.count ?? 0) || pageInView() !== path;
  if (late || wanted === location.search) return;
  const model = here.get("model"), another = model !== null && model !== new URLSearchParams(search).get("model");
  history[another ? "pushState" : "replaceState"](history.state, "", `${location.pathname}${wanted}${location.hash}`);
}

/** @param {Address} data */
export function writeAddress(data) {
  const {session} = shared;
  if (data === shared.address) return;  // a change of theme
  Object.assign(shared, {session: data.session, address: data});
  document.documentElement.lang = data.language;
  for (const one of data.keep) document.cookie = `${one}; Path=/; Max-Age=${YEAR}; SameSite=Lax`;
  if (session !== null && session !== data.session) {
    // The connection was lost, and another session answers: it is told the address as a step through the history would.
    window.dispatchEvent(new PopStateEvent("popstate", {state: history.state}));
  } else write(data);
}
