"""The models that a person may see: right after any change by hand, looked up without a look at the others, and offered in part."""

import json
import os
import shutil

import pytest

from vae_core import checkpoints
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.runs.kept_models import keep_model
from vae_core.runs.many import models as models_module
from vae_core.runs.many.models import PREFIX, Models
from vae_core.runs.users import ADMIN, User, new_user_id

WHOLE = checkpoints.bundled() / "digits-vae-2d"
BUNDLED = sorted(info.name for info in checkpoints.find(checkpoints.bundled()))
ONE, OTHER = User(new_user_id()), User(new_user_id())


@pytest.fixture
def runs(tmp_path):
    """An empty folder of runs."""
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


def seen(runs, user=ADMIN, refused=None):
    return Models(runs.parent, user, refused or {})


def copied(runs, name, title=None):
    """A copy of a model by hand, whose files share the disk with the original's."""
    folder = shutil.copytree(WHOLE, runs / name, copy_function=os.link)
    if title is not None:
        titled(folder, title)
    return PREFIX + name


def titled(folder, title):
    """Give a model another title in its run.json, as a hand that saves the file."""
    document = json.loads((folder / checkpoints.RUN).read_text())
    document["config"]["title"] = title
    (folder / checkpoints.RUN).unlink()
    (folder / checkpoints.RUN).write_text(json.dumps(document))


def test_all_models_are_those_of_the_app_and_of_the_runs(runs):
    mine = copied(runs, "mine")
    found = seen(runs)
    assert list(found) == [*BUNDLED, mine] and len(found) == len(BUNDLED) + 1
    assert found["digits-vae-2d"].folder == WHOLE and found[mine].folder == runs / "mine"
    assert "run-digits-vae-2d" not in found and "mine" not in found and found.get("nobody") is None


def test_a_folder_that_is_added_renamed_or_deleted_by_hand_is_seen_at_once(runs):
    found = seen(runs)
    for turn in range(30):  # faster than the clock by which a folder notes its changes
        name = copied(runs, f"model-{turn}")
        assert name in found, turn
        os.rename(runs / f"model-{turn}", runs / f"other-{turn}")
        assert name not in found and f"{PREFIX}other-{turn}" in found, turn
        shutil.rmtree(runs / f"other-{turn}")
        assert f"{PREFIX}other-{turn}" not in found, turn
    assert list(found) == BUNDLED


def test_a_file_that_is_added_written_again_or_deleted_in_a_folder_is_seen(runs):
    found, name = seen(runs), PREFIX + "slow"
    (runs / "slow").mkdir()
    assert name not in found and found.offered(5).whole.keys() == {*BUNDLED}
    for file in WHOLE.iterdir():
        os.link(file, runs / "slow" / file.name)
    assert name in found and name in found.offered(5).whole
    titled(runs / "slow", "another title")
    assert found[name].title == found.offered(5).whole[name].title == "another title"
    before = found.stamp(name)
    (runs / "slow" / checkpoints.WEIGHTS).unlink()
    shutil.copyfile(WHOLE / checkpoints.WEIGHTS, runs / "slow" / checkpoints.WEIGHTS)
    assert found.stamp(name) != before
    (runs / "slow" / checkpoints.RUN).write_text("{")
    assert name not in found and "damaged" in found.why_not(name)
    assert found.offered(5).damaged == {name: found.why_not(name)}
    (runs / "slow" / checkpoints.RUN).unlink()
    assert name not in found and not found.why_not(name)
    with pytest.raises(KeyError):
        found.stamp(name)


def test_a_home_without_runs_has_the_models_of_the_app_until_it_has_runs(tmp_path):
    found = Models(tmp_path / "nothing", ADMIN, {})
    assert list(found) == BUNDLED and not found.more_than(0)
    (tmp_path / "nothing" / "runs").mkdir(parents=True)
    assert copied(tmp_path / "nothing" / "runs", "first") in found


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "run-",
        "run-.",
        "run-..",
        "run-../outside",
        "run-/etc",
        "../checkpoints/digits-vae-2d",
        "run-a\0b",
    ],
)
def test_no_name_leads_out_of_the_two_folders(runs, name):
    copied(runs.parent, "outside")
    copied(runs, "mine")
    found = seen(runs)
    assert name not in found and found.why_not(name) == ""
    assert name not in found.offered(5, also=[name]).whole


def test_a_private_run_s_model_does_not_exist_for_others(runs):
    store = Store(runs.parent)
    name = PREFIX + keep_model(store, WHOLE, RunConfig(title="secret"), ONE)
    assert name in seen(runs, OTHER) and name in seen(runs, OTHER).offered(1).whole
    store.set_private(name.removeprefix(PREFIX), True, ONE)
    for user, visible in ((ONE, True), (ADMIN, True), (OTHER, False), (User(), False)):
        found = seen(runs, user)
        assert (name in found) == visible == (name in found.offered(1, also=[name]).whole)
        assert (name in found.offered(1, "secret").whole) == visible
        assert (name in list(found)) == visible
    (runs / name.removeprefix(PREFIX) / checkpoints.RUN).write_text("{")
    assert seen(runs, ONE).why_not(name) and not seen(runs, OTHER).why_not(name)


def test_the_newest_are_offered_and_those_in_hand_and_a_search_finds_the_others(runs):
    made = [copied(runs, f"20250101-00000{n}-abcd") for n in range(6)]
    (runs / "20250101-000007-abcd").mkdir()  # a run without a model
    found = seen(runs)
    assert list(found.offered(2).whole) == [*BUNDLED, *made[-2:]]
    assert list(found.offered(2, also=[made[1], "nobody", "run-nobody"]).whole) == [*BUNDLED, made[1], *made[-2:]]
    by_hand = copied(runs, "by-hand", title="Straße der Ziffern")
    assert list(found.offered(2, "STRASSE digits").whole) == [by_hand]
    assert list(found.offered(2, "nothing has this").whole) == []
    assert list(found.offered(2, "fashion", also=["digits-vae-2d"]).whole) == ["digits-vae-2d", "fashion-vae-2d"]
    assert found.more_than(7) and not found.more_than(8)


def test_a_search_finds_the_models_of_runs_that_have_ended_by_the_words_of_the_list(runs):
    store = Store(runs.parent)
    ids = [keep_model(store, WHOLE, RunConfig(title=f"model {n} of Äpfel"), ONE) for n in range(4)]
    store.create(RunConfig(title="model 1 waits"))
    found = seen(runs, OTHER)
    assert list(found.offered(3, "model 1").whole) == [PREFIX + ids[1]]
    assert set(found.offered(3, "äpfel").whole) == {PREFIX + id for id in ids[1:]}
    store.delete(ids[1], ONE)
    assert list(found.offered(3, "model 1").whole) == []


def test_a_refused_model_is_left_out_until_it_is_written_again(runs):
    name = copied(runs, "mine")
    refused = {seen(runs).stamp(name): "it gives NaN"}
    found = seen(runs, refused=refused)
    assert (
        name not in found
        and found.why_not(name) == "it gives NaN"
        and found.offered(5).damaged == {name: "it gives NaN"}
    )
    titled(runs / "mine", "whole again")
    assert name in found and name in found.offered(5).whole


def test_many_private_runs_of_others_hide_none_of_one_s_own(runs, monkeypatch):
    monkeypatch.setattr(models_module, "AT_ONCE", 3)
    store = Store(runs.parent)
    ids = [keep_model(store, WHOLE, RunConfig(title=str(n)), ONE if n else OTHER) for n in range(8)]
    for id in ids[1:]:
        store.set_private(id, True, ONE)
    own = {name for name in seen(runs, OTHER).offered(1).whole if name.startswith(PREFIX)}
    assert own == {PREFIX + ids[0]}
    assert len(seen(runs, ONE).offered(100).whole) == len(BUNDLED) + 8
