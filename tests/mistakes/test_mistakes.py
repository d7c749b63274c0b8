"""Twelve mistakes, really executed: each symptom and each finding is measured on the seed that the page shows."""

import time
from dataclasses import fields
from functools import cache

import pytest
import torch
from torch import Generator
from torch.nn.functional import binary_cross_entropy_with_logits

from vae_core.config import DataConfig
from vae_core.data import load, to_input
from vae_core.errors import UserError
from vae_core.mistakes.catalogue import MISTAKES, Mistake
from vae_core.mistakes.names import NAMES
from vae_core.mistakes.outcome import Outcome, Pair, outcome
from vae_core.mistakes.pair_job import PairJob
from vae_core.mistakes.program import Program
from vae_core.mistakes.right_lines import RIGHT, Lines
from vae_core.mistakes.source_lines import program_text
from vae_core.mistakes.symptoms import FIGURES, shown
from vae_core.mistakes.training import settings, train
from vae_core.models.build import build
from vae_core.objectives import StepContext
from vae_core.utils.optimisers import Adam

SEED = 0


def test_the_names_are_those_of_the_catalogue():
    assert (*MISTAKES,) == NAMES


IMAGES = load(DataConfig()).train.x[:32]


@cache
def right() -> Outcome:
    return outcome(train(RIGHT, "bernoulli", SEED), SEED)


@cache
def pair(id: str) -> Pair:
    """The pair that `Mistake.run` gives; the right program is trained once for all."""
    mistake = MISTAKES[id]
    return Pair(right=right(), faulty=outcome(train(mistake.lines, mistake.likelihood, SEED), SEED))


def program(lines: Lines, likelihood: str = "bernoulli") -> Program:
    return Program.of(lines, build(settings(lines, likelihood, SEED).model, SEED), SEED)


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_the_program_that_is_shown_is_the_one_that_runs(mistake: Mistake):
    """The text, executed on its own, gives the loss and the weights of a step of the program."""
    ran, read = (program(mistake.lines, mistake.likelihood) for _ in range(2))
    names = {"torch": torch, "binary_cross_entropy_with_logits": binary_cross_entropy_with_logits, "images": IMAGES}
    names |= {"encoder": read.vae.encoder, "decoder": read.vae.decoder, "pixel_cnn": read.pixel_cnn}
    names |= {"generator": read.generator, "optimiser": read.optimiser}
    exec("\n".join(line.text for line in program_text(mistake.lines) if line.training), names)
    assert ran.step(IMAGES).loss.item() == names["loss"].item()
    for one, other in zip(ran.vae.parameters(), read.vae.parameters(), strict=True):
        assert torch.equal(one, other)


def test_the_right_program_takes_the_step_of_the_library():
    ten_lines, vae = program(RIGHT), build(settings(RIGHT, "bernoulli", SEED).model, SEED)
    run = settings(RIGHT, "bernoulli", SEED)
    noise, adam = Generator().manual_seed(SEED), Adam(vae.parameters(), (0.9, 0.999))
    for _ in range(3):
        found = ten_lines.step(IMAGES)
        terms = run.objective(vae, to_input(IMAGES), None, StepContext(0.0, noise))
        assert found.loss.item() == pytest.approx(terms.loss.item(), rel=1e-6)
        assert found.rate.item() == pytest.approx(terms.rate.item(), abs=1e-6)
        terms.loss.backward()
        adam.step(run.train.lr)
    for one, other in zip(ten_lines.vae.parameters(), vae.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_one_line_differs(mistake: Mistake):
    both = zip(program_text(RIGHT), program_text(mistake.lines), strict=True)
    (changed,) = ((one, other) for one, other in both if one != other)
    assert (changed[0].text, changed[1].text) == (mistake.right_line, mistake.faulty_line)
    assert changed[0].place == mistake.place and "return" not in mistake.faulty_line


def test_there_is_a_place_for_each_line():
    assert {mistake.place for mistake in MISTAKES.values()} < {field.name for field in fields(Lines)}
    assert len(MISTAKES) == len({mistake.line for mistake in MISTAKES.values()}) == 12
    assert {mistake.figure for mistake in MISTAKES.values()} < set(FIGURES)


@pytest.mark.parametrize("id", MISTAKES)
def test_the_symptom_and_the_finding_are_those_that_the_page_names(id):
    mistake, found = MISTAKES[id], pair(id)
    assert mistake.is_seen(found), found.faulty.figures
    assert not mistake.is_seen(Pair(right=found.right, faulty=found.right))
    names = [str(finding.name) for finding in found.faulty.findings]
    assert mistake.finding in names if mistake.finding else names == [], names
    assert found.right.findings == ()
    assert found.right.images == found.faulty.images and len(found.right.codes) == len(found.right.labels)
    assert (found.faulty.broken is not None) == (mistake.finding == "not a number")


def test_what_each_mistake_does_to_the_figures():
    """Known values: what a sigmoid of a sigmoid can be, what the mean is of, and that chance at test time changes no curve."""
    assert 0.5 <= pair("sigmoid-twice").faulty.figures["darkest"] < 0.51
    faulty = pair("mean-over-pixels").faulty
    assert faulty.figures["reported"] == pytest.approx(faulty.figures["distortion"] / 64, rel=0.05)
    assert faulty.figures["rate"] < 0.1
    chance = pair("sampling-at-test-time")
    assert chance.faulty.steps == chance.right.steps and chance.faulty.again != chance.faulty.reconstructions
    assert chance.right.again == chance.right.reconstructions
    gap = pair("no-sampling").faulty.figures
    assert gap["reported"] < right().figures["reported"] < gap["distortion"] + gap["rate"]


def test_a_pair_is_trained_in_the_background_and_kept(home, monkeypatch):
    job = PairJob.of("learning-rate")
    job.start()
    deadline = time.monotonic() + 120
    while job.progress() is not None:
        assert time.monotonic() < deadline, job.log.read_text()
        time.sleep(0.2)
    found = job.load()
    assert found is not None and found == pair("learning-rate"), job.log.read_text()
    assert PairJob.of("learning-rate").load() == found and PairJob.of("learning-rate", 1).load() is None
    with pytest.raises(UserError, match="no-kl"):
        PairJob.of("../x")


def test_numbers_that_are_none_have_a_dash():
    assert (shown("broken", None), shown("lowest", -6.8e24), shown("rate", 2.61)) == (
        "\u2013",
        "\u22126.8 \u00d7 10\u00b2\u2074",
        "2.6",
    )
