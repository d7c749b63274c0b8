"""`runs`, `datasets` and `presets`: what there is."""

import argparse
from typing import Any

from vae_core.commands.output import data_dir_argument, home_argument, say
from vae_core.errors import UserError
from vae_core.utils.json_files import is_finite


def add_runs(sub: Any) -> None:
    parser = sub.add_parser("runs", help="list the trainings that the app started")
    home_argument(parser)
    parser.set_defaults(run=_runs)


def _runs(arguments: argparse.Namespace) -> int:
    from vae_core.runs import Store
    from vae_core.utils.paths import home

    if not (home(arguments.home) / "runs.db").is_file():  # a look creates none
        if arguments.home is not None:
            raise UserError(
                f"--home {arguments.home}: there are no runs: name the folder that the app was started with."
            )
        return 0
    store = Store(arguments.home)
    for row in store.runs():
        figures = row.latest.get("done", {}).get("figures") or {}
        say(
            id=row.id,
            title=row.title,
            state=row.state,
            progress=row.progress,
            message=row.message,
            figures={name: value if is_finite(value) else None for name, value in figures.items()} or None,
        )
    for damaged in store.damaged():
        say(id=damaged.id, state="damaged", message=damaged.why)
    return 0


def add_datasets(sub: Any) -> None:
    parser = sub.add_parser("datasets", help="list the data sets, or download one")
    parser.add_argument("--download", metavar="NAME", help="fetch this data set into the data folder")
    data_dir_argument(parser)
    parser.set_defaults(run=_datasets)


def _datasets(arguments: argparse.Namespace) -> int:
    from vae_core.data import DATASETS, download
    from vae_core.utils.paths import data_dir

    folder = data_dir(arguments.data_dir)
    if arguments.download is None:
        for name, family in DATASETS.items():
            say(
                name=name,
                title=family.title,
                available=family.available(folder),
                licence=family.licence,
                variants=family.variants,
            )
        return 0
    if arguments.download not in DATASETS or not DATASETS[arguments.download].needs_download:
        offered = ", ".join(name for name, family in DATASETS.items() if family.needs_download)
        raise UserError(f"--download {arguments.download}: there is nothing to fetch by that name; {offered} can be.")
    try:
        for step in download(arguments.download, folder):
            say(file=step.file, done=step.done_bytes, total=step.total_bytes)
    except UserError as error:
        say(event="failed", message=str(error))
        return 1
    say(event="done", folder=str(folder))
    return 0


def add_presets(sub: Any) -> None:
    parser = sub.add_parser("presets", help="list the models by their papers' names")
    parser.set_defaults(run=_presets)


def _presets(arguments: argparse.Namespace) -> int:
    from vae_core.presets.build_run import PRESETS

    for name, preset in PRESETS.items():
        say(name=name, title=preset.title, paper=preset.paper, summary=preset.summary)
    return 0
