"""The sidebar: the choice of a model with a strip of its samples and its figures, of a language, and of the view for a projector."""

import json
from collections import Counter
from collections.abc import Mapping

import numpy as np
import streamlit as st

from vae_core.checkpoints import CheckpointInfo
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.images import writing
from vae_core.metrics import figures
from vae_core.runs.many.listing import LONGEST_SEARCH
from vae_core.translation.catalogues import LANGUAGES
from vae_ui.base import detail, pictures, plain_text, state, translation
from vae_ui.base.translation import ngettext, t
from vae_ui.lessons import presenting
from vae_ui.room import switches
from vae_ui.views import view_of
from vae_ui.widgets import model_cache

DEFAULT_MODEL = "mnist-vae-2d"
WIDGET = "model-choice"
LANGUAGE = "language-choice"
DETAIL = "level-choice"
SHOWN = 20  # sentences about damaged models


def draw(asked: str | None = None) -> None:
    """The teacher's switches, the model with its facts, the level of detail, the language. `asked`: the model of an address."""
    switches.draw()
    _model(asked)
    _detail()
    _language()
    presenting.switch()


def _model(asked: str | None) -> None:
    _open(asked)
    found = model_cache.offered()
    models = found.whole
    if state.model() not in models:
        st.error(t("There is no model yet: train one on the Train page, or run `make checkpoints`."))
        _left_out(found.damaged)
        return
    translation.suit(models[state.model()].run.kind)
    names, labels = list(models), unique_titles(models)
    st.session_state[WIDGET] = state.model()
    st.selectbox(
        t("Model"),
        names,
        format_func=lambda name: labels.get(name, name),
        key=WIDGET,
        on_change=lambda: state.choose(st.session_state[WIDGET], models),
    )
    _search(models)
    _facts(state.model(), models[state.model()])
    _left_out(found.damaged)


def _search(offered: Mapping[str, CheckpointInfo]) -> None:
    """A field to find other models with, where there may be more than are offered."""
    if not model_cache.models().more_than(model_cache.OFFERED):
        return
    st.text_input(
        t("Search the models"),
        key=model_cache.SEARCH,
        max_chars=LONGEST_SEARCH,
        placeholder=t("title, person, data set, kind of model"),
        help=t("Without a search, the {count} newest models of runs are offered.", count=model_cache.OFFERED),
        persist_state="session",
    )
    if st.session_state[model_cache.SEARCH] and offered.keys() <= {*state.in_hand()}:
        st.caption(t("No other model has all these words."))


def _detail() -> None:
    st.session_state[DETAIL] = detail.level()
    st.segmented_control(
        t("How much to show"),
        list(detail.LEVELS),
        format_func=lambda name: t(detail.LEVELS[name]),
        key=DETAIL,
        required=True,
        help=t("A beginner sees what the first lesson needs. Full adds further settings, figures and files."),
        on_change=lambda: detail.choose(st.session_state[DETAIL]),
    )


def _language() -> None:
    st.session_state[LANGUAGE] = translation.language()
    st.segmented_control(
        t("Language"),
        list(LANGUAGES),
        format_func=lambda code: LANGUAGES[code],
        key=LANGUAGE,
        required=True,
        on_change=lambda: translation.choose(st.session_state[LANGUAGE]),
    )


def _open(asked: str | None) -> None:
    """Open the chosen model. Where it proves damaged, another one is chosen, as long as there is one."""
    models = model_cache.models()
    while True:
        state.arrive(models, DEFAULT_MODEL if DEFAULT_MODEL in models else next(iter(models), ""), asked)
        try:
            if state.model():
                model_cache.explorer(state.model())
            return
        except UserError:
            continue


def _left_out(damaged: Mapping[str, str]) -> None:
    """Say which models are damaged and why; they are left out of the choice."""
    if damaged:
        count = ngettext("{count} damaged model is left out", "{count} damaged models are left out", len(damaged))
        with st.expander(count, icon=":material/warning:"):
            for why in list(damaged.values())[:SHOWN]:
                plain_text.warn(why)


def _facts(name: str, info: CheckpointInfo) -> None:
    try:
        samples, lines = _samples(name, info), facts(info, model_cache.explorer(name).parameters)
    except UserError:
        return  # the page itself says what is wrong with this model
    st.html(samples)
    st.caption("  \n".join(lines))


def _samples(name: str, info: CheckpointInfo) -> str:
    """What the model makes of six draws of its prior: pictures side by side, or a line for each sentence."""
    alt = plain_text.attribute(t("Six samples of {model}", model=t(info.title)))
    picture, texts = _drawn(*model_cache.key(name), name)
    if texts:
        cut = "white-space:nowrap;overflow:hidden;text-overflow:ellipsis"
        lines = "".join(f'<li style="margin:0;{cut}">{plain_text.attribute(one)}</li>' for one in texts)
        return f'<ul aria-label="{alt}" style="list-style:none;margin:0;padding:0;font-size:.9rem;line-height:1.4">{lines}</ul>'
    style = "width:100%;image-rendering:pixelated;border-radius:4px;display:block"
    return f'<img src="{picture}" alt="{alt}" style="{style}">'


@st.cache_data(max_entries=64, show_spinner=False)
def _drawn(folder: str, changed: int, _name: str) -> tuple[str, list[str]]:
    """Six samples of the model: side by side as a data URL, or "" where they are the texts that follow."""
    model = model_cache.explorer(_name)
    picture, texts = json.loads(model.kept("samples", lambda: json.dumps(_samples_of(model)).encode()))
    return picture, texts


def _samples_of(model: Explorer) -> tuple[str, list[str]]:
    labels = np.arange(6) % model.info.run.model.classes if model.conditional else None
    made, view = model.decode(model.prior_samples(6, 1), labels), view_of(model)
    texts = view.map_texts(made)
    return "" if texts else pictures.source(writing.sheet(view.pictures(made), 6, 2)), texts


def unique_titles(models: Mapping[str, CheckpointInfo]) -> dict[str, str]:
    """A title for each model; models of equal title get their names added, since equal options would be one option."""
    titles = {name: t(info.title) for name, info in models.items()}
    count = Counter(titles.values())
    return {name: title if count[title] == 1 else f"{title} ({name})" for name, title in titles.items()}


def facts(info: CheckpointInfo, parameters: int) -> list[str]:
    """The lines of the sidebar on a model: its data, its size and its bound."""
    code = info.run.model.latent_dim
    data = info.run.data
    variant = f" ({t(data.variant)})" if data.variant else ""
    about = f"**{plain_text.markdown(model_cache.data_title(data.dataset) + variant)}**"
    weights = short(parameters)
    return [
        t("{data}, conditional on the class", data=about) if info.run.model.classes else about,
        ngettext(
            "code of {count} number, {weights} weights",
            "code of {count} numbers, {weights} weights",
            code,
            weights=weights,
        ),
        score(info),
    ]


def score(info: CheckpointInfo) -> str:
    """The model's −ELBO on the test set, or a plain autoencoder's distortion, with unit and direction."""
    _, value = figures.score(info.figures)
    if info.run.model.posterior == "point":
        return t("distortion **{value:.1f}** nats per image, lower is better (no q(z|x), so no ELBO)", value=value)
    return t("−ELBO **{value:.1f}** nats per image, lower is better", value=value)


def short(count: int) -> str:
    """A count with three significant digits: 1.1 M, 52 k, 940."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            return f"{count / size:.3g} {letter}"
    return str(count)
