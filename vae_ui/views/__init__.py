"""How one input or output of a model is shown: as a picture, as a point, or as the row of a table; the pages ask the view."""

from vae_core.config import ModelConfig
from vae_core.data.tables.columns import Columns
from vae_core.explore.explorer import Explorer
from vae_ui.views.base import Strip, View
from vae_ui.views.picture import PictureView
from vae_ui.views.point import PointView
from vae_ui.views.row import RowView

__all__ = ["Strip", "View", "VIEWS", "view_for", "view_of"]

VIEWS: dict[str, type[View]] = {"picture": PictureView, "point": PointView, "row": RowView}  # by ModelConfig.kind


def view_of(model: Explorer) -> View:
    """The view of what an opened model takes and gives."""
    return view_for(model.info.run.model, model.info.columns)


def view_for(model: ModelConfig, columns: Columns = ()) -> View:
    """The view for a model's settings; the names and units of a table are shown where its `columns` are known."""
    return VIEWS[model.kind](model, columns)
