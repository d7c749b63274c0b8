"""Figures of a model that take up to a second, in groups that are measured together and only when a lesson names one of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.lessons import measuring
from vae_core.lessons.quantities import Value

Inputs = NDArray[np.generic]  # test images (N, *shape)
SOME, DRAWS, TEN, THOUSAND = 100, 100, 10, 1000  # test images, and draws of the bounds


@dataclass(frozen=True)
class Group:
    """Figures that one function measures: of a model and its test images. `digits`: only of pictures of digits."""

    names: tuple[str, ...]
    measure: Callable[[Explorer, Inputs], tuple[Value, ...]]
    digits: bool = True


def bounds(model: Explorer, x: Inputs) -> tuple[float, ...]:
    """-ELBO, the bounds of 10 and 100 samples, the first less the last, and which share of that the second one closes.

    Means over SOME test images, in nats, from the same DRAWS samples of each.
    """
    found = [{one.k: -one.mean for one in model.sampled_bounds(image, samples=DRAWS)} for image in x[:SOME]]
    one, ten, hundred = (sum(each[k] for each in found) / len(found) for k in (1, TEN, DRAWS))
    return one, ten, hundred, one - hundred, (one - ten) / max(one - hundred, 1e-9)


def gap(model: Explorer, x: Inputs, seed: int = 0) -> float:
    """By how many nats THOUSAND samples lower -ELBO of one image (*shape), from twice as many."""
    found = {one.k: one.mean for one in model.sampled_bounds(x, seed=seed, samples=2 * THOUSAND)}
    return found[THOUSAND] - found[1]


def gradients(model: Explorer, x: Inputs) -> tuple[float, float]:
    """The norm of the distortion's gradient at q(z|x), with z = mean + std * eps and with a plain draw, over SOME test images."""
    return model.distortion_gradient(x[:SOME], True), model.distortion_gradient(x[:SOME], False)


def clear(model: Explorer, seed: int = 0) -> tuple[float, float]:
    """The share of 1,000 drawings in which the classifier is at least 90 % sure, with codes from the prior and from clouds.

    A code from the clouds is a draw of q(z|x) of a random test image, so of the aggregate posterior.
    """
    count, rng = measuring.RECOGNISED, np.random.default_rng(seed)
    rows = rng.integers(0, len(model.latents.mean), count)
    noise = rng.standard_normal((count, model.latent_dim)).astype(np.float32)
    clouds = model.latents.mean[rows] + model.latents.scale[rows] * noise
    return measuring.share_clear(model, model.prior_samples(count, seed)), measuring.share_clear(model, clouds)


def clear_from_mixture(model: Explorer, seed: int = 0) -> float:
    """The same with codes from a mixture of normals that is fitted to the codes of the test images."""
    return measuring.share_clear(model, model.sampler("mixture")(measuring.RECOGNISED, seed))


GROUPS = (
    Group(("inner cloud size", "outer cloud size"), lambda model, x: measuring.inner_and_outer(model), digits=False),
    Group(("neighbours alike",), lambda model, x: (measuring.neighbours_alike(model),), digits=False),
    Group(("digits drawn", "told class drawn"), lambda model, x: measuring.of_random_codes(model)),
    Group(("recognised",), lambda model, x: (measuring.recognised(model),)),
    Group(
        ("kept at one sigma", "kept at three sigma"),
        lambda model, x: (measuring.share_kept(model, 1.0), measuring.share_kept(model, 3.0)),
    ),
    Group(("bound", "bound of ten", "bound of hundred", "gap", "gap closed by ten"), bounds, digits=False),
    Group(("gradient", "gradient of a plain draw"), gradients, digits=False),
    Group(("clear from the prior", "clear from clouds"), lambda model, x: clear(model)),
    Group(("clear from a mixture",), lambda model, x: (clear_from_mixture(model),)),
)


def group_of(name: str) -> int:
    """The number of the group that measures a name of SLOW_OF_A_MODEL."""
    return next(number for number, group in enumerate(GROUPS) if name in group.names)


def measure(model: Explorer, x: Inputs, number: int) -> dict[str, Value]:
    """The figures of a group by name; None where they do not suit the model, such as a bound of a plain autoencoder."""
    group = GROUPS[number]
    unfit = group.digits and model.info.run.data.dataset not in ("mnist", "digits")
    if unfit or (not model.has_density and group.measure in (bounds, gradients)):
        return dict.fromkeys(group.names)
    return dict(zip(group.names, group.measure(model, x), strict=True))
