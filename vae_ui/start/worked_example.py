"""What the Start page shows: one test image on its way through the model, with the numbers of this very trip."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from vae_core.explore.codes import Codes
from vae_core.explore.explorer import Explorer, ImageAnalysis
from vae_core.explore.projection import raw_plane
from vae_core.metrics.figures import score
from vae_ui.base import state
from vae_ui.base.palette import class_colours
from vae_ui.base.pictures import tint
from vae_ui.base.state import Place
from vae_ui.start.model_diagram import Drawing, diagram
from vae_ui.widgets import model_cache, walks


@dataclass(frozen=True)
class Trip:
    """One test image's way: the terms of its bound, the chance `eps` and the code z = mean + scale * eps (L,)."""

    index: int
    reading: ImageAnalysis
    eps: Codes
    z: Codes


def trip(name: str, model: Explorer) -> Trip:
    """The way of the chosen test image, with the chance that belongs to the seed and the number of draws so far."""
    place = state.place(name)
    if place.picked is None:
        place.picked = state.seed() % len(model.latents.mean)
    index = place.picked
    reading = model.analyse(model_cache.test_images(name)[index], int(model.latents.labels[index]), seed=state.seed())
    eps = np.random.default_rng((state.seed(), place.draws)).standard_normal(model.latent_dim).astype(np.float32)
    eps = np.zeros_like(eps) if walks.is_plain(model) else eps
    return Trip(index, reading, eps, reading.mean + reading.scale * eps)


def controls(name: str, model: Explorer) -> None:
    """Another test image, and another draw of chance for the same one."""
    place = state.place(name)
    with st.container(horizontal=True, gap="small"):
        st.button("Another test image", icon=":material/navigate_next:", on_click=lambda: _another(name, place, model))
        if not walks.is_plain(model):
            st.button(
                "Another ε",
                icon=":material/casino:",
                on_click=lambda: _draw(name, place, model),
                help="The same picture, another draw of chance: z moves within the amber cloud.",
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
    """The model as one picture, lying on a wide screen and standing on a phone."""
    label = int(model.latents.labels[way.index])
    first, second = (0, 1) if model.latent_dim <= 2 else model.order()[:2]
    plane = raw_plane(model.latent_dim, first, second)
    mean, deviation, _ = plane.ellipse(way.reading.mean, way.reading.scale)
    some = np.linspace(0, len(model.latents.mean) - 1, min(500, len(model.latents.mean))).astype(int)
    colours = class_colours(max(1, int(model.latents.labels.max()) + 1))
    drawing = Drawing(
        x=model_cache.thumbnails(name)[way.index],
        out=walks.drawn(model, way.z[None], label if model.conditional else None)[0],
        dots=plane.project(model.latents.mean[some]),
        dot_colours=[colours[i] for i in model.latents.labels[some]],
        mean=mean,
        deviation=deviation,
        z=plane.project(way.z[None])[0],
        axes=plane.labels,
        numbers=_numbers(model, way),
        plain=walks.is_plain(model),
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
    """The loss of this very picture as TeX: what it is, with its numbers below."""
    reading = way.reading
    if reading.rate is None:
        loss = _brace("loss", f"{reading.distortion:.1f}", r"\text{loss, nats}")
        return loss + " = " + _brace("distortion", r"-\log p(x\mid z),\; z=\mu(x)", r"\text{distortion}")
    total = _brace("loss", f"{reading.distortion + reading.rate:.1f}", r"\text{loss}=-\text{ELBO, nats}")
    like = _brace("distortion", r"\mathbb{E}_{q}[-\log p(x\mid z)]", rf"\text{{distortion: }}{reading.distortion:.1f}")
    near = _brace("rate", r"\mathrm{KL}(q(z\mid x)\,\|\,p(z))", rf"\text{{rate: }}{reading.rate:.1f}")
    return f"{total} = {like} + {near}"


def _brace(part: str, content: str, words: str) -> str:
    return rf"\underbrace{{\textcolor{{{tint(part)}}}{{{content}}}}}_{{{words}}}"


def averages(model: Explorer) -> str:
    """The same terms over the whole test set, and how the model was trained where that was not by their plain sum."""
    over = "both coordinates" if model.info.run.model.is_points else "pixels"
    figures, objective = model.info.figures, model.info.run.objective
    if walks.is_plain(model):
        return (
            f"Over all {figures['images']:,} test images: distortion **{figures['distortion']:.1f}** nats per image (lower "
            f"is better; a sum over {over}). No rate: nothing keeps the codes in order, so there is no ELBO either."
        )
    text = (
        f"Over all {figures['images']:,} test images: −ELBO **{score(figures)[1]:.1f}** = distortion **{figures['distortion']:.1f}** "
        f"+ rate **{figures['rate']:.1f}** nats per image (lower is better; a sum over {over})."
    )
    beta = getattr(objective, "beta", 1.0)
    return text if beta == 1.0 else f"{text} It was trained with the rate weighed {beta:g} times."


def explanation(model: Explorer) -> str:
    """The picture in words."""
    if walks.is_plain(model):
        return (
            "**A plain autoencoder has no cloud:** the encoder gives one code z for a picture and the decoder draws it again. "
            "Choose a VAE in the sidebar to see what chance adds."
        )
    return (
        "The **encoder** turns the picture x into a normal distribution q(z|x), the amber cloud: a mean μ and a deviation σ "
        "for every number of the code. **Chance** ε picks one z in it, and the **decoder** draws x′ from z alone. Distortion asks that "
        "x′ be like x; the rate asks that the clouds lie together around the prior (grey circles)."
    )
