"""The training loop: `fit` is a generator of events."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from vae_core.data import Dataset, to_input
from vae_core.devices.choice import device_of, failure_on
from vae_core.devices.processes import ALONE, Processes
from vae_core.errors import UserError, reason
from vae_core.messages import Message
from vae_core.models.vae import VAE
from vae_core.presets.run_config import RunConfig
from vae_core.training.events import Epoch, Event, Failed, Saving
from vae_core.training.failure_causes import NotANumber
from vae_core.training.live_controls import LiveControls
from vae_core.training.saved_state import STATE
from vae_core.training.trainer import Trainer
from vae_core.training.watched_step import WatchedStep

STEP_EVERY, SNAPSHOT_EVERY, SAVE_EVERY, FIRST_SAVE = 0.25, 0.5, 5.0, 1.0  # seconds
EVALUATE_EVERY = 5.0  # seconds: an epoch that takes longer, as on a slow computer, is evaluated on the way

Clock = Callable[[], float]  # -> seconds, from any start


def fit(
    vae: VAE,
    data: Dataset,
    run: RunConfig,
    *,
    folder: Path | None = None,
    controls: LiveControls | None = None,
    resume: bool = False,
    trained: bool = False,
    processes: Processes = ALONE,
    clock: Clock = time.perf_counter,
) -> Iterator[Event]:
    """Train `vae` on `data` with the settings of `run`, and yield events.

    With a `folder`, the state is saved there every 5 seconds, so that `resume=True` continues exactly from the last save, and
    a checkpoint is written at the end. `controls` may change between two events, or in another thread: they take effect in the
    next batch. A model that is `trained` already keeps its output bias, which otherwise starts at the mean of the data. The last
    event is Done or Failed; errors of data, disk, numerics and device become Failed and are not raised. The model trains on the device
    that the settings name, and lies afterwards where it lay before. Of several `processes` each must call this with the same arguments;
    the first one writes. The time that a training takes is that of the `clock`: a benchmark gives one that other programs cannot slow.
    """
    controls, at_first = controls or LiveControls(), device_of(vae)
    try:
        yield from _events(Trainer(vae, data, run, controls, processes), folder, resume, trained, clock)
    except NotANumber as error:
        yield Failed(error.message, error.finding)
    except UserError as error:
        yield Failed(error.message)
    except OSError as error:
        yield Failed(
            Message(
                "Cannot write to {folder} ({strerror}). Free disk space or choose another folder, then resume.",
                folder=folder,
                strerror=reason(error),
            )
        )
    except (RuntimeError, TypeError) as error:
        if (why := failure_on(device_of(vae), error, run.train.batch_size)) is None:
            raise
        yield Failed(why)
    finally:
        vae.to(at_first)


def _events(trainer: Trainer, folder: Path | None, resume: bool, trained: bool, clock: Clock) -> Iterator[Event]:
    vae, at = trainer.vae, trainer.at
    resumed = resume and folder is not None and (folder / STATE).exists()
    if resumed and folder is not None:
        trainer.restore(folder / STATE)
        at = trainer.at
    elif not trained:
        parts = trainer.data.train.x[:5000].split(500)  # of all at once the copy as floats would stay in this process
        total = torch.stack([to_input(part, "grey", None).sum(0) for part in parts]).sum(0)
        vae.init_from_mean((total / sum(map(len, parts))).to(trainer.device))
    folder = folder if trainer.processes.is_first else None
    yield trainer.started()
    if not resumed:
        yield trainer.snapshot()
    vae.train()
    images_per_step = trainer.config.batch_size * trainer.config.accumulate
    last_step, last_snapshot, last_save = at.seconds, at.seconds, at.seconds - SAVE_EVERY + FIRST_SAVE
    last_look, first = at.seconds, at.step
    while not (reason := _end_reason(trainer)):
        batches = trainer.order().split(images_per_step)
        while at.batch < len(batches) and not (reason := _end_reason(trainer)):
            if folder is not None and at.seconds - last_save >= SAVE_EVERY:
                yield from _save(trainer, folder)
                last_save = at.seconds
            watched = WatchedStep(trainer, batches[at.batch]) if _is_watched(trainer) else None
            began = clock()
            trainer.step(batches[at.batch])
            at.batch += 1
            trainer.took(clock() - began)
            if at.seconds - last_step >= STEP_EVERY or at.step == first + 1:
                yield trainer.step_event(at.seconds - last_step)
                last_step = at.seconds
            if watched is not None:
                yield watched.event()
            if at.seconds - last_snapshot >= SNAPSHOT_EVERY:
                yield trainer.snapshot()
                last_snapshot = at.seconds
            if at.seconds - last_look >= EVALUATE_EVERY and at.batch < len(batches):
                yield _timed(trainer, trainer.evaluated, clock)
                last_look = at.seconds
        if at.batch >= len(batches):
            yield _timed(trainer, trainer.end_epoch, clock)
            last_look = at.seconds
    if folder is not None:
        yield from _save(trainer, folder)
    if reason == "reached":
        yield trainer.snapshot()
    if reason in ("paused", "reached") or not trainer.processes.is_first:
        yield trainer.halted(reason)
        return
    yield trainer.snapshot()
    yield trainer.finish(reason, folder)


def _timed(trainer: Trainer, evaluate: Callable[[], Epoch], clock: Clock) -> Epoch:
    """An evaluation, whose time counts as training."""
    began = clock()
    event = evaluate()
    trainer.took(clock() - began)
    return event


def _save(trainer: Trainer, folder: Path) -> Iterator[Event]:
    """Save between two steps, after all events of the last step, including its epoch's event where it ended an epoch."""
    yield Saving(trainer.at.step)
    yield trainer.save(folder)


def _end_reason(trainer: Trainer) -> str:
    """Why the training ends now, "" while it goes on."""
    config, at, controls = trainer.config, trainer.at, trainer.controls
    if controls.command:
        return {"pause": "paused", "stop": "stopped"}[controls.command]
    if config.seconds is not None and at.seconds >= config.seconds:
        return "seconds"
    if controls.most_seconds is not None and at.seconds >= controls.most_seconds:
        return "limit"
    if config.epochs is not None and at.epoch >= config.epochs:
        return "epochs"
    if config.patience and trainer.waited >= config.patience:
        return "early"
    steps, epochs = controls.until_step, controls.until_epoch
    is_reached = (steps is not None and at.step >= steps) or (epochs is not None and at.epoch >= epochs)
    return "reached" if is_reached else ""


def _is_watched(trainer: Trainer) -> bool:
    """Whether the next step was asked for by itself, so that what it changes is measured."""
    return trainer.controls.until_step == trainer.at.step + 1
