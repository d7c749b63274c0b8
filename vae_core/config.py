"""Settings of the data, the model and the training, one frozen configuration each; presets.RunConfig holds all three."""

import math
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from vae_core.frozen import EMPTY, Frozen
from vae_core.messages import Message

Target = Literal["grey", "static", "dynamic"]
DeviceName = Literal["auto", "cpu", "cuda", "mps"]
Kind = Literal["picture", "point", "row", "tokens"]
Width = Annotated[int, Field(ge=1, le=4096)]

LARGEST_BATCH = 65_536
LARGEST_SEED = 2**32 - 1  # a million times this still fits the seed of a torch generator


class DataConfig(Frozen):
    """Which data set, and how its images are prepared; `seed` fixes the training, validation and test splits."""

    dataset: str = Field("digits", title="Data", description="The name of a data set.")
    target: Target = Field(
        "grey",
        title="Target",
        description="grey: the grey levels; static: each pixel made black or white at random once; dynamic: the same, anew in every "
        "batch.",
    )
    variant: str = Field(
        "",
        title="Variant",
        description="Which points (moons, rings ...), which part of EMNIST or MedMNIST, the notation of molecules, or what the tokens "
        "of your own text are.",
    )
    path: str = Field(
        "",
        title="Pictures",
        description="A folder, an archive or arrays with your own pictures, a table, a file of molecules, or a text.",
    )
    text_column: str = Field(
        "",
        max_length=200,
        title="Text column",
        description="The column of your table that holds the texts; empty: the one that looks most like text.",
    )
    label_column: str = Field(
        "",
        max_length=200,
        title="Label column",
        description="The column of your table whose values are the classes; empty: no labels.",
    )
    size: int | None = Field(
        None,
        ge=8,
        le=128,
        title="Size",
        description="Width and height to which your own pictures are resized, in pixels; empty: as they are.",
        json_schema_extra={EMPTY: Message("as they are")},
    )
    channels: Literal[1, 3] | None = Field(
        None,
        title="Channels",
        description="1 for grey, 3 for colour; empty: as your own pictures are.",
        json_schema_extra={EMPTY: Message("as they are")},
    )
    labelled: int | None = Field(
        None,
        ge=1,
        le=1_000_000_000,
        title="Labels",
        description="Number of training images whose label a semi-supervised model may use.",
    )
    noise: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Noise",
        description="Standard deviation of added normal noise: for points in units of their own standard deviation, for shapes in "
        "units of white.",
    )
    held_out: float | None = Field(
        None,
        ge=0.02,
        le=0.9,
        title="Held out",
        description="Share of the images that is not trained on, half of it for validation and half for test; empty: as the data set "
        "has it.",
    )
    drawing: str = Field(
        "",
        max_length=1000,
        title="Drawing",
        description="A density drawn by hand, for points: see data/drawn_density.py.",
    )
    without_duplicates: bool = Field(
        False,
        title="Without duplicates",
        description="Leave images out of the validation and test splits that are in the training split too.",
    )
    balanced: bool = Field(
        False,
        title="Balanced",
        description="Train on equally many images of each class: as many as the smallest class has.",
    )
    training_images: int | None = Field(
        None,
        ge=2,
        le=1_000_000_000,
        title="Training images",
        description="Train on so many of the training images, chosen at random by the split seed; empty: on all.",
        json_schema_extra={EMPTY: Message("all")},
    )
    only_classes: tuple[Annotated[str, Field(max_length=200)], ...] = Field(
        (),
        max_length=1000,
        title="Only these classes",
        description="Names of the classes to train on; the others are only in the test split, as anomalies; none: all classes.",
    )
    seed: int = Field(
        0,
        ge=0,
        le=LARGEST_SEED,
        title="Split seed",
        description="Decides which images are in the training, validation and test splits.",
    )


class ModelConfig(Frozen):
    """A model: a network, a posterior, a prior and a likelihood, for data of one shape."""

    shape: tuple[Width, ...] = Field(
        (1, 28, 28),
        min_length=1,
        max_length=3,
        description="(C, H, W), (2,) for points, (D,) for rows of a table, or (T,) for sentences of up to T tokens, the end included.",
    )
    columns: tuple[Width, ...] = Field(
        (),
        max_length=1000,
        description="Of a table: how many of the D numbers each column takes, 1 for a number, else one for each value of a category.",
    )
    missing: tuple[int, ...] = Field(
        (),
        max_length=1000,
        description="Of a table: which columns, counted from 0, may lack values; each adds a number that is 1 where its value is "
        "missing.",
    )
    vocabulary: int = Field(
        0,
        ge=0,
        le=32_000,
        description="Of sentences: how many token ids there are, with those of padding, end and unknown; 0: other data.",
    )
    latent_dim: int = Field(
        2, ge=1, le=512, title="Code size", description="Number of dimensions of the latent code z."
    )
    network: str = Field(
        "mlp",
        title="Network",
        description="mlp: dense layers; conv: convolutions; tied: the decoder has the encoder's weights, transposed; residual: conv "
        "with residual blocks; grid: convolutions only, with a code that is a grid of vectors; gru, transformer: for sentences, "
        "a token at a time.",
    )
    hidden: tuple[Width, ...] = Field(
        (512, 256, 128),
        max_length=8,
        title="Layers",
        description="Widths (mlp, tied, gru, transformer) or channels (other networks) of the encoder's layers, from data to code.",
    )
    decoder_hidden: tuple[Width, ...] | None = Field(
        None,
        max_length=8,
        title="Decoder layers",
        description="The same for the decoder, from code to data; empty: the encoder's layers in reverse.",
    )
    activation: Literal["relu", "tanh", "silu"] = Field("relu", title="Activation")
    posterior: str = Field(
        "normal",
        title="Posterior",
        description="q(z|x). normal: a diagonal normal; point: one code without noise; planar, autoregressive: a normalising flow; "
        "ladder: two levels, the lower given the upper; von_mises_fisher: on a sphere; discrete: normal and categorical dimensions; "
        "quantised: entries of a codebook.",
    )
    prior: str = Field(
        "normal",
        title="Prior",
        description="p(z). normal: N(0, I); mixture: learnt normals; vamp: posteriors of learnt inputs; flow: a normalising flow; "
        "two_levels: the lower half given the upper. sphere, discrete and codebook each go with one posterior.",
    )
    components: int = Field(
        50,
        ge=1,
        le=5000,
        title="Components",
        description="Components of a mixture prior, or learnt inputs of a vamp prior.",
    )
    discrete: int = Field(
        1,
        ge=1,
        le=512,
        title="Choices",
        description="Number of categorical variables in a discrete code, or of codebook entries in a quantised code.",
    )
    categories: int = Field(
        10,
        ge=2,
        le=8192,
        title="Values",
        description="Values of each categorical variable, or entries in the codebook.",
    )
    temperature: float = Field(
        0.67,
        gt=0,
        le=10,
        title="Temperature",
        description="Temperature of the relaxed categorical samples during training; lower is closer to one-hot.",
    )
    flow_steps: int = Field(3, ge=1, le=50, title="Flow steps", description="Number of transforms in a flow.")
    flow_width: int = Field(
        32, ge=1, le=1024, title="Flow width", description="Units in each layer of a flow's networks."
    )
    likelihood: str = Field(
        "bernoulli", title="Likelihood", description="p(x|z): the distribution of a pixel given the decoder's output."
    )
    sigma: float = Field(
        1.0,
        gt=0,
        le=100,
        title="Sigma",
        description="Standard deviation or scale of a pixel; where sigma is learnt, its first value.",
    )
    word_dropout: float = Field(
        0.0,
        ge=0,
        le=1,
        title="Word dropout",
        description="Share of the earlier words that are hidden from the decoder in training, so that it needs the code.",
    )
    classes: int = Field(
        0,
        ge=0,
        le=1000,
        title="Classes",
        description="Number of classes of a conditional model, which is given the label; 0: not conditional.",
    )
    classifier: Literal["none", "mlp"] = Field(
        "none", title="Classifier", description="Network q(y|x) that predicts the label in a semi-supervised model."
    )

    first: int = Field(
        0,
        ge=0,
        le=512,
        title="First code",
        description="M1+M2: number of dimensions of the code of the first VAE (M1), from whose codes M2 learns; 0: no first VAE.",
    )

    words: tuple[Annotated[int, Field(ge=2, le=4096)], ...] = Field(
        (),
        max_length=64,
        description="Of pairs: how many values each of the words beside a picture can have; empty: pictures alone.",
    )
    joint_posterior: Literal["product", "network"] = Field(
        "product",
        description="Of pairs: q(z) given picture and words is the product of that of each, or has a network of its own.",
    )

    @field_validator("hidden", "decoder_hidden", mode="before")
    @classmethod
    def _single_layer(cls, widths: Any) -> Any:
        """The width of a single layer as all layers there are."""
        return (widths,) if isinstance(widths, int) and not isinstance(widths, bool) else widths

    @property
    def kind(self) -> Kind:
        """What one input is; everything that is drawn asks for the view of this kind."""
        if len(self.shape) > 1:
            return "picture"
        return "tokens" if self.vocabulary else "row" if self.columns else "point"

    @property
    def dimensions(self) -> int:
        """The number of pixels and channels, coordinates, columns or places of tokens, over which the distortion is a sum."""
        return len(self.columns) or math.prod(self.shape)


class TrainConfig(Frozen):
    """Settings of the optimiser and of the training's length."""

    epochs: int | None = Field(
        20, ge=1, le=1_000_000, title="Epochs", description="Passes over the training images, at most; empty: no limit."
    )
    seconds: float | None = Field(
        None,
        gt=0,
        le=1e6,
        title="Seconds",
        description="Training time in seconds after which it stops; empty: no limit.",
    )
    batch_size: int = Field(256, ge=1, le=LARGEST_BATCH, title="Batch size")
    accumulate: int = Field(
        1, ge=1, le=1024, title="Accumulate", description="Batches whose gradients are averaged into one step."
    )
    optimizer: Literal["adam", "adamw"] = Field("adam", title="Optimiser")
    lr: float = Field(2e-3, gt=0, le=1e6, title="Learning rate")
    schedule: Literal["constant", "cosine", "linear"] = Field(
        "linear",
        title="Schedule",
        description="How the learning rate changes over the training: constant, or falling to zero.",
    )
    warmup_steps: int = Field(
        100,
        ge=0,
        le=1_000_000,
        title="Warm-up steps",
        description="Steps in which the learning rate rises from zero, at most a tenth of all steps.",
    )
    betas: tuple[float, float] = Field((0.9, 0.99), title="Adam betas")
    weight_decay: float = Field(0.0, ge=0, le=10, title="Weight decay", description="Used by AdamW.")
    clip: float | None = Field(
        None, gt=0, le=1e9, title="Clip", description="Largest norm of the gradient; empty: no clipping."
    )
    precision: Literal["auto", "fp32", "bf16"] = Field(
        "fp32",
        title="Precision",
        description="auto: whichever of fp32 and bf16 was faster in a few steps on this machine.",
    )
    device: DeviceName = Field(
        "auto",
        title="Device",
        description="Where the training computes. auto: on a GPU (cuda, or Apple's mps) where there is one, else on the cpu.",
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
        description="Fixes the initial weights, the order of the images and the noise.",
    )

    @model_validator(mode="after")
    def _betas_below_one(self) -> Self:
        if not all(0 <= beta < 1 for beta in self.betas):
            raise ValueError(Message("betas: both must lie in [0, 1), not {betas}.", betas=self.betas))
        return self

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.epochs is None and self.seconds is None:
            raise ValueError(Message("epochs, seconds: give at least one of them, or the training never ends."))
        return self
