"""The density of codes at a place of the latent space as text."""

from vae_ui.base.translation import t

GAP = 0.02  # share of test images below which a place counts as a gap


def density_words(rank: float) -> str:
    """A sentence for `rank`, the share of test images whose codes lie at places of lower density."""
    if rank < GAP:
        return t("Density of codes here: in a gap between the codes.")
    return t("Density of codes here: higher than at {share:.0%} of the test images.", share=rank)
