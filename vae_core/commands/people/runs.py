"""`runs`: the list of trainings that the app has started, and their clean-up."""

import argparse
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import age
from vae_core.commands.shared_arguments import home_argument, print_json
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils.strict_json import is_finite

if TYPE_CHECKING:
    from vae_core.runs import Store


def add_runs(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser("runs", help=Message("list the trainings that the app started, or delete many of them"))
    parser.add_argument(
        "--clean",
        action="store_true",
        help=Message("print which runs would be deleted, and how many MB; with --yes delete them"),
    )
    parser.add_argument(
        "--older", type=age, metavar="AGE", help=Message("those that ended so long ago, such as 7d, 12h or 30m")
    )
    parser.add_argument("--owner", metavar="NAME", help=Message("those of the person of this name, or id"))
    parser.add_argument("--yes", action="store_true", help=Message("delete them; --undo restores them for a day"))
    parser.add_argument(
        "--undo", action="store_true", help=Message("restore the runs that were deleted last, within a day")
    )
    home_argument(parser)
    parser.set_defaults(run=_runs)


def _runs(arguments: argparse.Namespace) -> int:
    from vae_core.runs import Store
    from vae_core.utils.paths import home

    chosen = arguments.older is not None or arguments.owner is not None
    if arguments.clean and not chosen:
        raise UserError("--clean needs --older AGE or --owner NAME, or both: which runs are to be deleted?")
    if (chosen or arguments.yes) and not arguments.clean:
        raise UserError("--older, --owner and --yes choose what --clean deletes: add --clean.")
    if not (home(arguments.home) / "runs.db").is_file():  # listing must not create the database
        if arguments.home is not None:
            raise UserError(
                "--home {home}: there are no runs: give the folder that the app was started with.", home=arguments.home
            )
        return 0
    store = Store(arguments.home)
    if arguments.undo:
        return _undo(store)
    return _clean(store, arguments) if arguments.clean else _list(store)


def _list(store: "Store") -> int:
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


def _clean(store: "Store", arguments: argparse.Namespace) -> int:
    from vae_core.runs.many.clean_up import clean_up, owner_of, owners, plan

    known, owner = owners(store), arguments.owner
    if owner is not None and owner not in known:
        owner = owner_of(store, owner)
    found = plan(store, arguments.older or 0.0, owner)
    for id, title, person in zip(found.ids, found.titles, found.owners, strict=True):
        print_json(id=id, title=title, owner=str(known.get(person, person)))
    deleted = clean_up(store, found) if arguments.yes else 0
    print_json(runs=len(found.ids), megabytes=round(found.megabytes, 1), deleted=deleted)
    return 0


def _undo(store: "Store") -> int:
    from vae_core.runs.many.clean_up import batches, undo

    found = batches(store, 1, fewest=1)
    if not found:
        raise UserError("No run was deleted within the last day.")
    print_json(restored=undo(store, found[0].when))
    return 0
