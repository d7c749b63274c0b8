"""The step that was taken by itself: arrows on the map from the codes before it to those after it, and the loss of its batch."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.runs import RunRow
from vae_ui.base.translation import t

FACTORS = tuple(digit * 10.0**power for power in range(7) for digit in (1, 2, 5))
VISIBLE = 0.25  # units of z that half of the arrows must be long, so that one sees them on the map


@dataclass(frozen=True)
class Measured:
    """One step as its worker measured it: `before` and `after` (P, 2) are codes, empty for a code of more than two numbers."""

    step: int
    lr: float
    loss_before: float
    loss_after: float
    before: NDArray[np.float32]
    after: NDArray[np.float32]

    @property
    def factor(self) -> float:
        """How many times as long as they are the arrows are drawn, so that half of them can be seen."""
        lengths = np.linalg.norm(self.after - self.before, axis=1)
        half = float(np.median(lengths)) if len(lengths) else 0.0
        return next((factor for factor in FACTORS if half * factor >= VISIBLE), 1.0)


def measured(row: RunRow) -> Measured | None:
    """The run's newest step, if it was taken by itself; None for a damaged record."""
    found, newest = row.latest.get("gradient"), row.latest.get("step", {}).get("step")
    if not found or found.get("step") != newest:
        return None
    size = row.run.model.latent_dim
    try:
        codes = [
            np.array(found[name], np.float32).reshape(-1, size) if size <= 2 else np.empty((0, 2))
            for name in ("before", "after")
        ]
        lr, loss_before, loss_after = (float(found[name]) for name in ("lr", "loss_before", "loss_after"))
    except (KeyError, TypeError, ValueError):
        return None
    before, after = (np.pad(each, ((0, 0), (0, 2 - each.shape[1]))).astype(np.float32) for each in codes)
    fits = (
        before.shape == after.shape
        and np.isfinite([*before.ravel(), *after.ravel(), lr, loss_before, loss_after]).all()
    )
    return Measured(int(found["step"]), lr, loss_before, loss_after, before, after) if fits else None


def arrows(row: RunRow) -> dict[str, object] | None:
    """What the replay draws on the map while it shows that step."""
    found = measured(row)
    if found is None or not len(found.before):
        return None
    ends = found.before + found.factor * (found.after - found.before)
    text = t(
        "loss {before:.3f} → {after:.3f}, arrows × {factor:,.0f}",
        before=found.loss_before,
        after=found.loss_after,
        factor=found.factor,
    )
    return {"step": found.step, "from": found.before.ravel().tolist(), "to": ends.ravel().tolist(), "text": text}


def tell(row: RunRow) -> None:
    """A sentence on the step: what became of the loss, and what the arrows are."""
    if (found := measured(row)) is not None:
        st.markdown(words(found))


def words(found: Measured) -> str:
    """The step in words."""
    loss = t(
        "Step {step:,}, learning rate {lr:.2g}: the loss of its batch went from {before:.3f} to {after:.3f} nats per image.",
        step=found.step, lr=found.lr, before=found.loss_before, after=found.loss_after,
    )  # fmt: skip
    if not len(found.before):
        return loss
    if found.factor == 1:
        return (
            loss
            + " "
            + t(
                "Arrows: {count} validation images, from their code before the step to that after it.",
                count=len(found.before),
            )
        )
    return (
        loss
        + " "
        + t(
            "Arrows: {count} validation images, from their code before the step towards that after it, {factor:,.0f} times as long.",
            count=len(found.before),
            factor=found.factor,
        )  # fmt: skip
    )
