"""What was recognised in a person's pictures, as plain values: the command `data` prints it, and `train` the part on any data set."""

from typing import Any

from vae_core.data.base import Dataset
from vae_core.data.duplicates_and_imbalance import faults
from vae_core.data.own.pictures.raw_to_dataset import OwnPictures
from vae_core.data.summary import SPLITS, summarise
from vae_core.data.tables.columns import Column

SIZES_SHOWN = 20


def of_dataset(data: Dataset) -> dict[str, Any]:
    """Shape (C, H, W), the number of images in each split and of each class, notes on how they were read, and what to look at first.

    Of a table also its columns.
    """
    summary = summarise(data, examples=0)
    return {
        "shape": data.shape,
        **({"columns": [_column(column) for column in data.columns]} if data.columns else {}),
        "splits": dict(zip(SPLITS, summary.counts, strict=True)),
        "classes": {one.name: dict(zip(SPLITS, one.counts, strict=True)) for one in summary.classes if one.name},
        "notes": list(data.notes),
        "warnings": [fault.sentence for fault in faults(data)],
    }


def _column(column: Column) -> dict[str, Any]:
    idle = {"mean", "scale", "decimals"} if column.kind == "category" else {"values"}
    return column.model_dump(exclude=idle)


def of_pictures(own: OwnPictures) -> dict[str, Any]:
    """The same of a person's own pictures, with a sentence on each thing that was recognised, and on everything that is left out."""
    report = of_dataset(own.data)
    sizes = own.sizes.most_common(SIZES_SHOWN)
    return {
        "recognised": own.kind,
        "values": own.values,
        "size": own.size,
        "labels": own.labels,
        "splits_from": own.splits,
        **report,
        "notes": list(own.others),
        "left_out": list(own.left_out),
        "sizes": {f"{height}x{width}": count for (height, width), count in sizes},
        "warnings": [*report["warnings"], *([own.labels] if own.one_class else [])],
    }
