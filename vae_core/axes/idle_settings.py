"""Settings that have an effect only for some values of others: forms hide them otherwise, the command line refuses them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from vae_core.axes.names import WITH_SIGMA
from vae_core.errors import UserError
from vae_core.messages import Message

Values = Mapping[str, Any]
EFFECTS: dict[str, tuple[str, Callable[[Values], bool]]] = {
    "decoder_hidden": ("another network than tied", lambda values: values["network"] != "tied"),
    "sigma": (
        "a Gaussian, Laplace or log-cosh likelihood with a sigma to set",
        lambda values: values["likelihood"] in WITH_SIGMA,
    ),
    "prior": ("another posterior than point", lambda values: values["posterior"] != "point"),
    "activation": ("another network than gru", lambda values: values["network"] != "gru"),
    "word_dropout": ("the likelihood tokens", lambda values: values["likelihood"] == "tokens"),
    "components": ("the prior mixture or vamp", lambda values: values["prior"] in ("mixture", "vamp")),
    "discrete": (
        "the posterior discrete or quantised",
        lambda values: values["posterior"] in ("discrete", "quantised"),
    ),
    "categories": (
        "the posterior discrete or quantised",
        lambda values: values["posterior"] in ("discrete", "quantised"),
    ),
    "temperature": ("the posterior discrete", lambda values: values["posterior"] == "discrete"),
    "flow_steps": (
        "a posterior or prior with a flow",
        lambda values: values["posterior"] in ("planar", "autoregressive") or values["prior"] == "flow",
    ),
    "flow_width": (
        "the posterior autoregressive or the prior flow",
        lambda values: values["posterior"] == "autoregressive" or values["prior"] == "flow",
    ),
    "weight_decay": ("the optimizer adamw", lambda values: values["optimizer"] == "adamw"),
    "kl_warmup": ("a kl_schedule", lambda values: values["kl_schedule"] != "constant"),
    "kl_cycles": ("the kl_schedule cyclical", lambda values: values["kl_schedule"] == "cyclical"),
}


def acts(name: str, values: Values) -> bool:
    """Whether the setting `name` changes anything beside the other settings, all by name."""
    return name not in EFFECTS or EFFECTS[name][1](values)


def refuse_idle(values: Values, names: Iterable[str]) -> None:
    """Raise UserError for the first of the settings `names` that would change nothing beside the other `values`."""
    for name in names:
        if not acts(name, values):
            needs, _ = EFFECTS[name]
            raise UserError(
                "{name} would change nothing here: it needs {needs}; leave it out, or choose that too.",
                name=name,
                needs=Message(needs),
            )
