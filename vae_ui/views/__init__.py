"""How one input or output of a model is shown: as a picture, a point, the row of a table, a sentence or a molecule; pages ask it."""

from vae_core.config import ModelConfig
from vae_core.data.tables.columns import Columns
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.explore.explorer import Explorer
from vae_ui.views.base import Strip, View
from vae_ui.views.molecule import MoleculeView
from vae_ui.views.picture import PictureView
from vae_ui.views.point import PointView
from vae_ui.views.row import RowView
from vae_ui.views.said import Said, in_words, says, sentences
from vae_ui.views.sentence import SentenceView

__all__ = ["Said", "Strip", "View", "VIEWS", "in_words", "says", "sentences", "view_for", "view_of"]

VIEWS: dict[str, type[View]] = {
    "picture": PictureView,
    "point": PointView,
    "row": RowView,
    "tokens": SentenceView,
    "molecule": MoleculeView,
}  # by ModelConfig.kind, and by what tokens are where their vocabulary says it


def view_of(model: Explorer) -> View:
    """The view of what an opened model takes and gives."""
    return view_for(model.info.run.model, model.info.columns, model.info.vocabulary)


def view_for(model: ModelConfig, columns: Columns = (), vocabulary: Vocabulary | None = None) -> View:
    """The view for a model's settings; names and units of a table, and words, are shown where `columns` or `vocabulary` are known."""
    kind = "molecule" if vocabulary is not None and vocabulary.notation else model.kind
    return VIEWS[kind](model, columns, vocabulary)
