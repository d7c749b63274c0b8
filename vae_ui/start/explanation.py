"""The words of the Start page: what the diagram shows, and the terms of its formula averaged over the test set."""

from vae_core.explore.explorer import Explorer
from vae_core.metrics.figures import score
from vae_ui.base import state
from vae_ui.base.translation import t
from vae_ui.views import view_of
from vae_ui.widgets import latent_units, model_cache


def sentence() -> str:
    """The sentence below the title, before the model is opened; it invites to draw where x is a picture."""
    found = model_cache.models().get(state.model())
    if found is not None and len(found.run.model.shape) == 3:
        return t("It turns a picture into a few numbers with a little chance, and draws it again from them. Draw on x.")
    return t("It turns its input into a few numbers with a little chance, and makes it again from them.")


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


def source(name: str) -> str:
    """Where x is from, if it is not the data set itself; else ""."""
    if model_cache.at_hand(name):
        return ""
    return t("The data set is not on this computer: the test images are reconstructions.")
