"""The cluster on the pages: how it is in one line of Train, its nodes on the teacher's page, and the node of a run."""

from importlib.util import find_spec

import pytest
from streamlit.testing.v1 import AppTest

from tests.helpers.run_helpers import run_of
from tests.pages.train.test_train import opened
from vae_core.config import TrainConfig
from vae_core.messages import Message
from vae_core.runs import Store
from vae_core.runs.users import User
from vae_core.scheduling.cluster import setting
from vae_core.scheduling.cluster.setting import ClusterState, NodeState
from vae_core.scheduling.lease import claim_for
from vae_ui.base import current_user

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray, the extra cluster, is not installed")
NODES = (
    NodeState("**lab-1**", 4, 3, Message("")),
    NodeState("lab-2", 2, 0, Message("Not used, since {why}.", why="versions differ")),
)


@pytest.fixture(autouse=True)
def chosen(home, monkeypatch):
    monkeypatch.setattr(setting, "FRESH", 1e9)
    setting.choose(home, "head.example:6379")
    setting.write_state(home, ClusterState(True, Message(""), NODES))


def captions(app):
    assert not app.exception and not app.error
    return " ".join(caption.value for caption in app.caption)


def test_train_says_how_the_cluster_is(home):
    assert "Cluster: 3 of 4 places train." in captions(opened())
    why = Message("The cluster at {address} does not answer.", address="head.example:6379")
    setting.write_state(home, ClusterState(False, why))
    assert "does not answer. Meanwhile runs train on this computer" in captions(opened())
    setting.choose(home, "")
    assert "luster" not in captions(opened())


def test_a_student_is_not_told_the_address(home, monkeypatch):
    monkeypatch.setattr(current_user, "present", lambda: User("a" * 16))
    setting.write_state(
        home, ClusterState(False, Message("The cluster at {address} does not answer.", address="head:1"))
    )
    assert "head:1" not in captions(opened())


def test_a_run_names_its_node_as_plain_text(home):
    id = Store(home).create(run_of(TrainConfig()))
    claim_for(Store(home), "**lab-1**", lambda config: True)
    app = opened().button(key=f"train.see.{id}").click().run()
    assert "On the node &#42;&#42;lab-1&#42;&#42;." in captions(app)


def test_the_teacher_sees_every_node_and_why_one_is_not_used(home):
    app = AppTest.from_function(_machine).run()
    assert not app.exception
    rows = app.dataframe[0].value
    assert list(rows.iloc[:, 0]) == ["**lab-1**", "lab-2"] and list(rows.iloc[:, 2]) == [4, 2]
    assert rows.iloc[1, 3] == "Not used, since versions differ."


def _machine():
    from vae_ui.classroom import machine

    machine.draw()
