"""Figures of molecules: known answers for hand-made sets, all figures of a small model, and the floor of trigrams."""

import math

import numpy as np
import pytest

from tests.helpers.molecule_helpers import BENZENE, EASY, ETHANOL, NEEDS_EXTRA
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.metrics.figures import FIGURES
from vae_core.metrics.molecules.made_up import Batch, distance, diversity, figures
from vae_core.metrics.molecules.trigrams import trigram_samples
from vae_core.metrics.report import Subject, measure
from vae_core.models.build import build
from vae_core.molecules.fingerprints import similarities, similarity
from vae_core.molecules.structures import structure
from vae_core.presets.build_run import build_run

pytestmark = NEEDS_EXTRA


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = tmp_path_factory.mktemp("molecules") / "mine.smi"
    path.write_text("\n".join(EASY))
    return load(DataConfig(dataset="molecules", path=str(path)))


def test_the_training_set_itself_is_valid_different_and_not_new():
    train, test = Batch(EASY[:60]), Batch(EASY[60:])
    found = {name: one.value for name, one in figures(train, train, test).items()}
    assert (found["valid"], found["unique_molecules"], found["novel"]) == (1, 1, 0)
    again = {name: one.value for name, one in figures(test, train, test).items()}
    assert again["novel"] == 1 and again["logp_distance"] == again["qed_distance"] == again["weight_distance"] == 0
    assert again["molecule_diversity"] == again["molecule_diversity_real"] > 0


def test_shares_count_what_they_say():
    made = Batch(["OCC", "CCO", ETHANOL, BENZENE, "C(", "", "CCN", "c1ccccc1"])
    found = {name: one.value for name, one in figures(made, Batch([ETHANOL]), Batch(EASY)).items()}
    assert found["valid"] == 6 / 8
    assert found["unique_molecules"] == 3 / 6  # ethanol, benzene and ethylamine
    assert found["novel"] == 2 / 3
    assert set(figures(Batch(["C(", "CC"]), Batch([]), Batch(EASY))) == {"valid"}


def test_similarity_is_the_share_of_common_bits():
    first, second, other = (structure(one) for one in (ETHANOL, "OCC", BENZENE))
    assert similarity(first, second) == 1 and similarity(first, other) == 0
    from rdkit.Chem import rdFingerprintGenerator
    from rdkit.DataStructs import TanimotoSimilarity

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    pair = [structure(one) for one in ("CCCCO", "CCCCCN")]
    assert similarity(*pair) == pytest.approx(TanimotoSimilarity(*map(generator.GetFingerprint, pair)))
    assert np.allclose(similarities([*pair, first]), similarities([*pair, first]).T)


def test_diversity_is_the_mean_over_pairs():
    alike, apart = [structure(ETHANOL)] * 3, [structure(one) for one in (ETHANOL, BENZENE)]
    assert diversity(alike).value == 0 and diversity(apart).value == 1
    assert diversity([*alike, structure(BENZENE)]).value == pytest.approx(3 / 6)  # three of six pairs
    assert math.isnan(diversity(alike[:1]).value)


def test_the_distance_is_how_far_values_move():
    values = np.arange(50.0)
    assert distance(values + 2.5, values).value == pytest.approx(2.5)
    assert distance(values, values).value == 0


def test_all_figures_of_a_model_are_measured_and_in_their_range(data):
    run = build_run("text-free-bits", DataConfig(), data.shape, len(data.classes), **data.layout_settings, hidden=(16,))
    found = {one.figure: one.estimate.value for one in measure(Subject(build(run.model, 0), data), ("molecules",))}
    known = {name for name, figure in FIGURES.items() if figure.group == "molecules"}
    assert found.keys() == known
    assert all(0 <= found[name] <= 1 for name in known if FIGURES[name].unit == "share")
    assert 0 < found["molecule_diversity_real"] < 1 and found["same_molecule"] < 0.2


def test_trigrams_have_only_the_trigrams_of_the_data(data):
    ids = data.train.x.numpy()
    made = trigram_samples(ids, 200)
    assert made.shape == (200, ids.shape[1]) and np.array_equal(made, trigram_samples(ids, 200))
    assert not np.array_equal(made, trigram_samples(ids, 200, seed=1))

    def trigrams(rows):
        padded = np.concatenate([np.zeros((len(rows), 2), int), rows], 1)
        return {tuple(row[i : i + 3]) for row in padded.tolist() for i in range(len(row) - 2) if row[i + 2]}

    assert trigrams(made) <= trigrams(ids)
    known = {row.tobytes() for row in ids}
    assert 0.05 < np.mean([row.tobytes() in known for row in made]) < 0.98


def test_trigrams_of_a_single_row_are_that_row():
    row = np.array([[3, 4, 5, 4, 6, 1, 0]], np.int16)
    assert {tuple(one[:3]) for one in trigram_samples(row, 20).tolist()} == {(3, 4, 5)}
