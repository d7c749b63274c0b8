"""The sub-commands of the command line, nearly each in a file of its own, which adds the arguments and runs the command."""

from vae_core.commands.data import add_data
from vae_core.commands.datasets_and_presets import add_datasets, add_presets
from vae_core.commands.encode import add_encode
from vae_core.commands.evaluate import add_evaluate
from vae_core.commands.generate import add_generate
from vae_core.commands.interpolate import add_interpolate
from vae_core.commands.queue.cluster import add_cluster
from vae_core.commands.queue.limits import add_limits
from vae_core.commands.queue.runs import add_runs
from vae_core.commands.queue.sweep import add_sweep
from vae_core.commands.reconstruct import add_reconstruct
from vae_core.commands.serve import add_serve
from vae_core.commands.train import add_train
from vae_core.commands.use.anomalies import add_anomalies
from vae_core.commands.use.complete import add_complete
from vae_core.commands.use.compress import add_compress, add_decompress
from vae_core.commands.use.edits import add_edits
from vae_core.commands.use.features import add_features
from vae_core.commands.use.slim import add_slim

COMMANDS = (
    add_data,
    add_train,
    add_evaluate,
    add_encode,
    add_reconstruct,
    add_generate,
    add_interpolate,
    add_compress,
    add_decompress,
    add_anomalies,
    add_complete,
    add_features,
    add_edits,
    add_slim,
    add_sweep,
    add_runs,
    add_limits,
    add_cluster,
    add_datasets,
    add_presets,
    add_serve,
)
