"""python -m tests.attack [--kills 200] [--checkpoints 500] [--forged 300] [--only NAME ...] [--seed 0]

Starts a server with a temporary home and attacks it. Prints a summary, and exits with status 1 when anything was lost or a
memory limit was exceeded.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.attack.damaged_models import attack_with_damaged_models
from tests.attack.decompression_bombs import attack_with_bombs
from tests.attack.forged_widget_values import attack_with_forged_values
from tests.attack.kills import attack_with_kills
from tests.attack.outcome import Outcome
from tests.browser.server import start

NAMES = ("bombs", "checkpoints", "forged", "kills")


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attack")
    parser.add_argument("--kills", type=int, default=200, help="processes to kill")
    parser.add_argument("--checkpoints", type=int, default=500, help="damaged models to open")
    parser.add_argument("--forged", type=int, default=300, help="pages to run with forged values")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(words)
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = start(Path(folder))
        try:
            for name in options.only:
                if name == "bombs":
                    outcomes.append(attack_with_bombs(server))
                elif name == "checkpoints":
                    outcomes.append(attack_with_damaged_models(server, options.checkpoints, options.seed))
                elif name == "forged":
                    outcomes.append(attack_with_forged_values(server, options.forged, options.seed))
                else:
                    outcome, server = attack_with_kills(server, options.kills, options.seed)
                    outcomes.append(outcome)
                print(outcomes[-1], flush=True)
        finally:
            server.stop()
    return int(any(outcome.losses for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
