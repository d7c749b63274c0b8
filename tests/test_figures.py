"""The long measurements in their fast form: the same code on small data, and a page that says what was measured."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.figures import STUDIES, main, page
from benchmarks.studies.base import Verdict, at_least, at_most, higher

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """Every study once, on small data: its record and its page."""
    folder = tmp_path_factory.mktemp("figures")
    assert main(["--quick", "--seeds", "0", "--out", str(folder), "--work", str(folder / "work")]) == 0
    return json.loads((folder / "figures.json").read_text()), (folder / "figures.md").read_text()


def value(record, study, figure):
    return record[study]["0"]["figures"][figure]


def test_likelihoods_tighten_as_they_must(tried):
    record, _ = tried
    for study in ("vae", "iwae"):
        assert 0 < value(record, study, "NLL") < value(record, study, "-ELBO")
    assert value(record, "iwae", "NLL") < value(record, "vae", "NLL")


def test_a_few_labels_read_most_digits(tried):
    assert value(tried[0], "m2", "error") < 40


def test_a_quadrant_says_something_of_the_others(tried):
    """Digits of 8x8 have 48 missing pixels: a coin for each would cost 48 ln 2 = 33 nats."""
    assert 0 < value(tried[0], "completion", "-ln p(missing, given the rest)") < 22


def test_strangers_are_told_from_known_classes(tried):
    assert value(tried[0], "held-out", "AUROC of surprise") > 0.6


def test_every_study_has_its_row_and_command(tried):
    record, written = tried
    assert set(record) == set(STUDIES)
    for name in STUDIES:
        assert f"`python -m benchmarks.figures {name}`" in written


def test_verdicts_are_as_the_bars_say():
    assert at_most(87.5, "NLL")({"NLL": [87.0, 87.8]}) == Verdict(True, "0.10 below")
    assert at_most(12, "error")({"error": [14.5]}) == Verdict(False, "2.50 above")
    assert at_least(0.86, "AUROC")({"AUROC": [0.85, 0.86]}) == Verdict(False, "0.005 below")
    apart = higher("a", than="b")
    assert apart({"a": [0.5, 0.51, 0.52], "b": [0.1, 0.11, 0.12]}).reached
    assert not apart({"a": [0.1, 0.5, 0.9], "b": [0.1, 0.11, 0.12]}).reached


def test_an_unknown_study_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "there is no study nothing" in capsys.readouterr().err


def test_the_page_in_docs_is_what_was_recorded():
    record = json.loads((DOCS / "figures.json").read_text())
    assert (DOCS / "figures.md").read_text() == page(record)
    assert set(record) <= set(STUDIES)
    shown = re.findall(r"^\| .*", (DOCS / "figures.md").read_text(), re.M)
    assert len(shown) == len(record) + 1
