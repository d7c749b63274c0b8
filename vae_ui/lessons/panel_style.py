"""How the card looks: a column at the right of the page, on a narrow screen a sheet at its lower edge."""

from vae_ui.base.palette import LANGUAGE, themed


def _pair(colours: tuple[str, str]) -> str:
    return "light-dark({}, {})".format(*colours)


SIDE, INK = _pair(themed("background")), _pair(themed("text"))
KINDS = {"read": "loss", "do": "z", "predict": "q", "run": "rate", "reveal": "out"}
TINTS = "\n".join(f".lesson-kind.{kind} {{ --tint: {_pair(LANGUAGE[name])}; }}" for kind, name in KINDS.items())

STYLE = """<style>
.st-key-lesson-card { position: fixed; z-index: 90; right: 0; top: 3.4rem; bottom: 0; width: 352px; overflow: hidden;
  padding: 1.1rem 1.25rem 1rem; background: SIDE; border-left: 1px solid BORDER; flex-wrap: nowrap;
  border-top: 1px solid BORDER; border-top-left-radius: 14px; box-shadow: -6px 0 24px rgb(0 0 0 / 6%); }
[data-testid="stMainBlockContainer"] { padding-right: calc(352px + 2rem) !important; }
.st-key-lesson-card > * { flex: none; }
.st-key-lesson-card > [data-testid="stLayoutWrapper"]:has(> [class*="st-key-lesson-body"]) {
  flex: 1 1 auto; min-height: 0; overflow-y: auto; }
.st-key-lesson-head { flex-wrap: nowrap; align-items: flex-start; }
.st-key-lesson-fold { display: none; }
:is(.st-key-lesson-fold, .st-key-lesson-leave) [data-testid="stMarkdownContainer"] { position: absolute; clip-path: inset(50%); }
.lesson-title { font-weight: 650; font-size: 1.02rem; line-height: 1.3; }
.lesson-steps { display: flex; gap: 4px; margin: .5rem 0 .2rem; }
.lesson-steps i { flex: 1; height: 5px; border-radius: 3px; background: BORDER; }
.lesson-steps i.past { background: color-mix(in srgb, ACCENT 55%, transparent); }
.lesson-steps i.now { background: ACCENT; }
.lesson-count { font-size: .82rem; opacity: .75; font-variant-numeric: tabular-nums; }
.lesson-kind { display: inline-block; padding: .1rem .6rem; border-radius: 99px; font-size: .82rem; font-weight: 650;
  color: var(--tint); border: 1.5px solid var(--tint); }
TINTS
[class*="st-key-lesson-body"] [data-testid="stMarkdown"] p { font-size: 1.1rem; line-height: 1.5; }
.lesson-done { font-weight: 650; color: DONE; }
.lesson-done::before { content: "✓ "; }
.lesson-open { opacity: .75; }
.lesson-open::before { content: "○ "; }
.lesson-answers { display: grid; grid-template-columns: auto 1fr; gap: .25rem .8rem; padding: .6rem .8rem; border-radius: 10px;
  background: TINTED; font-size: .98rem; }
.lesson-answers dt { opacity: .78; } .lesson-answers dd { margin: 0; font-weight: 650; }
.st-key-lesson-foot { border-top: 1px solid BORDER; padding-top: .8rem; }
@media (min-width: 641px) and (max-width: 1500px) { /* beside a run and a card the form of Train has no place: it is below the run */
  .st-key-train > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] { flex-wrap: wrap-reverse; }
  .st-key-train > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] > [data-testid="stColumn"] {
    flex: 1 1 100%; min-width: 100%; }
}
@media (max-width: 900px) {
  .st-key-lesson-card { left: 0; top: auto; width: auto; max-height: 46dvh; padding: .7rem 1rem .8rem; border-left: 0;
    border-top-right-radius: 14px; box-shadow: 0 -6px 24px rgb(0 0 0 / 14%); gap: .5rem; }
  .st-key-lesson-card:has([class*="st-key-lesson-choice"]) { max-height: 56dvh; } /* all answers of a question are seen at once */
  [data-testid="stMainBlockContainer"] { padding-right: 1rem !important; padding-bottom: 60dvh; }
  [data-testid="stMain"] [data-testid="stHeading"] h1 { font-size: 1.25rem !important; }
  .st-key-head { display: none; }
  .st-key-lesson-fold { display: block; }
  .st-key-lesson-body-folded { display: none; }
  .lesson-steps { margin: .3rem 0 0; } .lesson-count { display: none; }
  .st-key-lesson-foot { padding-top: .5rem; }
}
</style>"""
for _name, _value in {
    "SIDE": SIDE,
    "BORDER": _pair(themed("border")),
    "ACCENT": _pair(LANGUAGE["z"]),
    "DONE": _pair(LANGUAGE["out"]),
    "TINTED": _pair(themed("secondaryBackground")),
    "TINTS": TINTS,
}.items():
    STYLE = STYLE.replace(_name, _value)
