"""A predictor on codes as Python code, which reads the file of features and comes to the same score."""

from vae_core.features.comparison import FOLDS, MOST
from vae_core.features.predictors import PREDICTORS
from vae_core.features.targets import Target

SPLITTERS = {"class": "StratifiedKFold", "number": "KFold"}
READERS = {".csv": "read_csv({file!r})", ".parquet": "read_parquet({file!r})"}


def code(file: str, suffix: str, target: Target, predictor: str, folds: int = FOLDS) -> str:
    """The code for a file of features of that name; `folds` as in the comparison, fewer where a class has few examples."""
    chosen, splitter = PREDICTORS[predictor], SPLITTERS[target.kind]
    reading = READERS.get(suffix, "DataFrame(dict(np.load({file!r})))").format(file=file)
    imports = sorted(
        {"import pandas as pd", *chosen.imports, f"from sklearn.model_selection import {splitter}, cross_val_score"}
    )
    needs_numpy = ["import numpy as np"] if suffix == ".npz" else []
    lines = [
        *needs_numpy,
        *sorted(imports, key=lambda line: line.startswith("from")),
        "",
        f"table = pd.{reading}",
        f'table = table[(table["split"] == "test") & table[{target.name!r}].notna()][:{MOST}]',
        r'z = table.filter(regex=r"^z\d+$").to_numpy("float32")',
        f"y = table[{target.name!r}].to_numpy()",
        f"model = {chosen.code}",
        f"splits = {splitter}({folds}, shuffle=True, random_state=0)",
        "scores = cross_val_score(model, z, y, cv=splits)",
        "print(scores.mean())",
    ]
    return "\n".join(lines) + "\n"
