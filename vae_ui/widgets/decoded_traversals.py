"""Paths through a model's latent space, decoded: along one number of the code, and between codes; and what is decoded at one z."""

from dataclasses import dataclass

import numpy as np

from vae_core.explore import traversal_and_grid
from vae_core.explore.explorer import Explorer
from vae_core.explore.loaded_model import Images
from vae_core.explore.nearest_codes import Codes
from vae_core.images import writing
from vae_core.utils.arrays import UInt8
from vae_ui.base import pictures, state
from vae_ui.base.translation import t
from vae_ui.views import view_of
from vae_ui.views.picture import tiles
from vae_ui.widgets.latent_units import active, usual

RELEASED = 190  # width in pixels of what is drawn on release


@dataclass(frozen=True)
class Walk:
    """One number of the code from low to high: `codes` (S, L) and `outputs` (S, *shape); `rate` in nats, or a variance."""

    dimension: int
    codes: Codes
    rate: float
    active: bool
    outputs: Images


def traversal(model: Explorer, z: Codes, span: float, steps: int, label: int | None) -> list[Walk]:
    """A path for each number of the code around z (L,), from -span to span standard deviations, the most active first."""
    order, rates, alive = model.order(), model.rates(), active(model)
    centre, deviation = usual(model)
    codes = traversal_and_grid.traverse((z - centre) / deviation, order, span, steps) * deviation + centre
    decoded = model.decode(codes.reshape(-1, model.latent_dim), label)
    walks = decoded.reshape(len(order), steps, *decoded.shape[1:])
    return [Walk(d, codes[i], float(rates[d]), bool(alive[d]), walks[i]) for i, d in enumerate(order)]


def plane(model: Explorer, span: float, steps: int, label: int | None) -> UInt8:
    """The plane of a 2-D code within `span` standard deviations as one image, z1 to the right and z2 upwards."""
    reach = span * steps / max(1, steps - 1)  # so that the centres of the outermost images are at the span
    centre, deviation = usual(model)
    codes = traversal_and_grid.grid((-reach, reach, -reach, reach), steps, steps) * deviation + centre
    return tiles(drawn(model, codes, label), steps)


def server_words(model: Explorer) -> list[str]:
    """A sentence where the server answers for a model that the browser cannot run."""
    if model.runs_in_browser:
        return []
    return [
        t("The browser cannot run this model, so the server works it out, and what is shown follows a little later.")
    ]


def drawn(model: Explorer, z: Codes, label: int | None) -> UInt8:
    """Codes (N, L) decoded as small pictures (N, H, W[, 3])."""
    return view_of(model).pictures(model.decode(z, label))


def there_and_back(frames: UInt8) -> list[UInt8]:
    """The frames forwards and backwards, each end once, so that a GIF repeats without a jump; enlarged."""
    factor = max(1, round(280 / frames.shape[2]))
    large = [writing.upscale(frame, factor) for frame in frames]
    return large + large[-2:0:-1]


def crossfade(a: Images, b: Images, steps: int) -> Images:
    """Two inputs (*shape) mixed number by number: (steps, *shape)."""
    t = np.linspace(0, 1, steps, dtype=np.float32).reshape(-1, *[1] * a.ndim)
    return (1 - t) * a + t * b


def drawn_on_release(name: str, model: Explorer) -> str:
    """The decoded output at this visitor's z as HTML, for views that the server draws; "" where the browser draws it itself."""
    place, view = state.place(name), view_of(model)
    if not view.on_release or place.z is None:
        return ""
    made = model.decode(place.z[None], place.label if model.conditional else None)[0]
    return pictures.named(
        view.figure(made, t("What is decoded from z"), "out", RELEASED), t("x′ decoded from z"), "out"
    )
