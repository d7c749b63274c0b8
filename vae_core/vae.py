"""vae_core.VAE: a VAE with the short interface of tutorials, built from a few numbers and trained by `fit`."""

from collections.abc import Sequence
from typing import Any, Self

import torch
from torch import Generator, Tensor
from torch.distributions import Distribution

from vae_core.config import ModelConfig, TrainConfig
from vae_core.data.own.dataset_from_arrays import read_own
from vae_core.data.own.model_input import is_model_input, model_input, model_labels
from vae_core.data.own.value_range import ValueRange
from vae_core.data.tables.columns import Cell, Columns, decode, encode
from vae_core.data.tables.dataset import is_frame
from vae_core.data.tables.reading import cells, from_frame
from vae_core.devices.choice import device_of
from vae_core.errors import UserError, say
from vae_core.models.vae import VAE as Model
from vae_core.models.vae import ForwardPass
from vae_core.presets.run_config import RunConfig
from vae_core.training.events import Failed
from vae_core.training.fit import fit


class VAE(Model):
    """A variational (or plain) autoencoder with a `fit` method.

    It is built from a configuration, `VAE(config)`, or from a few numbers:
    `VAE(in_channels=1, latent_dim=10, hidden_dims=[32, 64, 128])` is convolutional,
    `VAE(latent_dim=10, encoder_dims=[256, 128], decoder_dims=[128, 256])` is dense; `image_size` is 28 by default.
    Raises UserError for a combination that cannot work.

    All methods take pictures as tensors, arrays or lists, and give values from 0 (black) to 1 (white), whatever the values of the
    pictures it was trained on: `values` has their range, and `classes` the names of their labels. A model of a table takes DataFrames,
    and `cells` gives its rows in the table's own units.
    """

    def __init__(
        self,
        config: ModelConfig | None = None,
        *,
        latent_dim: int = 2,
        in_channels: int = 1,
        image_size: int | tuple[int, int] = 28,
        hidden_dims: Sequence[int] | int | None = None,
        encoder_dims: Sequence[int] | int | None = None,
        decoder_dims: Sequence[int] | int | None = None,
        **axes: Any,
    ) -> None:
        if config is None:
            if hidden_dims is not None and encoder_dims is not None:
                raise UserError(
                    "Give hidden_dims for a convolutional network or encoder_dims for a dense one, not both."
                )
            sides = (image_size, image_size) if isinstance(image_size, int) else image_size
            if not isinstance(sides, tuple | list) or len(sides) != 2:
                raise UserError(
                    "image_size is one number, or height and width, not {image_size}.", image_size=image_size
                )
            settings = {
                "shape": (in_channels, *sides),
                "latent_dim": latent_dim,
                "network": "mlp" if hidden_dims is None else "conv",
                "hidden": next((dims for dims in (hidden_dims, encoder_dims) if dims), ModelConfig().hidden),
                "decoder_hidden": decoder_dims,
            }
            config = ModelConfig(**{**settings, **axes})
        if not isinstance(config, ModelConfig):
            raise UserError(
                "VAE takes a ModelConfig or named settings, such as VAE(latent_dim=10), not {config}.", config=config
            )
        super().__init__(config)
        self.values: ValueRange | None = None
        self.columns: Columns = ()
        self.classes: tuple[str, ...] = ()

    def fit(self, data: Any, labels: Any = None, **settings: Any) -> Self:
        """Train on pictures of any kind that `from_arrays` reads; `settings` are fields of TrainConfig.

        A model of a table is trained on a DataFrame, or a pair of one and labels, or on the Dataset that `read_table` gave.
        `objective` replaces the ELBO. A warning says how values, axes, labels and columns were read, wherever that is not plain.
        Raises UserError where the data do not fit the model, and where the training fails.
        """
        objective = settings.pop("objective", None)
        chosen = {"objective": objective} if objective is not None else {}
        train = TrainConfig(**{"epochs": 10, "batch_size": 128, **settings})
        run = RunConfig(model=self.config, train=train, **chosen)
        own = read_own(data if labels is None else (data, labels), self.config)
        say(own.data.notes, stacklevel=2)
        self.values, self.classes, self.columns = own.values, own.data.classes, own.data.columns
        for event in fit(self, own.data, run):
            if isinstance(event, Failed):
                raise UserError(event.message)
        self.eval()
        return self

    def encode(self, x: Any, y: Any = None) -> Distribution:
        """q(z|x) of pictures x in any form, with labels y of a conditional model as numbers or names."""
        return super().encode(self._pictures(x), self._labels(y))

    def forward(self, x: Any, y: Any = None, generator: Generator | None = None) -> ForwardPass:
        """q(z|x), a sample z of it, and p(x|z), of pictures x in any form."""
        return super().forward(self._pictures(x, calls=4), self._labels(y), generator)

    def reconstruct(self, x: Any, y: Any = None) -> Tensor:
        """The mean of p(x|z) at the posterior's mean of pictures x in any form, (B, *shape), from 0 to 1 for images."""
        return super().reconstruct(self._pictures(x), self._labels(y))

    def generate(
        self, num_samples: int = 16, y: Any = None, temperature: float = 1.0, generator: Generator | None = None
    ) -> Tensor:
        """Images (num_samples, *shape) from 0 to 1: the mean of p(x|z) at samples of the prior, as in `Model.generate`."""
        return super().generate(num_samples, self._labels(y), temperature, generator)

    def cells(self, rows: Tensor) -> dict[str, list[Cell]]:
        """Rows (B, D) of a model that was trained on a table, by column in the table's own units; None for a missing value."""
        return decode(self.columns, rows.detach().cpu().numpy())

    def _pictures(self, x: Any, calls: int = 2) -> Tensor:
        """The model's own input; the batches of a training are that already. A warning is as many calls above this line."""
        if is_frame(x) and self.columns:
            return torch.from_numpy(encode(self.columns, cells(from_frame(x, fewest=1)))).to(next(self.parameters()))
        weight, in_training = next(self.parameters()), self.training and torch.is_grad_enabled()
        if isinstance(x, Tensor) and x.dtype == weight.dtype and is_model_input(x, self.config, look=not in_training):
            return x
        return model_input(x, self.config, self.values, stacklevel=calls + 1).to(weight)

    def _labels(self, y: Any) -> Tensor | None:
        if isinstance(y, Tensor) and self.training:
            return y
        labels = model_labels(y, self.config, self.classes)
        return None if labels is None else labels.to(device_of(self))
