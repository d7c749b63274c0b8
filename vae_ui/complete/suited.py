"""Whether the page can show a model's completions, and what to do where it cannot."""

from vae_core.completion.code_posterior import unsuited
from vae_core.explore.explorer import Explorer
from vae_ui.base.translation import t


def why_not(model: Explorer) -> str:
    """One sentence in the session's language; "" where it can."""
    config = model.info.run.model
    if (why := unsuited(config)) is not None:
        return t(why)
    if config.kind == "picture" and model.exported().header.get("remote"):
        return t(
            "This model is too large for the browser, or has parts that it cannot run: complete pictures with "
            "python -m vae_core complete."
        )
    return ""
