"""The choice of a data set, which the Data page and the Train page share: what is chosen on one is chosen on the other.

The settings are kept under the keys of their widgets, `train.data` and `train.<data set>.<setting>`.
"""

from pathlib import Path

import streamlit as st

from vae_core.config import DataConfig
from vae_core.data import DATASETS
from vae_core.data.duplicates_and_imbalance import MENDED
from vae_core.data.made.points import DRAWN
from vae_core.molecules.extra import need_extra
from vae_core.utils.paths import data_dir, named_folders
from vae_ui.base import plain_text, state, translation
from vae_ui.base.translation import t
from vae_ui.datasets import downloads, uploads
from vae_ui.datasets.known_data import look
from vae_ui.widgets.forms import fields

KEY = "train.data"
PREFERRED = ("mnist", "digits")  # the first that is on this computer is the first choice


def begin_with(name: str) -> None:
    """Make this the data set that is chosen, unless one has been chosen in this session, or it is made of a person's own files."""
    if KEY not in st.session_state and name in DATASETS and not DATASETS[name].own:
        st.session_state[KEY] = name


def choose() -> DataConfig | None:
    """Draw the choice of a data set; None, with a sentence on the page, where its files are not here yet.

    Raises UserError where a library is missing that reads it.
    """
    here = [name for name in PREFERRED if DATASETS[name].available(data_dir())]
    names = list(DATASETS)
    first = {} if KEY in st.session_state else {"index": names.index(here[0]) if here else 0}  # a link may have set it
    name = st.selectbox(
        t("Data"),
        names,
        format_func=lambda key: t(DATASETS[key].title),
        help="\n\n".join(
            f"**{plain_text.markdown(t(family.title))}**: {t(family.summary)} {t(family.licence)}"
            for family in DATASETS.values()
        ),
        key=KEY,
        persist_state="session",
        **first,
    )
    translation.suit(DATASETS[name].kind)
    if name == "pictures":
        path = _pictures()
        if not path:
            return None
        return DataConfig(dataset=name, path=path, **fields(DataConfig(), ("size", "channels"), "train.pictures"))
    if name == "table":
        return _table()
    if name == "text":
        return _text()
    own = _molecules() if name == "molecules" else ""
    if own is None:
        return None
    variants = DATASETS[name].variants
    start = DataConfig(dataset=name, variant=variants[0] if variants else "", path=own)
    data = _with_variant(start, f"train.{name}") if variants else start
    if not downloads.offer(name, data.variant):
        return None
    return data.replace(drawing=state.choices().drawing) if data.variant == DRAWN else data


def _pictures() -> str:
    """The path of a person's own pictures, or of those that the owner of the server named; "" while there are none."""
    named = named_folders()
    upload = t("My own files")
    place = (
        st.selectbox(t("Pictures"), [upload, *named], key="train.place", persist_state="session") if named else upload
    )
    if place in named:
        return str(named[place])
    path = uploads.chooser("train.pictures")
    if not path:
        st.info(t("Choose at least ten images, or an archive or arrays of them; they stay on this computer."))
    return path


def _molecules() -> str | None:
    """The path of a person's own molecules, "" for the list that comes with RDKit; None while there is no file.

    Raises UserError without the extra `molecules`.
    """
    need_extra()
    sources = {"list": t("The list that comes with RDKit"), "own": t("My own file")}
    chosen = st.selectbox(
        t("Molecules"),
        list(sources),
        format_func=sources.__getitem__,
        key="train.molecules.source",
        persist_state="session",
    )
    if chosen != "own":
        return ""
    path = uploads.molecules_chooser("train.molecules.file")
    if not path:
        st.info(t("Choose a .smi file, or a table with a column called SMILES; it stays on this computer."))
        return None
    return path


def _table() -> DataConfig | None:
    """A person's own table, with the column that is the label; raises UserError where the table cannot be read."""
    path = uploads.table_chooser("train.table")
    if not path:
        st.info(t("Choose a CSV, Excel or Parquet file with at least ten rows; it stays on this computer."))
        return None
    start = DataConfig(dataset="table", path=path)
    return start.replace(label_column=_label(start, look(start).label_columns))


def _text() -> DataConfig | None:
    """A person's own text, with the columns of its table and what its tokens are; raises UserError where it cannot be read."""
    path = uploads.text_chooser("train.text")
    if not path:
        st.info(
            t(
                "Choose a text file with a sentence or a name on each line, or a table with a column of texts; it stays on this "
                "computer."
            )
        )
        return None
    variants = DATASETS["text"].variants
    start = DataConfig(dataset="text", path=path, variant=variants[0])
    start = _with_variant(start, "train.text")
    if columns := look(start).text_columns:
        start = start.replace(
            text_column=st.selectbox(t("Text column"), columns, key=_column_key("text", start), persist_state="session")
        )
        start = start.replace(label_column=_label(start, look(start).label_columns))
    return start


def _with_variant(start: DataConfig, key: str) -> DataConfig:
    """The configuration with the variant that is chosen, under the word that fits the data set."""
    entry = DATASETS[start.dataset]
    titles = {"variant": entry.variant_title} if entry.variant_title else {}
    return start.replace(**fields(start, ("variant",), key, {"variant": entry.variants}, titles=titles))


def _label(start: DataConfig, columns: tuple[str, ...]) -> str:
    return st.selectbox(
        t("Label column"),
        ["", *columns],
        format_func=lambda name: name or t("No label"),
        key=_column_key("label", start),
        help=t("Its values are the classes: they colour the map, and are no part of a row."),
        persist_state="session",
    )


def _column_key(what: str, data: DataConfig) -> str:
    """The key of the choice of a column of a person's own table: another table has other columns."""
    return f"train.{data.dataset}.{what}.{Path(data.path).stem}.{data.text_column if what == 'label' else ''}"


def settings(data: DataConfig) -> DataConfig:
    """Draw the settings that the data set has, and those that mend a fault once they are set; gives the data with what was set."""
    entry, key = DATASETS[data.dataset], f"train.{data.dataset}"
    if "noise" in entry.uses:
        data = data.replace(noise=_slider("noise", 0.0, f"{key}.noise", 0.0, 1.0))
    if entry.held_out is not None:
        share = _slider("held_out", entry.held_out, f"{key}.held_out", 0.05, 0.8)
        data = data.replace(held_out=None if share == entry.held_out else share)
    return data.replace(**fields(data, [name for name in MENDED if f"{key}.{name}" in st.session_state], key))


def is_set(data: DataConfig) -> bool:
    """Whether a person has changed one of these settings, here, on the Data page or by a link."""
    usual = {"noise": 0.0, "held_out": DATASETS[data.dataset].held_out, **dict.fromkeys(MENDED, False)}
    known = {name: st.session_state.get(f"train.{data.dataset}.{name}", value) for name, value in usual.items()}
    return known != usual


def _slider(name: str, usual: float, key: str, low: float, high: float) -> float:
    info = DataConfig.model_fields[name]
    first = {} if key in st.session_state else {"value": usual}  # a link may have set it
    return st.slider(
        t(info.title or name),
        low,
        high,
        step=0.05,
        key=key,
        help=t(info.description or ""),
        persist_state="session",
        **first,
    )


def adopt(data: DataConfig) -> None:
    """Choose what a link asks for: the widgets, which have not been drawn yet, will show it."""
    st.session_state[KEY] = data.dataset
    state.choices().drawing = data.drawing
    entry, key = DATASETS[data.dataset], f"train.{data.dataset}"
    for name in {"variant", "noise"} & {*entry.uses}:
        st.session_state[f"{key}.{name}"] = getattr(data, name)
    if entry.held_out is not None:
        st.session_state[f"{key}.held_out"] = data.held_out or entry.held_out
    if data.text_column:
        st.session_state[_column_key("text", data)] = data.text_column
    if data.dataset == "table" or data.text_column:
        st.session_state[_column_key("label", data)] = data.label_column
    if data.dataset == "pictures" and data.size:
        st.session_state["train.pictures.size"] = data.size
    for name in MENDED:
        if getattr(data, name):
            st.session_state[f"{key}.{name}"] = True
        else:
            st.session_state.pop(f"{key}.{name}", None)
