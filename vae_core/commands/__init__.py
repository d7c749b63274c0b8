"""The sub-commands of the command line: each adds its arguments and names the function that runs it."""

from vae_core.commands.figures import add_encode, add_evaluate
from vae_core.commands.lists import add_datasets, add_presets, add_runs
from vae_core.commands.pictures import add_generate, add_interpolate, add_reconstruct
from vae_core.commands.serve import add_serve
from vae_core.commands.train import add_train

COMMANDS = (
    add_train,
    add_evaluate,
    add_encode,
    add_reconstruct,
    add_generate,
    add_interpolate,
    add_runs,
    add_datasets,
    add_presets,
    add_serve,
)
