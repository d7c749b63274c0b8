"""The sidebar: which model, with a strip of its samples and its figures, and nothing else."""

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from vae_core.checkpoints import CheckpointInfo
from vae_core.errors import UserError
from vae_core.metrics import figures
from vae_ui.base import plain_text, state
from vae_ui.widgets import model_cache

DEFAULT_MODEL = "mnist-vae-2d"
WIDGET = "model-choice"
SHOWN = 20  # sentences about damaged models


def draw(asked: str | None = None) -> None:
    """The choice of a model and its facts; what is chosen is known to `state.model()`. `asked`: the model of an address."""
    models = _opened(asked)
    if not models:
        st.error("There is no model yet: run `make checkpoints`, or train one on the Train page.")
        _left_out()
        return
    names, labels = list(models), unique_titles(models)
    st.session_state[WIDGET] = state.model()
    st.selectbox(
        "Model",
        names,
        format_func=lambda name: labels.get(name, name),
        key=WIDGET,
        on_change=lambda: state.choose(st.session_state[WIDGET], models),
    )
    _facts(state.model(), models[state.model()])
    _left_out()


def _opened(asked: str | None) -> dict[str, CheckpointInfo]:
    """The models, once the chosen one has been opened; what turns out to be damaged is left out, and another one chosen."""
    while True:
        models = model_cache.models()
        state.arrive(models, DEFAULT_MODEL if DEFAULT_MODEL in models else next(iter(models), ""), asked)
        try:
            if models:
                model_cache.explorer(state.model())
            return models
        except UserError:
            continue


def _left_out() -> None:
    """Which models are damaged, and why: they are left out, and all else goes on."""
    if damaged := model_cache.left_out():
        with st.expander(f"{len(damaged)} damaged model{'s' * (len(damaged) > 1)} left out", icon=":material/warning:"):
            for why in list(damaged.values())[:SHOWN]:
                plain_text.warn(why)


def _facts(name: str, info: CheckpointInfo) -> None:
    try:
        strip, words = model_cache.strip(name), facts(info, model_cache.explorer(name).parameters)
    except UserError:
        return  # the page itself says what is wrong with this model
    st.html(
        f'<img src="{strip}" alt="Six samples of {plain_text.attribute(info.title)}" style="width:100%;image-rendering:pixelated;'
        'border-radius:4px;display:block">'
    )
    st.caption("  \n".join(words))


def unique_titles(models: Mapping[str, CheckpointInfo]) -> dict[str, str]:
    """A title for each model; those that share one are told apart by their names (equal options would be one option)."""
    count = Counter(info.title for info in models.values())
    return {name: info.title if count[info.title] == 1 else f"{info.title} ({name})" for name, info in models.items()}


def facts(info: CheckpointInfo, parameters: int) -> list[str]:
    """What the sidebar says of a model: its data, its size, and how well it does, a line each."""
    code = info.run.model.latent_dim
    data = info.run.data
    about = plain_text.markdown(model_cache.data_title(data.dataset) + (f" ({data.variant})" if data.variant else ""))
    given = ", told the class" if info.run.model.classes else ""
    return [
        f"**{about}**{given}",
        f"code of {code} number{'s' if code > 1 else ''}, {short(parameters)} weights",
        score(info),
    ]


def score(info: CheckpointInfo) -> str:
    """The model's -ELBO on the test set, or a plain autoencoder's distortion, with its unit and direction."""
    figure, value = figures.score(info.figures)
    why = " (no cloud: no ELBO)" if info.run.model.posterior == "point" else ""
    return f"{figure.title} **{value:.1f}** {figure.about}{why}"


def short(count: int) -> str:
    """A count in three figures: 1.1 M, 52 k, 940."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            return f"{count / size:.3g} {letter}"
    return str(count)
