"""What stands beside the replay: the run's state in a sentence, its figures, its buttons and knobs, and the queue."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from vae_core.errors import UserError
from vae_core.metrics.diagnosis import Finding
from vae_core.metrics.figures import score
from vae_core.runs import ACTIVE, RESTARTS, RunRow, Store
from vae_core.runs.permissions import owner_message
from vae_core.utils.paths import app_root
from vae_ui.base import person, plain_text, state
from vae_ui.train.form import beta_of
from vae_ui.train.run_view import look_at
from vae_ui.widgets import model_cache
from vae_ui.widgets.findings import ENDED

ICONS = {
    "queued": ":material/hourglass_empty:",
    "running": ":material/play_circle:",
    "pausing": ":material/pending:",
    "paused": ":material/pause_circle:",
    "stopping": ":material/pending:",
    "stopped": ":material/stop_circle:",
    "done": ":material/check_circle:",
    "failed": ":material/error:",
    "lost": ":material/help:",
}
BUTTONS = {
    "pause": ("Pause", "Save and wait; the core is free for another run."),
    "resume": ("Resume", "Go on from the last save."),
    "stop": ("Stop", "End here and keep the model as it is."),
}
SHOWN = 6  # runs in the list; older ones are folded


def sentence(row: RunRow) -> str:
    """How it stands with the run, and the way on."""
    match row.state:
        case "queued":
            return f"Waiting for a free core, number {row.place} in the queue."
        case "running" if "step" not in row.latest:
            return "Reading the data and building the model ..."
        case "running":
            return "Training: change beta or the learning rate, and watch."
        case "pausing":
            return "Saving, then it waits for you ..."
        case "paused":
            return "Paused and saved: resume it whenever you like."
        case "stopping":
            return "Measuring the model on the test images and saving it ..."
        case "stopped":
            return "Stopped early; the model is kept: explore it, or resume the training."
        case "done":
            return "Done: drag the slider back through the training, or explore the model."
        case "failed":
            return row.message or "The training failed: start it again with other settings."
        case _:
            return f"Lost. {row.message}".strip()


def restarted(row: RunRow) -> str:
    """That the run went on by itself, and how often, while that matters."""
    if not row.restarts or row.state not in ("queued", "running"):
        return ""
    return f" The system ended its worker process: resumed by itself, {row.restarts} of at most {RESTARTS} times."


def panel(store: Store, row: RunRow, found: Sequence[Finding]) -> None:
    """The run in view, and how much the doctor found wrong with it."""
    st.markdown(f"**{plain_text.markdown(row.title)}**")
    if row.state in ("failed", "lost"):
        st.error(plain_text.markdown(sentence(row)), icon=ICONS[row.state])
    else:
        if row.state not in ("done", "stopped"):
            st.progress(min(1.0, row.progress), f"{ICONS[row.state]} {row.state} {row.progress:.0%}")
        st.caption(plain_text.markdown(sentence(row)) + restarted(row))
    st.html(figures(row, found))
    _explore(row)
    if not person.present().may_change(row.owner):
        st.caption(owner_message(row.owner))
        return
    _buttons(store, row)
    if row.state in ("queued", "running", "pausing", "paused", "lost", "failed"):
        _controls(store, row)


def figures(row: RunRow, found: Sequence[Finding]) -> str:
    """Step, time left and speed while it trains; the test split's figures once it is measured."""
    done, step = row.latest.get("done", {}).get("figures") or {}, row.latest.get("step", {})
    cells = [("step", f"{step['step']:,}", "")] if step else []
    if row.state in ENDED and done:
        figure, value = score(done)
        told = f"{value:.1f}" if abs(value) < 1e5 else f"{value:.1e}"
        cells += [(f"{figure.title}, test images", told, figure.about)]
        cells += [("active units", f"{done['active_units']}", f"of {row.run.model.latent_dim} numbers")]
    elif step:
        left = seconds_left(row)
        cells += [("seconds left", "?" if left is None else f"{left:.0f}", "")]
        cells += [("images a second", f"{step['samples_per_second']:,.0f}", ""), ("epoch", f"{step['epoch']}", "")]
    cells += _noted(row, found) if step else []
    return (
        '<div style="display:grid;grid-template-columns:1fr 1fr;gap:2px 12px">' + "".join(map(_cell, cells)) + "</div>"
    )


def _noted(row: RunRow, found: Sequence[Finding]) -> list[tuple[str, str, str]]:
    """The precision that the training computes in, and how many findings stand below; both keep their place."""
    said = ("nothing", "found" if row.state in ENDED else "so far")
    if found:
        said = (f"{len(found)} finding{'s' * (len(found) > 1)}", "see below")
    precision = row.latest.get("started", {}).get("precision")
    return [*([("precision", escape(str(precision)), "")] if precision else []), ("the doctor sees", *said)]


def _cell(cell: tuple[str, str, str]) -> str:
    name, value, unit = cell
    return (
        f'<div style="line-height:1.25;margin-bottom:4px"><div style="font-size:.82rem;opacity:.8">{name}</div>'
        f'<div style="font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums">{value}</div>'
        f'<div style="font-size:.82rem;opacity:.8">{unit}</div></div>'
    )


def seconds_left(row: RunRow) -> float | None:
    """Seconds of training to come, by the share that is over; None while nothing can be said."""
    step = row.latest.get("step")
    if not step or row.progress <= 0:
        return None
    return float(step["seconds"]) * (1 - row.progress) / row.progress


def _explore(row: RunRow) -> None:
    name = f"run-{row.id}"
    explorable = row.state in ("done", "stopped") and name in model_cache.models()
    if explorable and st.button("Explore this model", type="primary", icon=":material/explore:", width="stretch"):
        state.choose(name, model_cache.models())
        st.switch_page(app_root() / "pages" / "latent_space.py", query_params=state.address())


def _buttons(store: Store, row: RunRow) -> None:
    with st.container(horizontal=True, gap="small"):
        for word in row.commands:
            title, about = BUTTONS[word]
            st.button(title, f"train.{word}", about, _tell, (store, row.id, word))
        if row.state not in ACTIVE:
            with st.popover("Delete", key=f"train.delete.{row.id}"):
                st.markdown("Delete this run and its model? For a day you can undo it here.")
                st.button("Yes, delete", "train.delete", on_click=_delete, args=(store, row.id))


def _tell(store: Store, id: str, word: str) -> None:
    _try(lambda: store.command(id, word, person.present()))


def _delete(store: Store, id: str) -> None:
    if _try(lambda: store.delete(id, person.present())):
        look_at(None)
        if state.model() == f"run-{id}":
            state.choose(next(iter(model_cache.models())), model_cache.models())


def deleted(store: Store) -> None:
    """What this person has deleted and can still bring back."""
    for row in store.deleted(person.present())[:SHOWN]:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.caption(f"Deleted: {plain_text.markdown(row.title)}")
            st.button("Undo", f"train.undo.{row.id}", on_click=_undo, args=(store, row.id), icon=":material/undo:")


def _undo(store: Store, id: str) -> None:
    if _try(lambda: store.undelete(id, person.present())):
        look_at(id)


def _try(act: Callable[[], object]) -> bool:
    """Do it, or leave the reason on the page: the run may have moved on since the button was drawn."""
    try:
        act()
    except UserError as error:
        st.toast(plain_text.markdown(error), icon=":material/info:")
        return False
    return True


def _controls(store: Store, row: RunRow) -> None:
    beta, rate = beta_of(row.run), row.run.train.lr
    turn = {"help": "Takes effect with the next batch.", "on_change": _turn}
    if beta is not None:
        name = str(row.run.objective.dial)
        now, key = float(row.controls.get("beta", beta)), f"train.beta.{row.id}"
        top = max(10.0, 2 * beta, now)
        st.slider(f"{name} now", 0.0, top, now, 0.1, key=key, args=(store, row.id, "beta", key), **turn)
    now, key = float(row.controls.get("lr", rate)), f"train.lr.{row.id}"
    options = sorted({now, rate, *(rate * factor for factor in (0.01, 0.03, 0.1, 0.3, 3, 10))})
    shown = {"format_func": lambda value: f"{value:.2g}", "args": (store, row.id, "lr", key)}
    st.select_slider("learning rate now", options, now, key=key, **shown, **turn)


def _turn(store: Store, id: str, control: str, key: str) -> None:
    value = float(st.session_state[key])
    _try(lambda: store.set_controls(id, user=person.present(), **{control: value}))


def queue(rows: list[RunRow], chosen: str | None) -> None:
    """All runs, newest first; a click looks at one."""
    st.markdown("**Runs**")
    if not rows:
        st.caption("None yet. Those you start are listed here, go on when you leave the page, and stay.")
    for row in rows[:SHOWN]:
        _entry(row, chosen)
    if len(rows) > SHOWN:
        with st.expander(f"{len(rows) - SHOWN} older"):
            for row in rows[SHOWN:60]:
                _entry(row, chosen)


def damaged(store: Store) -> None:
    """The runs that are left out, each with its sentence and a way to be rid of it."""
    for row in store.damaged():
        plain_text.warn(row.why)
        if row.has_valid_id:
            st.button("Delete it", f"train.damaged.{row.id}", on_click=_delete, args=(store, row.id))


def _entry(row: RunRow, chosen: str | None) -> None:
    share = f" {row.progress:.0%}" if row.state in ("running", "paused", "lost", "pausing") else ""
    place = f" no. {row.place}" if row.place else ""
    st.button(
        f"{plain_text.markdown(row.title)} · {row.state}{place}{share}",
        f"train.see.{row.id}",
        on_click=look_at,
        args=(row.id,),
        icon=ICONS[row.state],
        type="secondary" if row.id == chosen else "tertiary",
        width="stretch",
        wrap=True,
    )
