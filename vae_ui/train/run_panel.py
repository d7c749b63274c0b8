"""Beside the replay: the state of the run in a sentence, its figures, its buttons and live controls."""

from collections.abc import Callable, Sequence

import streamlit as st

from vae_core.devices.choice import note_on
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.metrics.diagnosis.finding_and_evidence import Finding
from vae_core.metrics.figures import score
from vae_core.runs import ACTIVE, RESTARTS, RunRow, Store
from vae_core.runs.rules.permissions import owner_message
from vae_core.runs.rules.queue_order import Waiting
from vae_core.utils.paths import app_root
from vae_ui.base import current_user, plain_text, state
from vae_ui.base.palette import themed
from vae_ui.base.translation import ngettext, t
from vae_ui.train.form import beta_of
from vae_ui.train.run_view import look_at
from vae_ui.widgets import model_cache
from vae_ui.widgets.findings import ENDED

FAILED = "train.failed"  # in the session: why the last press of a button did nothing
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
BAR, TRACK = ("light-dark({}, {})".format(*themed(name)) for name in ("primary", "secondaryBackground"))
BUTTONS = {
    "step": (Message("One step"), Message("Train one optimiser step, then pause: the map shows what it changed.")),
    "epoch": (Message("One epoch"), Message("Train to the end of the epoch, then pause.")),
    "pause": (Message("Pause"), Message("Save the run and free its CPU core for another run.")),
    "resume": (Message("Resume"), Message("Continue from the last save.")),
    "stop": (Message("Stop"), Message("End the training here and keep the model.")),
}


def sentence(row: RunRow, before: RunRow | None = None) -> str:
    """The state of the run, and what a person can do next; `before` is the run after which it waits."""
    match row.state:
        case "queued" if row.waiting is not None:
            return _waiting(row.waiting, before)
        case "running" if "step" not in row.latest:
            return t("Reading the data and building the model ...")
        case "running":
            return t("Training. You can change beta and the learning rate while it runs.")
        case "pausing":
            return t("Saving before the pause ...")
        case "paused" if "done" not in row.latest:
            return t("Not begun: take one step or one epoch, or resume the run to train to its end.")
        case "paused":
            return t("Paused and saved. You can resume the run at any time.")
        case "stopping":
            return t("Measuring the model on the test images and saving it ...")
        case "stopped" if row.message:
            return t(row.message)
        case "stopped":
            return t("Stopped early; the model is kept. You can explore it, or resume the training.")
        case "done":
            return t("Done. You can replay the training with the slider, or explore the model.")
        case "failed":
            return t(row.message or Message("The training failed: start it again with other settings."))
        case _:
            return t("Lost. {message}", message=t(row.message)).strip()


def _waiting(waiting: Waiting, before: RunRow | None) -> str:
    if waiting.held:
        return t("Waiting until another run ends: no more may train at the same time here.")
    if before is None:
        return t("Waiting for a free CPU core, number {place} in the queue.", place=waiting.place)
    return t(
        "Waiting for a free CPU core, number {place} in the queue, after “{title}”. People take turns.",
        place=waiting.place,
        title=before.title,
    )


def _before(store: Store, row: RunRow) -> RunRow | None:
    """The run after which this one waits; None for the first one, and where it has begun or is damaged."""
    try:
        return store.get(row.waiting.after, current_user.present()) if row.waiting and row.waiting.after else None
    except UserError:
        return None


def restarted(row: RunRow) -> str:
    """A sentence on automatic restarts of a run that waits or trains; "" if there were none."""
    if not row.restarts or row.state not in ("queued", "running"):
        return ""
    text = t(
        "The process that trained it was ended; the run was resumed automatically ({count} of at most {most} times).",
        count=row.restarts,
        most=RESTARTS,
    )
    return f" {text}"


def moved(row: RunRow) -> str:
    """A sentence on a change of the device when the run was resumed; "" if there was none."""
    note = note_on(row.latest.get("started", {}).get("devices", ["cpu"]))
    return f" {t(note)}" if note else ""


def trained_on(row: RunRow) -> str:
    """A sentence on the cluster's node that trains or trained the run; "" for this computer."""
    if not row.node:
        return ""
    name = plain_text.markdown(row.node)
    return " " + (
        t("On the node {name}.", name=name) if row.active else t("Last trained on the node {name}.", name=name)
    )


def panel(store: Store, row: RunRow, found: Sequence[Finding]) -> None:
    """Show the run in view: state, figures, buttons and live controls."""
    st.markdown(f"**{plain_text.markdown(row.title)}**")
    if row.state in ("failed", "lost"):
        st.error(plain_text.markdown(sentence(row)), icon=ICONS[row.state])
    else:
        if row.state not in ENDED:
            st.html(progress(row))
        st.caption(
            plain_text.markdown(sentence(row, _before(store, row))) + restarted(row) + moved(row) + trained_on(row)
        )
    st.html(figures(row, found))
    _explore(row)
    if not current_user.present().may_change(row.owner):
        st.caption(plain_text.markdown(t(owner_message(row.owner))))
        return
    _buttons(store, row)
    if row.state in ("queued", "running", "pausing", "paused", "lost", "failed"):
        _controls(store, row)


def moving(row: RunRow) -> dict[str, str]:
    """What changes all the time while the run trains, by the name that it has on the page: the browser keeps it up to date."""
    step, left = row.latest.get("step"), seconds_left(row)
    texts = {"share": f"{row.progress:.0%}"}
    if step:
        texts |= {
            "step": f"{step['step']:,}",
            "left": "?" if left is None else f"{left:.0f}",
            "speed": f"{step['samples_per_second']:,.0f}",
            "epoch": f"{step['epoch']}",
        }
    return texts


def progress(row: RunRow) -> str:
    """How far the run is, as HTML: its state and a bar."""
    share, state = moving(row)["share"], plain_text.attribute(t(row.state))
    return (
        f'<div role="progressbar" aria-label="{state}" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{share[:-1]}" data-live-bar>{state} <span data-live="share">{share}</span>'
        f'<div style="height:.5rem;margin-top:.25rem;border-radius:.25rem;background:{TRACK}">'
        f'<div style="height:100%;width:{share};border-radius:.25rem;background:{BAR}"></div></div></div>'
    )


def figures(row: RunRow, found: Sequence[Finding]) -> str:
    """Step, time left and speed during training; figures of the test split after it."""
    done, now = row.latest.get("done", {}).get("figures") or {}, moving(row)
    has_step = "step" in now
    cells = [_cell(t("step"), now["step"], live="step")] if has_step else []
    if row.state in ENDED and done:
        figure, value = score(done)
        text = (f"{value:.1f}" if abs(value) < 1e5 else f"{value:.1e}").replace("-", "\u2212")
        title = t("{figure}, test images", figure=t(figure.title))
        cells += [_cell(title, text, t("{unit}, lower is better", unit=t(figure.unit)))]
        unit = t("of {count} numbers", count=row.run.model.latent_dim)
        cells += [_cell(t("active units"), f"{done['active_units']}", unit)]
    elif has_step:
        cells += [_cell(t("seconds left"), now["left"], live="left")]
        cells += [
            _cell(t("images per second"), now["speed"], live="speed"),
            _cell(t("epoch"), now["epoch"], live="epoch"),
        ]
    cells += _noted(row, found) if has_step else []
    return f'<div style="display:grid;grid-template-columns:1fr 1fr;gap:2px 12px">{"".join(cells)}</div>'


def _noted(row: RunRow, found: Sequence[Finding]) -> list[str]:
    """The precision and the device of the training, and the number of findings; all always keep their place."""
    count = (t("nothing"), t("found") if row.state in ENDED else t("so far"))
    if found:
        count = (ngettext("{count} finding", "{count} findings", len(found)), t("see below"))
    started = row.latest.get("started", {})
    precision, device = started.get("precision"), started.get("devices", ["cpu"])[-1]
    where = "" if device == "cpu" else t("on {device}", device=device)
    return [*([_cell(t("precision"), str(precision), where)] if precision else []), _cell(t("diagnosis"), *count)]


def _cell(name: str, value: str, unit: str = "", live: str = "") -> str:
    """A figure with its name and unit; `live` is the name by which the browser keeps the value up to date."""
    name, value, unit = map(plain_text.attribute, (name, value, unit))
    mark = f' data-live="{live}"' if live else ""
    return (
        f'<div style="line-height:1.25;margin-bottom:4px"><div style="font-size:.82rem;opacity:.8">{name}</div>'
        f'<div style="font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums"{mark}>{value}</div>'
        f'<div style="font-size:.82rem;opacity:.8">{unit}</div></div>'
    )


def seconds_left(row: RunRow) -> float | None:
    """Seconds of training that remain, estimated from the share that is done; None before the first step."""
    step = row.latest.get("step")
    if not step or row.progress <= 0:
        return None
    return float(step["seconds"]) * (1 - row.progress) / row.progress


def _explore(row: RunRow) -> None:
    name = f"run-{row.id}"
    explorable = row.state in ("done", "stopped") and name in model_cache.models()
    if explorable and st.button(t("Explore this model"), type="primary", icon=":material/explore:", width="stretch"):
        state.choose(name, model_cache.models())
        st.switch_page(app_root() / "pages" / "latent_space.py", query_params=state.address())


def _buttons(store: Store, row: RunRow) -> None:
    with st.container(horizontal=True, gap="small"):
        for word, (title, about) in BUTTONS.items():
            if word not in row.commands:
                continue
            st.button(t(title), f"train.{word}", t(about), _command, (store, row.id, word))
        if row.state not in ACTIVE:
            with st.popover(t("Delete"), key=f"train.delete.{row.id}"):
                st.markdown(t("Delete this run and its model? You can undo this here for one day."))
                st.button(t("Yes, delete"), "train.delete", on_click=delete, args=(store, row.id))


def _command(store: Store, id: str, word: str) -> None:
    attempt(lambda: store.command(id, word, current_user.present()))


def delete(store: Store, id: str) -> None:
    """Delete a run; where it is in view, no run is shown, and a model of the app is chosen instead of its model."""
    if attempt(lambda: store.delete(id, current_user.present())):
        look_at(None)
        if state.model() == f"run-{id}":
            state.choose(next(iter(model_cache.models())), model_cache.models())


def attempt(act: Callable[[], object]) -> bool:
    """Call `act`; keep why it failed for `tell`, since the state of the run may have changed after the button was drawn.

    This runs in a callback, and what a callback draws can break the layout of the fragment that is being drawn again.
    """
    try:
        act()
    except UserError as error:
        st.session_state[FAILED] = plain_text.markdown(t(error))
        return False
    return True


def tell() -> None:
    """Say why the last press of a button failed, once."""
    if why := st.session_state.pop(FAILED, ""):
        st.toast(why, icon=":material/info:")


def _controls(store: Store, row: RunRow) -> None:
    beta, rate = beta_of(row.run), row.run.train.lr
    turn = {"help": t("Takes effect with the next batch."), "on_change": _turn}
    if beta is not None:
        name = str(row.run.objective.dial)
        now, key = float(row.controls.get("beta", beta)), f"train.beta.{row.id}"
        top = max(10.0, 2 * beta, now)
        st.slider(
            t("{setting} now", setting=name),
            0.0,
            top,
            now,
            0.1,
            key=key,
            args=(store, row.id, "beta", key, now),
            **turn,
        )
    now, key = float(row.controls.get("lr", rate)), f"train.lr.{row.id}"
    options = sorted({now, rate, *(rate * factor for factor in (0.01, 0.03, 0.1, 0.3, 3, 10))})
    shown = {"format_func": lambda value: f"{value:.2g}", "args": (store, row.id, "lr", key, now)}
    st.select_slider(t("learning rate now"), options, now, key=key, **shown, **turn)


def _turn(store: Store, id: str, control: str, key: str, now: float) -> None:
    value = float(st.session_state[key])
    if value == now:  # the slider was drawn anew, by another setting of the run: nobody has moved it
        return
    attempt(lambda: store.set_controls(id, user=current_user.present(), **{control: value}))
