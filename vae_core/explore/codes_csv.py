"""The codes of the test split as a CSV file."""

import csv
import io
from collections.abc import Sequence

from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes


def codes_csv(model: Explorer, names: Sequence[str], flat: Codes | None = None, axes: Sequence[str] = ()) -> bytes:
    """One line for each test example, in UTF-8: number, label, class name, mean and standard deviation of q(z|x) by dimension.

    `flat` (N, 2) are places on a map whose `axes` are no numbers of the code, such as principal components. A plain autoencoder has no
    standard deviations.
    """
    mean, scale, labels = model.latents.mean, model.latents.scale, model.latents.labels
    parts = [mean, *([scale] if scale.any() else []), *([flat] if flat is not None else [])]
    numbers = range(1, model.latent_dim + 1)
    head = ["number", "label", "class", *(f"z{d}" for d in numbers)]
    head += [f"sigma{d}" for d in numbers if scale.any()] + (list(axes) if flat is not None else [])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    for i, label in enumerate(labels):
        writer.writerow([i, label, names[label], *(f"{value:.6g}" for part in parts for value in part[i])])
    return text.getvalue().encode()
