"""The long measurements in their fast form: the same code on small data, and a page that says what was measured."""

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from benchmarks.figures import STUDIES, main
from benchmarks.studies import image_completion, out_of_distribution, table
from benchmarks.studies.base import Found, Setting, Verdict, above, at_least, at_most, higher
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data import Dataset, load
from vae_core.presets.run_config import RunConfig
from vae_core.training.events import Saved

pytestmark = pytest.mark.slow
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def tried(tmp_path_factory):
    """Every study once, on small data: its record and its page."""
    folder = tmp_path_factory.mktemp("figures")
    assert main(["--quick", "--seeds", "0", "--out", str(folder), "--work", str(folder / "work")]) == 0
    return json.loads((folder / "figures.json").read_text()), (folder / "figures.md").read_text()


def value(record, study, figure, part="test"):
    return record[study]["seeds"]["0"][part][figure]


def test_likelihoods_tighten_as_they_must(tried):
    record, _ = tried
    for study in ("vae", "iwae-5", "iwae"):
        assert 0 < value(record, study, "NLL") < value(record, study, "-ELBO")
    assert value(record, "iwae", "NLL") < value(record, "vae", "NLL")


def test_a_few_labels_read_most_digits(tried):
    assert value(tried[0], "m2", "error") < 40


def test_given_quadrants_say_something_of_the_others(tried):
    """Digits of 8x8 have 16 pixels a quadrant: a coin for each would cost 16 ln 2 = 11 nats."""
    for study, missing in (("completion", 3), ("completion-2", 2), ("completion-3", 1)):
        bound, sharper, plain = (
            value(tried[0], study, figure) for figure in ("-ELBO", "-ln p at k = 100", "plain network")
        )
        assert 0 < sharper < bound < 8 * missing
        assert 0 < plain < 11 * missing


def test_quadrants_are_parted_as_in_the_tutorial():
    """Bottom left is given first, then the left half, then all but the bottom right, and no pixel is lost."""
    test = load(DataConfig(dataset="digits")).test
    one, two, three = (image_completion.parted(test, given) for given in (1, 2, 3))
    whole = test.x / 255
    assert torch.equal(one.labels, whole[..., 4:, :4].flatten(1))
    assert torch.equal(two.x.squeeze(1), test.x[:, 0, :, 4:].reshape(-1, 8, 4))
    assert torch.equal(three.x, test.x[..., 4:, 4:])
    for part in (one, two, three):
        told, missing = part.labels.sum(1), (part.x / 255).flatten(1).sum(1)
        torch.testing.assert_close(told + missing, whole.flatten(1).sum(1))


def test_completion_goes_on_from_where_it_was_interrupted(tmp_path):
    parts = (image_completion.parted(split, 1) for split in splits())
    data = Dataset("digits", "", *parts, classes=tuple(map(str, range(16))))
    model = ModelConfig(shape=data.shape, hidden=(16,), latent_dim=2, classes=16)
    run = RunConfig(model=model, train=TrainConfig(epochs=3, batch_size=64))

    def interrupted(*words, **settings):
        for event in image_completion.by_epochs(*words, **settings):
            yield event
            if isinstance(event, Saved):
                raise KeyboardInterrupt

    whole = Setting(tmp_path, tmp_path / "whole").train(run, data, image_completion.by_epochs)
    part = Setting(tmp_path, tmp_path / "part")
    with pytest.raises(KeyboardInterrupt):
        part.train(run, data, interrupted)
    after = part.train(run, data, image_completion.by_epochs)
    for before, now in zip(whole.vae.parameters(), after.vae.parameters(), strict=True):
        assert torch.equal(before, now)


def splits():
    data = load(DataConfig(dataset="digits"))
    return data.train, data.val, data.test


def test_strangers_are_told_from_known_classes(tried):
    for study in ("held-out", "held-out-surprise"):
        assert value(tried[0], study, "AUROC of surprise") > 0.6
        assert 0 < value(tried[0], study, "R2 of hardness") < 1


def test_a_held_out_class_is_judged_on_validation_pictures_that_no_line_was_fitted_to():
    data = load(DataConfig(dataset="digits"))
    judged = out_of_distribution.on_validation(data, 3)
    assert len(judged.test) + len(judged.val) < len(data.val)
    assert (judged.test.labels == 3).any() and not (judged.val.labels == 3).any()
    rows = torch.cat([judged.test.x, judged.val.x]).flatten(1)
    kept = torch.cat([data.val.x[len(data.val) // 2 :], data.val.x[: len(data.val) // 2]]).flatten(1)
    assert {tuple(row) for row in rows.tolist()} <= {tuple(row) for row in kept.tolist()}
    assert torch.equal(judged.train.x, data.train.x[data.train.labels != 3])


def test_every_study_has_its_row_and_command_with_both_splits(tried):
    record, written = tried
    assert set(record) == set(STUDIES)
    for name in STUDIES:
        assert f"`python -m benchmarks.figures {name}`" in written
        found = record[name]["seeds"]["0"]
        assert STUDIES[name].figure in found["val"] and len(found["val"]) == len(found["test"])
        # Wrong answers are counted, and the counts of two splits of 270 pictures may be equal.
        assert found["val"] != found["test"] or set(found["val"]) == {"error"}
    assert "not measured" not in written


def test_each_figure_is_taken_of_the_split_that_it_stands_for(tmp_path):
    train, val, test = splits()
    data = Dataset("digits", "", train, val, test, classes=tuple(map(str, range(10))))
    measured = {"val": {"ink": val.x.sum().item()}, "test": {"ink": test.x.sum().item()}}
    assert measured["val"] != measured["test"]
    assert Setting(tmp_path, tmp_path).scores(lambda split: {"ink": split.x.sum().item()}, data) == measured
    trial = Setting(tmp_path, tmp_path, trial=True).scores(lambda split: {"ink": split.x.sum().item()}, data)
    assert trial == {**measured, "test": {}}


def test_a_trial_never_looks_at_the_test_split(tmp_path, capsys):
    name = "held-out-surprise"
    assert main(["--quick", "--choose", name, "--out", str(tmp_path), "--work", str(tmp_path / "work")]) == 0
    trials = json.loads((tmp_path / "figures.json").read_text())[name]["trials"]
    assert [one["recipe"] for one in trials] == [table.plain(recipe) for recipe in STUDIES[name].recipes]
    assert all(0 < one["val"]["AUROC of surprise"] < 1 and one["test"] == {} for one in trials)
    first = max(trials, key=lambda one: one["val"]["AUROC of surprise"])
    assert f"on validation pictures has {table.words(first['recipe'])}" in capsys.readouterr().out
    assert (tmp_path / "figures.md").read_text().count("| best |") == 1


def test_seeds_of_another_recipe_are_not_averaged_with():
    record = {}
    for seed, lr in ((0, 1e-3), (1, 1e-3), (2, 2e-3)):
        table.with_seed(record, "m2", seed, Found({"lr": lr, "hidden": (3,)}, {}, {"error": 5.0 + seed}, 1.0, ""))
        if seed == 1:
            assert set(record["m2"]["seeds"]) == {"0", "1"}
    assert set(record["m2"]["seeds"]) == {"2"}


def test_a_row_says_how_its_recipe_was_chosen():
    study = replace(STUDIES["m2"], recipes=[{"lr": 1e-3}, {"lr": 2e-3}])
    found = Found({"lr": 1e-3}, {"error": 5.0}, {"error": 6.0}, 1.0, "3 epochs")
    record = {"m2": {"seeds": {"0": table.plain(asdict(found))}}}
    assert "not chosen on validation figures yet" in table.row(study, record)
    table.with_trial(record, "m2", found)
    table.with_trial(record, "m2", replace(found, recipe={"lr": 2e-3}))
    assert "by validation figures, best of 2" in table.row(study, record)
    assert "an earlier one" in table.row(replace(study, recipes=[{"lr": 3e-3}]), record)


def test_a_row_names_every_machine_and_version_that_its_seeds_ran_on():
    found = Found({"lr": 1e-3}, {}, {"error": 6.0}, 2.0, "3 epochs", "a processor", "2.13.0")
    assert table.training([found, found]) == "3 epochs, 2.0 min, 2 seeds; a processor, torch 2.13.0"
    earlier = replace(found, machine="another", torch_version="")
    assert table.training([found, earlier]).endswith("; a processor, torch 2.13.0 and another")
    assert Found({}, {}, {}, 0.0, "").torch_version in torch.__version__


def test_a_candidate_of_several_seeds_is_judged_by_their_mean():
    each = [
        Found({"lr": 1e-3}, {"gap": gap}, {}, minutes, "3 epochs", "a processor", "2.13.0")
        for gap, minutes in ((0.6, 2.0), (0.2, 4.0))
    ]
    both = table.mean(each)
    assert both.val == {"gap": pytest.approx(0.4)} and both.test == {}
    assert table.training([both]) == "3 epochs, 3.0 min, 2 seeds; a processor, torch 2.13.0"


def test_verdicts_are_as_the_bars_say():
    assert at_most(87.5, "NLL")({"NLL": [87.0, 87.8]}) == Verdict(True, "0.10 below")
    assert at_most(12, "error")({"error": [14.5]}) == Verdict(False, "2.50 above")
    assert at_least(0.86, "AUROC")({"AUROC": [0.85, 0.86]}) == Verdict(False, "0.005 below")
    assert above("a", than="b")({"a": [0.9, 0.8], "b": [0.7, 0.9]}) == Verdict(True, "0.050 above")
    apart = higher("a", than="b")
    assert apart({"a": [0.5, 0.51, 0.52], "b": [0.1, 0.11, 0.12]}).reached
    assert not apart({"a": [0.1, 0.5, 0.9], "b": [0.1, 0.11, 0.12]}).reached


def test_an_unknown_study_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["nothing"])
    assert "there is no study nothing" in capsys.readouterr().err


def test_the_page_in_docs_is_what_was_recorded():
    record = json.loads((DOCS / "figures.json").read_text())
    written = (DOCS / "figures.md").read_text()
    assert written == table.page(record, STUDIES)
    assert set(record) <= set(STUDIES)
    shown = re.findall(r"`python -m benchmarks.figures ([\w-]+)` \|", written)
    assert shown == [name for name in STUDIES if record.get(name, {}).get("seeds")]


def test_each_recipe_is_the_one_that_validation_figures_chose():
    record = json.loads((DOCS / "figures.json").read_text())
    for name, study in STUDIES.items():
        if tried := record.get(name, {}).get("trials"):
            best = table.best(study, [Found(**one) for one in tried])
            assert best.recipe == table.plain(study.recipes[0]), name
        if study.like:
            assert not tried and study.like in STUDIES
