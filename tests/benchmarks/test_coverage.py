"""The 95 % intervals hold: what `python -m benchmarks.coverage` counts, with few images and enough repetitions to see it."""

import pytest
from scipy.stats import binom

from benchmarks import coverage
from benchmarks.intervals import made, measured
from benchmarks.intervals.base import Case, Row, judge
from vae_core.metrics import Estimate

REPETITIONS = {"mig": 30, "noise": 30, "rate": 80, "overlap": 200}  # what takes long; else 600


@pytest.mark.parametrize("name", [*made.QUICK, *measured.QUICK])
def test_intervals_hold_the_truth(name):
    case = made.QUICK[name] if name in made.QUICK else measured.QUICK[name]()
    for row in judge(case, REPETITIONS.get(name, 600)):
        least = binom.ppf(1e-4, row.count, coverage.BAR)  # a right interval comes so low once in ten thousand runs
        assert row.held >= least and row.count > row.unknown, (row, row.share)


def test_an_interval_that_is_too_narrow_is_found_out():
    def measure(seed: int) -> dict[str, Estimate]:
        found = made.seeds(50).measure(seed)["mean over seeds"]
        return {"mean": Estimate(found.value, found.value - found.margin / 2, found.value + found.margin / 2)}

    (row,) = judge(Case("half as wide as it should be", measure, {"mean": 0.0}), 300)
    assert 0.5 < row.share < 0.85 and "**" in coverage.line(row, "") and row.held < binom.ppf(1e-4, 300, coverage.BAR)
    unknown = Row("mean", 0.0, 0, 0, 300)
    assert "| - | 0 of 300 |" in coverage.line(unknown, "")


def test_the_command_prints_a_row_for_each_figure(tmp_path, capsys):
    out = tmp_path / "coverage.md"
    assert coverage.main(["choices", "--repetitions", "5", "--out", str(out)]) == 0
    said, rest = capsys.readouterr()
    assert said.count("| `codebook_perplexity` |") == 2 and "2 rows" in rest
    assert "`dci_completeness`" in out.read_text() and said.splitlines()[0] in out.read_text()
