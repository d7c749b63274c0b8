"""The form of the Train page: the main settings, the others under "More", and a check that the run can work."""

from collections.abc import Sequence

import streamlit as st

from vae_core.axes.compatibility import choices
from vae_core.axes.idle_settings import acts
from vae_core.config import DataConfig
from vae_core.data import DATASETS
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.objectives import with_dial_value
from vae_core.people.limits import in_force
from vae_core.presets.build_run import build_run
from vae_core.presets.default_settings import SECONDS
from vae_core.presets.papers import PRESETS
from vae_core.presets.run_config import RunConfig
from vae_core.runs import RunRow
from vae_core.utils.paths import home
from vae_ui.base import current_user, detail, plain_text, state
from vae_ui.base.translation import t
from vae_ui.datasets import choose_data
from vae_ui.datasets.known_data import look, show_notes
from vae_ui.views import view_for
from vae_ui.widgets.forms import Values, fields

MODEL_FIELDS: tuple[str, ...] = ("network", "hidden", "decoder_hidden", "activation", "likelihood", "sigma")
MODEL_FIELDS += (
    "posterior",
    "prior",
    "first",
    "components",
    "discrete",
    "categories",
    "temperature",
    "flow_steps",
    "flow_width",
    "word_dropout",
)
TRAIN_FIELDS: tuple[str, ...] = (
    "batch_size",
    "accumulate",
    "optimizer",
    "weight_decay",
    "lr",
    "schedule",
    "warmup_steps",
)
TRAIN_FIELDS += ("betas", "clip", "precision", "patience", "seed")
LENGTHS = {"seconds": Message("seconds"), "epochs": Message("epochs")}  # what the length of a training is given in
RATE = Message(
    "Weight of the rate in the loss: a higher value brings the codes closer to the prior and makes the images "
    "less sharp; 1 is the ELBO."
)


def follow(row: RunRow | None) -> None:
    """Let a form that nobody has touched yet begin with the data of the run that the address names, as after a reload."""
    if row is not None:
        choose_data.begin_with(row.run.data.dataset)


def form() -> RunConfig | None:
    """Draw the form; gives the run it describes, or None with a sentence on the page where the run cannot work."""
    try:
        kind = state.bound("train.preset", state.choices(), "preset", PRESETS)
        name = st.selectbox(t("Kind of model"), list(PRESETS), format_func=_preset_title, **kind)
        data = choose_data.choose()
        run = None if data is None else _run(name, data)
        state.choices().data = None if run is None else run.data
        return run
    except UserError as error:
        plain_text.refuse(error)
        return None


def _preset_title(name: str) -> str:
    return t(PRESETS[name].title)


def _run(name: str, data: DataConfig) -> RunConfig:
    key = f"train.{name}.{data.dataset}"
    known = look(data)
    show_notes(known.notes)
    start = build_run(name, data, known.shape, len(known.classes), **known.layout)
    left, right = st.columns(2)
    with left:
        settings = fields(start.model, ("latent_dim",), key)
    with right:
        beta = _beta(start, key)
    size = settings.get("latent_dim", start.model.latent_dim)
    settings |= _length(start)
    if detail.in_full() or choose_data.is_set(data):
        with st.expander(t("More")):
            data, more = _more(start, data, key)
            settings |= more
    settings |= {**known.layout, "title": _title(name, data, size, beta)}
    run = build_run(name, data, known.shape, len(known.classes), **settings)
    if beta is not None:
        run = run.replace(objective=with_dial_value(run.objective, beta).model_dump())
    return run


def _more(start: RunConfig, data: DataConfig, key: str) -> tuple[DataConfig, Values]:
    """The settings that a beginner does not need: of the data, of the objective, of the model and of the training."""
    asked: tuple[str, ...] = ("labelled",) if start.model.classifier != "none" else ()
    asked += ("target",) if view_for(start.model).has_target else ()
    asked += ("training_images",)
    data = choose_data.settings(data).replace(**fields(data, asked, key))
    settings = fields(start.objective, _own(start), key, shown=_shown)
    settings |= fields(start.model, MODEL_FIELDS, key, choices(start.model, start.objective), _shown)
    return data, settings | fields(start.train, TRAIN_FIELDS, key, shown=_shown)


def beta_of(run: RunConfig) -> float | None:
    """The value of the objective's dial, such as beta, 1 for the rate of the ELBO; None for an objective without a dial."""
    return None if run.objective.dial is None else float(getattr(run.objective, run.objective.dial, 1.0))


def _beta(start: RunConfig, key: str) -> float | None:
    value = beta_of(start)
    if value is None:
        return None
    name = str(start.objective.dial)
    field = type(start.objective).model_fields.get(name)
    about = field.description if field else RATE
    title = t(field.title) if field and field.title else t("Beta")
    key = f"{key}.{name}"
    chosen = st.number_input(title, 0.0, 1000.0, value, 0.5, "%g", key, help=t(about or ""), persist_state="session")
    return chosen if chosen != value else None


def _length(start: RunConfig) -> Values:
    unit = st.segmented_control(
        t("Train for"),
        list(LENGTHS),
        format_func=lambda unit: t(LENGTHS[unit]),
        default="seconds",
        required=True,
        key="train.unit",
        persist_state="session",
    )
    kept: Values = {"persist_state": "session", "label_visibility": "collapsed"}
    most = None if current_user.present().is_admin else in_force(home()).person.seconds
    if unit == "epochs":
        epochs = st.number_input(t("Epochs"), 1, 10_000, start.train.epochs, 1, key="train.epochs", **kept)
        _tell_most(most, None)
        return {"epochs": epochs, "seconds": None}
    seconds = st.number_input(t("Seconds"), 1.0, 86_400.0, SECONDS, 5.0, "%g", "train.seconds", **kept)
    _tell_most(most, seconds)
    return {"seconds": seconds, "epochs": None}


def _tell_most(most: int | None, seconds: float | None) -> None:
    """Say for how long a run may train here, where one of so many seconds, None for unknown, may be ended earlier."""
    if most is not None and (seconds is None or seconds > most):
        st.caption(t("After {most:,} seconds of training a run is ended here, and its model is kept.", most=most))


def _own(start: RunConfig) -> Sequence[str]:
    return [name for name in type(start.objective).model_fields if name not in ("name", start.objective.dial)]


def _shown(name: str, values: Values) -> bool:
    """Whether a field is shown: not one without effect, nor one that the kind of model fixes."""
    if name == "first":
        return bool(values["first"])
    return acts(name, values) and (name != "posterior" or values["posterior"] != "point")


def _title(name: str, data: DataConfig, size: int, beta: float | None) -> str:
    weight = "" if beta is None else f", {PRESETS[name].objective.dial} {beta:g}"
    return f"{DATASETS[data.dataset].title} {data.variant} {PRESETS[name].title} {size}-D{weight}".replace("  ", " ")[
        :80
    ]
