"""The tables of scikit-learn as data sets in their own units: iris, wine, breast cancer and diabetes; and a person's own table."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, shares
from vae_core.data.tables.dataset import PARTS, dataset, of_file, refuse_target
from vae_core.data.tables.reading import from_frame

HELD_OUT = round(1 - PARTS[0], 2)  # share of the rows for validation and test together
LABEL = "label"  # the column that holds the classes
NAMES = {  # diabetes, whose columns have short names in scikit-learn
    "age": "age (years)",
    "bmi": "body mass index (kg/m²)",
    "bp": "blood pressure (mm Hg)",
    "s1": "total cholesterol (mg/dl)",
    "s2": "LDL (mg/dl)",
    "s3": "HDL (mg/dl)",
    "s4": "total cholesterol / HDL",
    "s5": "log of triglycerides",
    "s6": "blood glucose (mg/dl)",
    "target": "progression after a year",
}


def _loaded(name: str, **options: Any) -> Any:
    from sklearn import datasets

    return getattr(datasets, f"load_{name}")(as_frame=True, **options)


def _with_classes(name: str) -> Any:
    """The table with the names of its classes in a column of its own."""
    found = _loaded(name)
    return found.data.assign(**{LABEL: found.target_names[found.target]})


def _diabetes() -> Any:
    """The ten measurements in their own units, and how far the disease had progressed a year later; no classes."""
    return (
        _loaded("diabetes", scaled=False).frame.rename(columns=NAMES).astype({"sex": "int"}).astype({"sex": "category"})
    )


def _read(make: Callable[[], Any], label: str, config: DataConfig, data_dir: Path) -> Dataset:
    refuse_target(config)
    entry = TABLES[config.dataset]
    table, label = from_frame(make(), entry.title), config.label_column or label
    return dataset(table, label, config.seed, shares(config, PARTS), entry.name, entry.title)


def _entry(
    name: str, title: str, summary: str, licence: str, make: Callable[[], Any], label: str = LABEL
) -> DatasetEntry:
    return DatasetEntry(name, title, summary, licence, None, partial(_read, make, label), held_out=HELD_OUT, kind="row")


TABLES = {
    one.name: one
    for one in (
        _entry(
            "iris",
            "Iris",
            "150 flowers of three species: length and width of sepal and petal, in cm; built in.",
            "Fisher 1936, UCI; as shipped with scikit-learn (BSD-3-Clause)",
            partial(_with_classes, "iris"),
        ),
        _entry(
            "wine",
            "Wine",
            "178 wines of three growers: 13 chemical measurements; built in.",
            "Forina et al. 1991, UCI; as shipped with scikit-learn (BSD-3-Clause)",
            partial(_with_classes, "wine"),
        ),
        _entry(
            "breast-cancer",
            "Breast cancer",
            "569 tumours, benign or malignant: 30 measurements of cell nuclei; built in.",
            "Street, Wolberg and Mangasarian 1993, UCI; as shipped with scikit-learn (BSD-3-Clause)",
            partial(_with_classes, "breast_cancer"),
        ),
        _entry(
            "diabetes",
            "Diabetes",
            "442 patients: 10 measurements, and the progression of the disease after a year; built in.",
            "Efron et al. 2004; as shipped with scikit-learn (BSD-3-Clause)",
            _diabetes,
            label="",
        ),
        DatasetEntry(
            name="table",
            title="Your own table",
            summary="A CSV, TSV, Excel or Parquet file with numbers and categories; missing values are allowed.",
            licence="yours",
            shape=None,
            read=of_file,
            held_out=HELD_OUT,
            own=True,
            kind="row",
        ),
    )
}
