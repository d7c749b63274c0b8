"""The 95 % intervals contain the true value: a fast form of `python -m benchmarks.interval_coverage` with few images."""

import pytest
from scipy.stats import binom

from benchmarks import interval_coverage
from benchmarks.intervals import real_models, synthetic
from benchmarks.intervals.count_coverage import Case, Row, count_coverage
from vae_core.metrics import Estimate

REPETITIONS = {"mig": 30, "noise": 30, "rate": 80, "overlap": 200}  # what takes long; else 600


@pytest.mark.parametrize("name", [*synthetic.QUICK, *real_models.QUICK])
def test_intervals_contain_the_true_value(name):
    case = synthetic.QUICK[name] if name in synthetic.QUICK else real_models.QUICK[name]()
    for row in count_coverage(case, REPETITIONS.get(name, 600)):
        least = binom.ppf(
            1e-4, row.count, interval_coverage.MIN_COVERAGE
        )  # correct intervals are below it once in 10,000 runs
        assert row.held >= least and row.count > row.unknown, (row, row.share)


def test_too_narrow_intervals_are_detected():
    def measure(seed: int) -> dict[str, Estimate]:
        found = synthetic.seeds(50).measure(seed)["mean over seeds"]
        return {"mean": Estimate(found.value, found.value - found.margin / 2, found.value + found.margin / 2)}

    (row,) = count_coverage(Case("half as wide as it should be", measure, {"mean": 0.0}), 300)
    assert (
        0.5 < row.share < 0.85
        and "**" in interval_coverage.line(row, "")
        and row.held < binom.ppf(1e-4, 300, interval_coverage.MIN_COVERAGE)
    )
    unknown = Row("mean", 0.0, 0, 0, 300)
    assert "| - | 0 of 300 |" in interval_coverage.line(unknown, "")


def test_the_command_prints_a_row_for_each_figure(tmp_path, capsys):
    out = tmp_path / "interval_coverage.md"
    assert interval_coverage.main(["choices", "--repetitions", "5", "--out", str(out)]) == 0
    said, rest = capsys.readouterr()
    assert said.count("| `codebook_perplexity` |") == 2 and "2 rows" in rest
    assert "`dci_completeness`" in out.read_text() and said.splitlines()[0] in out.read_text()
