"""How well photographs of digits are read: python -m benchmarks.made_photos [--seed 0] [--count 6] [--mnist] [--before CHECKOUT]

Makes COUNT photographs of each of ten kinds, prepares each as an image of MNIST, and prints how many the bundled classifier reads as
the right digit, how many of the others are wrong without a word, and the time of the preparation. `--mnist` takes the test digits of
MNIST, where they are on this computer, in place of digits that this benchmark draws. `--before` prepares the same photographs with
the code of another checkout too.
"""

import argparse
from pathlib import Path

from benchmarks.made_photos.counts import made, prepared_elsewhere, prepared_here, said, tally
from benchmarks.made_photos.scenes import KINDS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=6, help="photographs of each kind (default: 6)")
    parser.add_argument("--mnist", action="store_true", help="take MNIST's test digits")
    parser.add_argument("--data", type=Path, default=Path("data"), help="the folder of the data sets (default: data)")
    parser.add_argument("--before", type=Path, help="another checkout of this project")
    arguments = parser.parse_args()
    photos = made(arguments.seed, arguments.count, arguments.data if arguments.mnist else None)
    before = tally(photos, prepared_elsewhere(photos, arguments.before)) if arguments.before else {}
    after = tally(photos, prepared_here(photos))
    for kind in (*KINDS, "all"):
        was = f"before {said(before[kind])}, after " if before else ""
        print(f"{kind:12} {was}{said(after[kind])}")


if __name__ == "__main__":
    main()
