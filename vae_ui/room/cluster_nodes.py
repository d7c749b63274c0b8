"""The cluster that trains this home's runs, where one is chosen: a line on how it is, and a table of its nodes."""

import streamlit as st

from vae_core.runs import Store
from vae_core.scheduling.cluster import setting
from vae_core.scheduling.cluster.setting import ClusterState
from vae_ui.base import current_user, plain_text
from vae_ui.base.translation import t


def line(store: Store) -> None:
    """One line: how many runs train on the cluster, or for administrators why none does, which names its address."""
    found = setting.state(store.home)
    if found and (found.connected or current_user.present().is_admin):
        st.caption(plain_text.markdown(_sentence(found)))


def table(store: Store) -> None:
    """The nodes with their places, and why one is not used; nothing where no cluster is chosen."""
    found = setting.state(store.home)
    if found is None:
        return
    line(store)
    if found.nodes:
        titles = t("node"), t("in training"), t("places"), t("note")
        rows = [(node.name, node.training, node.places, t(node.refused)) for node in found.nodes]
        st.dataframe([dict(zip(titles, row, strict=True)) for row in rows], hide_index=True)


def _sentence(found: ClusterState) -> str:
    if not found.connected:
        return t("{why} Meanwhile runs train on this computer.", why=t(found.why))
    usable = [node for node in found.nodes if not node.refused]
    return t(
        "Cluster: {training} of {places} places train.",
        training=sum(node.training for node in usable),
        places=sum(node.places for node in usable),
    )
