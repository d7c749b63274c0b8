"""The labels that a person has given: the classes that they are of, one more, one less, and all of them with the guesses as a table."""

import numpy as np

from vae_core.explore.explorer import Explorer
from vae_core.export.csv_files import Table
from vae_core.few_labels.classifiers import Probabilities
from vae_core.few_labels.curve_job import MOST
from vae_core.utils.arrays import Int64
from vae_ui.base import state
from vae_ui.base.scene_text import LONGEST_TITLE, MOST_TITLES
from vae_ui.base.state import Place
from vae_ui.widgets import choose_image

MOST_LABELS = 1000  # of one model, which an address still holds


def has_truth(model: Explorer) -> bool:
    """Whether the true class of each example is known, so that a click can reveal it."""
    return len(model.info.classes) > 1


def by_name(name: str, model: Explorer) -> bool:
    """Whether the person names the classes."""
    return state.place(name).own_names or not has_truth(model)


def names(name: str, model: Explorer) -> tuple[str, ...]:
    """The names of the classes, true ones or the person's own."""
    return tuple(state.place(name).called) if by_name(name, model) else choose_image.class_names(model)


def labels(name: str, model: Explorer) -> tuple[Int64, Int64]:
    """The examples that have a label, in the order in which they were given, and those labels: both (K,)."""
    place, count = state.place(name), dots(model)
    if by_name(name, model):
        pairs = [(index, label) for index, label in place.named.items() if index < count]
        return np.array([i for i, _ in pairs], np.int64), np.array([label for _, label in pairs], np.int64)
    where = np.array([index for index in place.revealed if index < count], np.int64)
    return where, model.latents.labels[where]


def dots(model: Explorer) -> int:
    """How many examples the page looks at."""
    return min(MOST, len(model.latents.mean))


def give(place: Place, own: bool, index: int, label: str) -> None:
    """Label an example: with its true class, or with a name of the person's own; a second click takes a label back."""
    known = place.named if own else place.revealed
    if index in known and (not own or place.called[place.named[index]] == label):
        take_back(place, own, index)
    elif own and label:
        _name(place, index, label)
    elif not own and len(place.revealed) < MOST_LABELS:
        place.revealed.append(index)
    place.proposed = None


def _name(place: Place, index: int, label: str) -> None:
    label = "".join(letter for letter in label if letter.isprintable()).strip()[:LONGEST_TITLE].strip()
    if not label:
        return
    if label not in place.called and len(place.called) < MOST_TITLES:
        place.called.append(label)
    if label in place.called and len(place.named) < MOST_LABELS:
        place.named[index] = place.called.index(label)


def take_back(place: Place, own: bool, index: int | None = None) -> None:
    """Forget the label of an example, of the last one where none is named."""
    if own and place.named:
        place.named.pop(next(reversed(place.named)) if index is None else index, None)
    elif not own and place.revealed:
        place.revealed.remove(place.revealed[-1] if index is None else index)


def clear(place: Place, own: bool) -> None:
    """Forget all labels, and the person's names."""
    if own:
        place.named.clear()
        place.called.clear()
    else:
        place.revealed.clear()
    place.proposed = None


def table(model: Explorer, titles: tuple[str, ...], where: Int64, found: Probabilities | None) -> Table:
    """Each example with its class, whether that was given, and the probability of a guessed one; given ones alone without guesses."""
    rows = np.arange(dots(model))
    given = np.isin(rows, where).astype(int)
    if found is None:
        return {"number": rows[:0], "class": [], "given": given[:0], "probability": np.empty(0)}
    guessed = [titles[label] for label in found.argmax(1)]
    return {"number": rows, "class": guessed, "given": given, "probability": np.round(found.max(1), 4)}
