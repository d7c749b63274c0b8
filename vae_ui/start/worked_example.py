"""The worked example of the Start page: one test image passes through the model, with the numbers of this forward pass."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from vae_core.explore.explorer import Explorer, ImageAnalysis
from vae_core.explore.nearest_codes import Codes
from vae_core.explore.projection import raw_plane
from vae_core.metrics.figures import score
from vae_ui.base import state
from vae_ui.base.palette import class_colours
from vae_ui.base.pictures import tint
from vae_ui.base.state import Place
from vae_ui.base.translation import t
from vae_ui.start.model_diagram import Drawing, diagram
from vae_ui.views import view_of
from vae_ui.widgets import decoded_traversals, latent_units, model_cache


@dataclass(frozen=True)
class Trip:
    """The forward pass of one test image: the terms of its bound, the noise `eps` (L,) and the code z = mean + scale * eps (L,)."""

    index: int
    reading: ImageAnalysis
    eps: Codes
    z: Codes


def trip(name: str, model: Explorer) -> Trip:
    """The forward pass of the chosen test image; the noise depends on the seed and the number of draws so far."""
    place = state.place(name)
    if place.picked is None:
        place.picked = state.seed() % len(model.latents.mean)
    index = place.picked
    reading = model.analyse(model_cache.test_images(name)[index], int(model.latents.labels[index]), seed=state.seed())
    eps = np.random.default_rng((state.seed(), place.draws)).standard_normal(model.latent_dim).astype(np.float32)
    eps = np.zeros_like(eps) if latent_units.is_plain(model) else eps
    return Trip(index, reading, eps, reading.mean + reading.scale * eps)


def controls(name: str, model: Explorer) -> None:
    """Buttons for another test image, and for another draw of the noise with the same image."""
    place = state.place(name)
    with st.container(horizontal=True, gap="small"):
        st.button(
            t("Another test image"), icon=":material/navigate_next:", on_click=lambda: _another(name, place, model)
        )
        if not latent_units.is_plain(model):
            st.button(
                t("Another ε"),
                icon=":material/casino:",
                on_click=lambda: _draw(name, place, model),
                help=t("The same image with another draw of the noise: z moves within the amber ellipse."),
            )


def _another(name: str, place: Place, model: Explorer) -> None:
    place.picked = (7919 + (place.picked or 0)) % len(model.latents.mean)
    if model.conditional:
        place.label = int(model.latents.labels[place.picked])
    place.z = trip(name, model).z


def _draw(name: str, place: Place, model: Explorer) -> None:
    place.draws += 1
    place.z = trip(name, model).z


def picture(name: str, model: Explorer, way: Trip) -> None:
    """The diagram of the model, horizontal on a wide screen and vertical on a phone."""
    label = int(model.latents.labels[way.index])
    first, second = (0, 1) if model.latent_dim <= 2 else model.order()[:2]
    plane = raw_plane(model.latent_dim, first, second)
    mean, deviation, _ = plane.ellipse(way.reading.mean, way.reading.scale)
    some = np.linspace(0, len(model.latents.mean) - 1, min(500, len(model.latents.mean))).astype(int)
    colours = class_colours(max(1, int(model.latents.labels.max()) + 1))
    drawing = Drawing(
        x=model_cache.thumbnails(name)[way.index],
        out=decoded_traversals.drawn(model, way.z[None], label if model.conditional else None)[0],
        dots=plane.project(model.latents.mean[some]),
        dot_colours=[colours[i] for i in model.latents.labels[some]],
        mean=mean,
        deviation=deviation,
        z=plane.project(way.z[None])[0],
        axes=plane.labels,
        numbers=_numbers(model, way),
        plain=latent_units.is_plain(model),
        real=model_cache.at_hand(name),
        condition=model.info.classes[label] if model.conditional and model.info.classes else "",
    )
    st.html(diagram(drawing))


def _numbers(model: Explorer, way: Trip) -> dict[str, str]:
    order = range(model.latent_dim) if model.latent_dim <= 2 else model.order()
    shown = list(order)[:2]
    values = {
        "μ": way.reading.mean,
        "σ": way.reading.scale,
        "log σ²": 2 * np.log(np.maximum(way.reading.scale, 1e-6)),
        "ε": way.eps,
        "z": way.z,
    }
    return {key: _vector([value[i] for i in shown], model.latent_dim > 2) for key, value in values.items()}


def _vector(values: list[float], more: bool) -> str:
    return "(" + ", ".join(f"{v:.2f}".replace("-", "−") for v in values) + (", …)" if more else ")")


def formula(way: Trip) -> str:
    """The loss of this image as TeX: the formula with its numbers below."""
    reading = way.reading
    if reading.rate is None:
        loss = _brace("loss", f"{reading.distortion:.1f}", _text(t("loss, nats")))
        return loss + " = " + _brace("distortion", r"-\log p(x\mid z),\; z=\mu(x)", _text(t("distortion")))
    total = _brace("loss", f"{reading.distortion + reading.rate:.1f}", _text(t("loss = −ELBO, nats")))
    distortion = _text(t("distortion: {value:.1f}", value=reading.distortion))
    like = _brace("distortion", r"\mathbb{E}_{q}[-\log p(x\mid z)]", distortion)
    near = _brace("rate", r"\mathrm{KL}(q(z\mid x)\,\|\,p(z))", _text(t("rate: {value:.1f}", value=reading.rate)))
    return f"{total} = {like} + {near}"


def _brace(part: str, content: str, words: str) -> str:
    return rf"\underbrace{{\textcolor{{{tint(part)}}}{{{content}}}}}_{{{words}}}"


def _text(words: str) -> str:
    return rf"\text{{{words}}}".replace("−", "${-}$")


def averages(model: Explorer) -> str:
    """The same terms averaged over the test set, and the weight of the rate in training where it was not 1."""
    figures, objective = model.info.figures, model.info.run.objective
    shown = {name: figures[name] for name in ("images", "distortion")}
    if latent_units.is_plain(model):
        text = t(
            "Mean of all {images:,} test images: distortion **{distortion:.1f}** nats per image, lower is better.",
            **shown,
        )
        return f"{text} {view_of(model).sum_words()} " + t("A plain autoencoder has no rate, and so no ELBO.")
    text = t(
        "Mean of all {images:,} test images: −ELBO **{loss:.1f}** = distortion **{distortion:.1f}** + rate **{rate:.1f}** nats "
        "per image, lower is better.",
        loss=score(figures)[1],
        rate=figures["rate"],
        **shown,
    )
    beta = getattr(objective, "beta", 1.0)
    weight = "" if beta == 1.0 else " " + t("In training the rate had the weight {beta:g}.", beta=beta)
    return f"{text} {view_of(model).sum_words()}{weight}"


def explanation(model: Explorer) -> str:
    """The diagram in words."""
    if latent_units.is_plain(model):
        return t(
            "**A plain autoencoder has no distribution over codes:** the encoder gives one code z for each image, and the decoder "
            "draws the image again from z. Choose a VAE in the sidebar to see what the noise adds."
        )
    return t(
        "The **encoder** maps the image x to a normal distribution q(z|x), the amber ellipse: a mean μ and a standard deviation σ "
        "for each number of the code. Random **noise** ε picks one code z from it, and the **decoder** draws x′ from z alone. "
        "The distortion is low when x′ is like x; the rate is low when q(z|x) is close to the prior p(z), the grey circles."
    )
