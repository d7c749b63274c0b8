"""RunConfig: the settings of data, model, objective and training, which together define a trained model."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.frozen import Frozen
from vae_core.objectives import Elbo, Objective


class RunConfig(Frozen):
    """All settings of a trained model; its checkpoint stores them."""

    title: str = Field("", max_length=80, title="Name")
    data: DataConfig = DataConfig()
    model: ModelConfig = ModelConfig()
    objective: Annotated[Objective, Field(discriminator="name")] = Elbo()
    train: TrainConfig = TrainConfig()

    @model_validator(mode="after")
    def _objective_fits_model(self) -> Self:
        if problem := self.objective.incompatibility(self.model):
            raise ValueError(problem)
        if self.data.labelled is not None and not self.objective.trains_classifier:
            raise ValueError(
                "labelled: only the objectives 'semi' and 'stacked' can learn from images without labels: leave it empty."
            )
        return self
