"""The curves of a run as a file: a row for each record of its training, and for each epoch with the validation figures."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.export.csv_files import Table
from vae_core.messages import Message
from vae_core.runs import Series
from vae_ui.base.translation import t

NATS = {"loss": Message("loss"), "elbo": Message("ELBO"), "distortion": Message("distortion"), "rate": Message("rate")}
SPLITS = {"train": Message("training"), "val": Message("validation")}
OTHERS = {
    "split": Message("images of"),
    "step": Message("step"),
    "epoch": Message("epoch"),
    "seconds": Message("seconds"),
    "lr": Message("learning rate"),
    "beta": Message("beta"),
    "samples_per_second": Message("images per second"),
}


def curves(series: Series) -> Table:
    """All records in the order of their steps; `split` says of which images, and the KL of each number is in columns of its own."""
    rows = [*_rows(series.steps, "train"), *_rows(series.epochs, "train"), *_rows(series.epochs, "val")]
    rows.sort(key=lambda row: (row["step"], row["split"]))
    heads = dict.fromkeys(head for row in rows for head in row)
    return {_title(head): [row.get(head) for row in rows] for head in heads}


def _rows(columns: dict[str, NDArray[np.float64]], split: str) -> list[dict[str, Any]]:
    kept = {name: values for name, values in columns.items() if name in OTHERS}
    kept |= {name.removeprefix(f"{split}_"): values for name, values in columns.items() if name.startswith(f"{split}_")}
    if split == "val" and "kl" in columns:
        kept |= {f"kl z{i + 1}": column for i, column in enumerate(columns["kl"].T)}
    count = len(columns.get("step", ()))
    return [{"split": t(SPLITS[split]), **{name: values[i] for name, values in kept.items()}} for i in range(count)]


def _title(head: str) -> str:
    if head.startswith("kl "):
        return t("KL of {number} (nats per image)", number=head[3:])
    if head in NATS:
        return t("{figure} (nats per image)", figure=t(NATS[head]))
    return t(OTHERS[head])
