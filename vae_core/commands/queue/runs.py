"""`runs`: the list of trainings that the app has started."""

import argparse
from typing import Any

from vae_core.commands.shared_arguments import home_argument, print_json
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils.strict_json import is_finite


def add_runs(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("runs", help=Message("list the trainings that the app started"))
    home_argument(parser)
    parser.set_defaults(run=_runs)


def _runs(arguments: argparse.Namespace) -> int:
    from vae_core.runs import Store
    from vae_core.utils.paths import home

    if not (home(arguments.home) / "runs.db").is_file():  # listing must not create the database
        if arguments.home is not None:
            raise UserError(
                "--home {home}: there are no runs: give the folder that the app was started with.", home=arguments.home
            )
        return 0
    store = Store(arguments.home)
    for row in store.runs():
        figures = row.latest.get("done", {}).get("figures") or {}
        print_json(
            id=row.id,
            title=row.title,
            state=row.state,
            progress=row.progress,
            message=row.message,
            figures={name: value if is_finite(value) else None for name, value in figures.items()} or None,
        )
    for damaged in store.damaged():
        print_json(id=damaged.id, state="damaged", message=damaged.why)
    return 0
