"""The codes of the map as a table for a CSV file."""

from vae_core.explore.explorer import Explorer
from vae_core.export.csv_files import Table
from vae_ui.base.csv_download import codes
from vae_ui.base.translation import t
from vae_ui.latent_space.figures import dimensions
from vae_ui.widgets import choose_image
from vae_ui.widgets.map_views import View


def codes_of_map(model: Explorer, view: View) -> Table:
    """Number, class, mean and standard deviation of q(z|x) of each dot, and its place where the axes are no numbers of the code."""
    names, (mean, scale) = choose_image.class_names(model), (model.latents.mean, model.latents.scale)
    labels = {t("class"): [names[label] for label in model.latents.labels]} if model.info.classes else {}
    sigmas = {f"sigma{i + 1}": scale[:, i] for i in range(model.latent_dim)} if scale.any() else {}
    places = {} if dimensions(view) else dict(zip(view.axes, view.points.T, strict=True))
    return {t("number"): range(len(mean)), **labels, **codes(mean), **sigmas, **places}
