"""What the server has to do, and what it has left: the queue of trainings, the processor, and the disk."""

import os
import shutil
from collections import Counter

import streamlit as st

from vae_core.runs import Store
from vae_core.runs.many.listing import in_progress
from vae_core.runs.state_machine import ACTIVE
from vae_core.utils.paths import home
from vae_ui.base.translation import t
from vae_ui.room import cluster_nodes


def draw() -> None:
    """Four figures, two in a row, and the nodes of the cluster, where one is chosen."""
    store = Store()
    busy = Counter(row.state for row in in_progress(store))
    waiting, training = busy["queued"], sum(busy[one] for one in ACTIVE)
    disk = shutil.disk_usage(home() if home().is_dir() else home().parent)
    figures = {
        t("in training"): f"{training}",
        t("in the queue"): f"{waiting}",
        t("processor, of {cores} cores", cores=os.cpu_count() or 1): _load(),
        t("disk free"): t("{gigabytes:.0f} GB", gigabytes=disk.free / 1e9),
    }
    places = [*st.columns(2), *st.columns(2)]
    for place, (name, value) in zip(places, figures.items(), strict=True):
        place.metric(name, value)
    cluster_nodes.table(store)


def _load() -> str:
    try:
        return f"{os.getloadavg()[0]:.1f}"
    except (OSError, AttributeError):  # Windows has none
        return "–"
