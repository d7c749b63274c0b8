"""RunConfig: the settings of data, model, objective and training, which together define a trained model."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from vae_core.axes.compatibility import refusal
from vae_core.config import DataConfig, Kind, ModelConfig, TrainConfig
from vae_core.frozen import Frozen
from vae_core.objectives import Elbo, Objective


class RunConfig(Frozen):
    """All settings of a trained model; its checkpoint stores them."""

    title: str = Field("", max_length=80, title="Name")
    data: DataConfig = DataConfig()
    model: ModelConfig = ModelConfig()
    objective: Annotated[Objective, Field(discriminator="name")] = Elbo()
    train: TrainConfig = TrainConfig()

    @property
    def settings(self) -> dict[str, Any]:
        """The fields of objective, model and training by name."""
        return self.objective.model_dump() | self.model.model_dump() | self.train.model_dump()

    @property
    def kind(self) -> Kind | Literal["molecule"]:
        """What one example is, in the words of a page: `ModelConfig.kind`, but a molecule where the tokens are those of one."""
        return "molecule" if self.data.dataset == "molecules" else self.model.kind

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if why := refusal(self.model, self.objective, labels_hidden=self.data.labelled is not None):
            raise ValueError(why)
        return self
