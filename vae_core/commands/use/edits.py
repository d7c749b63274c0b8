"""`edits`: an example moved along a direction of the latent space, from one class to another or towards more of a property."""

import argparse
from typing import TYPE_CHECKING, Any

from vae_core.commands.argument_types import number, path
from vae_core.commands.inputs_and_outputs import check_size, open_model, output_arguments, read_code, write
from vae_core.commands.shared_arguments import (
    check_data_dir,
    checkpoint_argument,
    checkpoint_folder,
    data_dir_argument,
    print_json,
)
from vae_core.errors import UserError
from vae_core.messages import Message

if TYPE_CHECKING:
    from vae_core.edits.directions import Direction
    from vae_core.edits.properties import Values
    from vae_core.explore.explorer import Explorer

STRENGTHS, FARTHEST, NEAREST = (0.0, 0.5, 1.0, 1.5, 2.0), 10.0, 5


def add_edits(sub: Any) -> None:
    """Add the sub-command."""
    parser = sub.add_parser(
        "edits", help=Message("turn a picture or a row into another class, or give it more of a property")
    )
    checkpoint_argument(parser)
    parser.add_argument(
        "data", type=path, metavar="DATA", help=Message("a picture or a table, or the number of a test image or row")
    )
    parser.add_argument("--from", dest="start", metavar="CLASS", help=Message("class to go away from; it needs --to"))
    parser.add_argument("--to", dest="end", metavar="CLASS", help=Message("class to go to"))
    parser.add_argument(
        "--more",
        metavar="PROPERTY",
        help=Message(
            "ink, slant, width or height; a factor of the sprites; a column of numbers; or logp, qed or weight"
        ),
    )
    parser.add_argument(
        "--strength",
        type=number(-FARTHEST, FARTHEST),
        nargs="+",
        default=STRENGTHS,
        metavar="T",
        help=Message("how far to go, in differences of the mean codes (default: 0 0.5 1 1.5 2)"),
    )
    data_dir_argument(parser)
    output_arguments(parser)
    parser.set_defaults(run=_edits)


def _edits(arguments: argparse.Namespace) -> int:
    import numpy as np

    from vae_core.explore.code_arithmetic import along
    from vae_core.explore.nearest_codes import nearest_codes

    if (arguments.more is None) == (arguments.start is None and arguments.end is None):
        raise UserError("A direction is said in one way: give --from and --to, or --more.")
    model, label = open_model(arguments)
    check_size(model, len(arguments.strength))
    learnt: dict[str, object] = {}
    if arguments.more is None:
        direction = _between_classes(model, arguments)
    else:
        direction, learnt = _property(model, arguments, label)
    z = read_code(model, arguments.data, label)
    codes = along(z, direction.step, np.array(arguments.strength, np.float32))
    write(arguments.out, model, model.decode(codes, label))
    known = {} if direction.change is None else {"change": direction.change}
    print_json(out=arguments.out, direction=direction.step.tolist(), **known, **learnt)
    for strength, code in zip(arguments.strength, codes, strict=True):
        near = nearest_codes(model.latents.mean, code, NEAREST)
        print_json(strength=strength, code=code.tolist(), nearest=near.tolist(), **_classes(model, near.tolist()))
    return 0


def _classes(model: "Explorer", examples: list[int]) -> dict[str, list[str]]:
    """The classes of some test examples, where there are any."""
    names = model.info.classes
    return {"classes": [names[model.latents.labels[index]] for index in examples]} if names else {}


def _between_classes(model: "Explorer", arguments: argparse.Namespace) -> "Direction":
    import numpy as np

    from vae_core.edits.directions import between

    if arguments.data_dir is not None:
        raise UserError("--data-dir: a direction between classes needs no data: leave it out.")
    labels = model.latents.labels
    start, end = (np.flatnonzero(labels == _number(model, one)) for one in (arguments.start, arguments.end))
    return between(model.latents.mean, start, end)


def _number(model: "Explorer", name: str | None) -> int:
    """The number of the class of that name."""
    names = model.info.classes
    if name not in names:
        listed = ", ".join(names) or "-"
        raise UserError(
            "--from and --to: there is no class '{name}'; known are {names}.", name=name or "", names=listed
        )
    return names.index(name)


def _property(model: "Explorer", arguments: argparse.Namespace, label: int) -> tuple["Direction", dict[str, object]]:
    """The direction towards more of a property, and how well a regressor reads the property from the code."""
    from vae_core.checkpoints import load as load_checkpoint
    from vae_core.data import load
    from vae_core.edits.directions import towards_more
    from vae_core.edits.properties import values, within_classes
    from vae_core.edits.regression import regression
    from vae_core.jobs.measurement import subject_of

    info, latents = model.info, model.latents
    check_data_dir(info.run.data.dataset, arguments.data_dir)
    data = load(info.run.data, arguments.data_dir)
    subject_of(load_checkpoint(checkpoint_folder(arguments.checkpoint)), data)
    known = values(info, data.test.x.numpy(), arguments.more)
    if info.vocabulary is not None:
        _print_uphill(model, known, arguments.more, label)
    direction = towards_more(latents.mean, known, latents.labels if within_classes(info) else None)
    try:
        read = regression(latents.mean, known)
    except UserError:  # too few examples: there is a direction all the same
        return direction, {}
    return direction, {"predictor": read.predictor, "r2": read.r2.record(), "judged": read.judged}


def _print_uphill(model: "Explorer", known: "Values", name: str, label: int) -> None:
    """Of how many of 100 molecules the property rises along such a direction, and along a random one."""
    from vae_core.edits.properties import decoded
    from vae_core.edits.uphill import uphill

    given = label if model.conditional else None
    found = uphill(model.latents.mean, known, lambda codes: decoded(model.info, model.decode(codes, given), name))
    shares = {name: getattr(found, name).record() for name in ("up", "beside", "difference")}
    print_json(starts=found.starts, **shares, change=found.change, change_beside=found.change_beside)
