"""Scores of strangeness, their ranks, and the peers on the same splits."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from vae_core.anomalies.comparison import Comparison, Line, compare, trained, truth, verdict, with_seeds
from vae_core.anomalies.costliest_columns import costliest
from vae_core.anomalies.normal_run import normal_run
from vae_core.anomalies.peers import PEERS, peer_scores
from vae_core.anomalies.scores import Detector, mean_distance, scores_of, usual_rank
from vae_core.checkpoints import Checkpoint, CheckpointInfo, Latents
from vae_core.config import DataConfig, ModelConfig
from vae_core.data import Split, load
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.metrics.out_of_distribution import auroc
from vae_core.models.build import build
from vae_core.presets.build_run import build_run

BENIGN = DataConfig(dataset="breast-cancer", only_classes=("benign",))


@pytest.fixture(scope="module")
def run():
    data = load(BENIGN)
    settings = {"epochs": 10, "precision": "fp32", **data.layout_settings}
    return build_run("vae", BENIGN, data.shape, 2, **settings)


@pytest.fixture(scope="module")
def vae(run):
    return trained(run, load(run.data))


def test_only_the_named_classes_are_trained_on():
    whole, data = load(DataConfig(dataset="breast-cancer")), load(BENIGN)
    normal = data.classes.index("benign")
    assert set(data.train.labels.tolist()) == set(data.val.labels.tolist()) == {normal}
    assert len(data.train) == int((whole.train.labels == normal).sum())
    assert torch.equal(data.test.x, whole.test.x)
    with pytest.raises(UserError, match="no class 'rare': choose some of benign, malignant"):
        load(BENIGN.replace(only_classes=("rare",)))


def test_a_rank_keeps_the_order_beyond_what_is_known():
    known = np.array([1.0, 2.0, 3.0])
    found = usual_rank(np.array([0.0, 1.5, 2.0, 3.0, 4.0]), known)
    assert found == pytest.approx([0.0, 0.25, 0.5, 1.0, 1 + np.log(2) / 2])


def test_the_distance_to_the_nearest_is_a_mean_of_so_many():
    distance = mean_distance(np.array([[0.0], [1.0], [5.0]]), 2)
    assert distance(np.array([[0.0]])).tolist() == [0.5]


def test_malignant_tumours_are_strange_to_a_model_of_benign_ones(run, vae):
    data = load(run.data)
    strange = truth(data, run)
    found = Detector(vae, data)(data.test)
    assert list(found) == scores_of(run.model) == ["rank_mean", "elbo", "reconstruction", "neighbours"]
    assert auroc(found["rank_mean"], strange).value > 0.85
    detector = Detector(vae, data)
    assert (detector.normal["elbo"] > detector.threshold("elbo")).mean() == pytest.approx(0.05, abs=0.02)


def test_scores_depend_on_no_label_and_no_neighbour_in_the_split(run, vae):
    data = load(run.data)
    few = Split(data.test.x[:5], data.test.labels[:5])
    other = Split(few.x, 1 - few.labels)
    detector = Detector(vae, data)
    for name, scores in detector(few).items():
        assert np.array_equal(scores, detector(other)[name])


def test_surprise_does_not_follow_the_ink_as_elbo_does():
    data = load(DataConfig())
    vae = build(ModelConfig(shape=(1, 8, 8), latent_dim=4, hidden=(16,)), seed=0)
    vae.init_from_mean(torch.full((1, 8, 8), 0.02))  # expects black: each grey level of ink costs the same
    found = Detector(vae, data).normal
    ink = data.val.x.double().flatten(1).sum(1).numpy()
    follows = {name: abs(np.corrcoef(ink, found[name])[0, 1]) for name in ("elbo", "surprise")}
    assert follows["elbo"] > 0.9 and follows["surprise"] < 0.1


def test_a_conditional_model_is_refused():
    data = load(DataConfig())
    with pytest.raises(UserError, match="not conditional"):
        Detector(build(ModelConfig(shape=(1, 8, 8), hidden=(4,), classes=10)), data)


@pytest.mark.parametrize("name", PEERS)
def test_every_peer_finds_far_rows_strange(name):
    data = load(BENIGN)
    far = replace(data, test=Split(torch.cat([data.val.x[:20], data.val.x[:20] + 8]), torch.zeros(40).long()))
    scores = peer_scores(name, far)
    assert scores.shape == (40,) and auroc(scores, np.arange(40) >= 20).value > 0.95


def test_peers_take_pictures_with_pixels_that_never_change():
    data = load(DataConfig(only_classes=("0", "1"), training_images=60))
    few = replace(data, test=Split(data.test.x[:30], data.test.labels[:30]))
    assert all(np.isfinite(peer_scores(name, few)).all() for name in PEERS)


def test_all_detectors_are_compared_on_the_same_splits(run, vae):
    found = compare(run, vae)
    assert {line.detector for line in found.lines} == {*PEERS, *scores_of(run.model)}
    assert [line.auroc for line in found.lines] == sorted((line.auroc for line in found.lines), reverse=True)
    assert found.strange + found.normal == len(load(run.data).test) and found.seeds == 1
    assert Comparison.parse(found.model_dump_json()) == found


def test_each_seed_has_its_own_splits(run):
    seeds = [(one.data.seed, one.train.seed) for one in with_seeds(run, 3)]
    assert seeds == [(0, 0), (1, 1), (2, 2)] and next(with_seeds(run, 1)) == run


@pytest.mark.parametrize(
    ("ours", "says"),
    [(0.95, "no simpler tool is better"), (0.89, "does as well here"), (0.8, "is better (0.900): use that")],
)
def test_the_sentence_says_where_a_simpler_tool_is_better(ours, says):
    lines = [
        Line(detector=name, aurocs=(area,), precisions=(0.5,)) for name, area in (("rank_mean", ours), ("PCA", 0.9))
    ]
    assert says in verdict(Comparison(lines=tuple(lines), strange=5, normal=5))


def test_a_run_on_all_classes_has_no_truth(run):
    data = load(DataConfig(dataset="breast-cancer"))
    with pytest.raises(UserError, match="choose what is normal"):
        truth(data, run.replace(data=DataConfig(dataset="breast-cancer").model_dump()))


def test_the_usual_training_is_on_the_normal_classes_alone():
    whole = load(DataConfig(dataset="breast-cancer"))
    start = DataConfig(dataset="breast-cancer")
    run = normal_run(start, whole.shape, whole.classes, ["benign"], whole.layout_settings)
    assert run.data == BENIGN and run.model.kind == "row" and run.model.latent_dim == 8
    for wrong in ([], whole.classes):
        with pytest.raises(UserError, match="at least one, and not all"):
            normal_run(start, whole.shape, whole.classes, wrong, whole.layout_settings)


def test_what_costs_most_is_named(run, vae, tmp_path):
    """One column far from all others: it costs most, whichever it is."""
    data = load(run.data)
    row = data.val.x[0].clone()
    row[7] = 9.0
    info = CheckpointInfo(tmp_path, run, {}, {}, data.classes, {}, data.columns)
    empty = np.zeros((1, run.model.latent_dim), np.float32)
    model = Explorer(Checkpoint(info, vae, Latents(empty, empty, np.zeros(1, np.int64))))
    found = costliest(model, row.numpy())
    assert found[0].column == data.columns[7].name and found[0].nats > found[1].nats > found[2].nats
