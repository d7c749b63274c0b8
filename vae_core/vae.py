"""vae_core.VAE: a VAE with the short interface of tutorials, built from a few numbers and trained by `fit`."""

from collections.abc import Sequence
from typing import Any, Self

from vae_core.config import ModelConfig, TrainConfig
from vae_core.data.arrays import from_arrays
from vae_core.errors import UserError
from vae_core.models.vae import VAE as Model
from vae_core.presets.run_config import RunConfig
from vae_core.training.events import Failed
from vae_core.training.fit import fit


class VAE(Model):
    """A variational (or plain) autoencoder with a `fit` method.

    It is built from a configuration, `VAE(config)`, or from a few numbers:
    `VAE(in_channels=1, latent_dim=10, hidden_dims=[32, 64, 128])` is convolutional,
    `VAE(latent_dim=10, encoder_dims=[256, 128], decoder_dims=[128, 256])` is dense; `image_size` is 28 by default.
    Raises UserError for a combination that cannot work.
    """

    def __init__(
        self,
        config: ModelConfig | None = None,
        *,
        latent_dim: int = 2,
        in_channels: int = 1,
        image_size: int | tuple[int, int] = 28,
        hidden_dims: Sequence[int] | None = None,
        encoder_dims: Sequence[int] | None = None,
        decoder_dims: Sequence[int] | None = None,
        **axes: Any,
    ) -> None:
        if config is None:
            if hidden_dims is not None and encoder_dims is not None:
                raise UserError(
                    "Give hidden_dims for a convolutional network or encoder_dims for a dense one, not both."
                )
            sides = (image_size, image_size) if isinstance(image_size, int) else tuple(image_size)
            convolutional = hidden_dims is not None
            config = ModelConfig(
                shape=(in_channels, *sides),
                latent_dim=latent_dim,
                network="conv" if convolutional else "mlp",
                hidden=tuple(hidden_dims or encoder_dims or ModelConfig().hidden),
                decoder_hidden=None if decoder_dims is None else tuple(decoder_dims),
                **axes,
            )
        super().__init__(config)

    def fit(self, data: Any, **settings: Any) -> Self:
        """Train on a loader, a tensor or a numpy array of images in [0, 1] (or uint8); `settings` are fields of TrainConfig.

        A model of a table is trained on a DataFrame with its columns, or on the Dataset that `load_data` gave.

        `objective` replaces the ELBO. Raises UserError where the images do not fit the model, and where the training fails.
        """
        objective = settings.pop("objective", None)
        chosen = {"objective": objective} if objective is not None else {}
        train = TrainConfig(**{"epochs": 10, "batch_size": 128, **settings})
        run = RunConfig(model=self.config, train=train, **chosen)
        for event in fit(self, from_arrays(data, self.config), run):
            if isinstance(event, Failed):
                raise UserError(event.message)
        self.eval()
        return self
