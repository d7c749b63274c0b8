"""`presets`: the list of models by the names of their papers."""

import argparse
from typing import Any

from vae_core.commands.shared_arguments import print_json


def add_presets(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("presets", help="list the models by their papers' names")
    parser.set_defaults(run=_presets)


def _presets(arguments: argparse.Namespace) -> int:
    from vae_core.presets.papers import PRESETS

    for name, preset in PRESETS.items():
        print_json(name=name, title=preset.title, paper=preset.paper, summary=preset.summary)
    return 0
