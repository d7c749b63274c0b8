"""Settings of data, model and training, each a small frozen configuration; RunConfig (presets) holds them all."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from vae_core.frozen import Frozen

Target = Literal["grey", "static", "dynamic"]
Width = Annotated[int, Field(ge=1, le=4096)]
LARGEST_SEED = 2**32 - 1  # times a million, and it still fits a generator of torch


class DataConfig(Frozen):
    """Which images, prepared how; the splits are fixed by `seed`."""

    dataset: str = Field("digits", title="Data", description="The name of a data set.")
    target: Target = Field(
        "grey",
        title="Target",
        description="Grey levels as they are, drawn black or white once (static), or drawn anew for every batch (dynamic).",
    )
    variant: str = Field("", title="Shape", description="Which cloud of points: moons, rings, pinwheel ...")
    path: str = Field("", title="Pictures", description="A folder, a zip or an .npz of your own pictures.")
    size: int = Field(28, ge=8, le=128, title="Size", description="Width and height of your own pictures, in pixels.")
    channels: Literal[1, 3] = Field(1, title="Channels", description="1 for grey, 3 for colour.")
    labelled: int | None = Field(
        None,
        ge=1,
        le=1_000_000_000,
        title="Labels",
        description="How many training images a semi-supervised model is told the label of.",
    )
    seed: int = Field(0, ge=0, le=LARGEST_SEED, title="Split seed", description="Decides which images are held out.")


class ModelConfig(Frozen):
    """A point on the axes: network x posterior x prior x likelihood, for one shape of data."""

    shape: tuple[Width, ...] = Field(
        (1, 28, 28), min_length=1, max_length=3, description="(C, H, W), or (2,) for points."
    )
    latent_dim: int = Field(2, ge=1, le=512, title="Code size", description="How many numbers the code z has.")
    network: str = Field(
        "mlp",
        title="Network",
        description="mlp, conv, tied (decoder reuses the encoder's weights), residual (a deeper conv), or grid (a code with "
        "places).",
    )
    hidden: tuple[Width, ...] = Field(
        (512, 256, 128), max_length=8, title="Layers", description="Widths (or channels) from the data to the code."
    )
    decoder_hidden: tuple[Width, ...] | None = Field(
        None,
        max_length=8,
        title="Decoder layers",
        description="From the code to the data; empty: the encoder's in reverse.",
    )
    activation: Literal["relu", "tanh", "silu"] = Field("relu", title="Activation")
    posterior: str = Field(
        "normal",
        title="Posterior",
        description="normal: a cloud for each image; point: one code, no cloud; planar, autoregressive: bent clouds; "
        "ladder: drawn level by level; von Mises-Fisher: clouds on a sphere; discrete: numbers and choices; "
        "quantised: entries of a codebook.",
    )
    prior: str = Field(
        "normal",
        title="Prior",
        description="What codes should look like all together: normal, a learnt mixture, the codes of learnt pictures "
        "(vamp), a flow, or two levels; the others go with one posterior each.",
    )
    components: int = Field(
        50,
        ge=1,
        le=5000,
        title="Components",
        description="Parts of a mixture prior, or learnt pictures of a vamp prior.",
    )
    discrete: int = Field(
        1,
        ge=1,
        le=512,
        title="Choices",
        description="Choices in a discrete code, or entries that make up a quantised one.",
    )
    categories: int = Field(
        10, ge=2, le=8192, title="Values", description="Values of each choice, or entries in the codebook."
    )
    temperature: float = Field(
        0.67, gt=0, le=10, title="Temperature", description="How far choices are softened while training."
    )
    flow_steps: int = Field(3, ge=1, le=50, title="Flow steps", description="How often a flow bends its cloud.")
    flow_width: int = Field(
        32, ge=1, le=1024, title="Flow width", description="Units in each layer of a flow's networks."
    )
    likelihood: str = Field("bernoulli", title="Likelihood", description="What the decoder's output means.")
    sigma: float = Field(
        1.0, gt=0, le=100, title="Sigma", description="Scale of a Gaussian or Laplace with a fixed scale."
    )
    classes: int = Field(
        0, ge=0, le=1000, title="Classes", description="Number of labels that the model is told; 0: none."
    )
    classifier: Literal["none", "mlp"] = Field(
        "none", title="Classifier", description="Layers that guess the label of a semi-supervised model."
    )

    first: int = Field(
        0,
        ge=0,
        le=512,
        title="First code",
        description="Numbers in the code of a first VAE, whose codes the model learns in place of pixels; 0: there is none.",
    )

    @property
    def is_points(self) -> bool:
        return len(self.shape) == 1


class TrainConfig(Frozen):
    """How the optimiser goes about it."""

    epochs: int | None = Field(
        20, ge=1, le=1_000_000, title="Epochs", description="Passes over the training images, at most; empty: no limit."
    )
    seconds: float | None = Field(
        None, gt=0, le=1e6, title="Seconds", description="Stop after this long; empty: no limit."
    )
    batch_size: int = Field(256, ge=1, le=65_536, title="Batch size")
    accumulate: int = Field(
        1, ge=1, le=1024, title="Accumulate", description="Batches whose gradients are averaged into one step."
    )
    optimizer: Literal["adam", "adamw"] = Field("adam", title="Optimiser")
    lr: float = Field(2e-3, gt=0, le=1e6, title="Learning rate")
    schedule: Literal["constant", "cosine", "linear"] = Field(
        "linear", title="Schedule", description="How the learning rate falls to zero over the run."
    )
    warmup_steps: int = Field(
        100,
        ge=0,
        le=1_000_000,
        title="Warm-up steps",
        description="Steps in which the learning rate rises, at most a tenth of all.",
    )
    betas: tuple[float, float] = Field((0.9, 0.99), title="Adam betas")
    weight_decay: float = Field(0.0, ge=0, le=10, title="Weight decay", description="Used by AdamW.")
    clip: float | None = Field(
        None, gt=0, le=1e9, title="Clip", description="Largest norm of the gradient; empty: no clipping."
    )
    precision: Literal["auto", "fp32", "bf16"] = Field(
        "fp32", title="Precision", description="auto: the one in which a few first steps were faster on this machine."
    )
    patience: int | None = Field(
        None,
        ge=1,
        le=1_000_000,
        title="Patience",
        description="Stop after so many epochs without a better validation loss; empty: never.",
    )
    seed: int = Field(
        0,
        ge=0,
        le=LARGEST_SEED,
        title="Seed",
        description="Fixes the first weights, the order of images and the noise.",
    )

    @model_validator(mode="after")
    def _betas_below_one(self) -> Self:
        if not all(0 <= beta < 1 for beta in self.betas):
            raise ValueError(f"betas: both must lie in [0, 1), not {self.betas}.")
        return self

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.epochs is None and self.seconds is None:
            raise ValueError("epochs, seconds: give at least one of them, else the training never ends.")
        return self
