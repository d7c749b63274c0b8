"""Run by test_processes.py in each of several processes: trains each preset that is named, and the first process saves its weights.

python -m tests.devices.two_processes FOLDER PRESET...
"""

import os
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.devices.processes import joined
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls

STEPS = 4
DIGITS = load(DataConfig())


def settings(name: str) -> RunConfig:
    """Batches of 125, so that the rows of two processes differ in number; two batches a step, and binary pixels drawn anew."""
    data = DataConfig(target="dynamic")
    settings = {
        "hidden": (32,),
        "batch_size": 125,
        "accumulate": 2,
        "clip": 100.0,
        "device": "cpu",
        "precision": "fp32",
    }
    return build_run(
        name, data, DIGITS.shape, 10, **{**DIGITS.layout_settings, **settings, "epochs": 2, "seconds": None}
    )


def main(folder: Path, names: list[str]) -> None:
    torch.set_num_threads(1)
    with joined(torch.device("cpu")) as processes:
        for name in names:
            run = settings(name)
            vae = build(run.model, 0)
            *_, last = fit(vae, DIGITS, run, controls=LiveControls(until_step=STEPS), processes=processes)
            assert last.kind == "done", last
            if processes.is_first:
                save_file({key: value.contiguous() for key, value in vae.state_dict().items()}, folder / name)
            (folder / f"{name}-{os.environ['RANK']}").write_text(str(processes.count))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
