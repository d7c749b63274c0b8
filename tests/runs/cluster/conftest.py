"""Fixtures: a real Ray cluster of two nodes on the loopback interface, and homes whose runs train on it."""

import pytest

from tests.helpers.run_helpers import RunHome, until
from vae_core.scheduling.cluster import setting


@pytest.fixture(scope="module")
def cluster():
    pytest.importorskip("ray", reason="Ray, the extra cluster, is not installed")
    from tests.helpers.ray_cluster import RayCluster

    patch = pytest.MonkeyPatch()
    made = RayCluster()
    for name, value in made.environment.items():
        patch.setenv(name, value)
    yield made
    made.close()
    patch.undo()


class ClusterHome(RunHome):
    """A home whose runs train on a cluster."""

    def __init__(self, home, cluster):
        super().__init__(home)
        setting.choose(self.store.home, cluster.address)
        self.start_scheduler("--idle", "1200")  # it waits for nodes that take long to start

    def cluster(self):
        return setting.state(self.store.home)

    def names(self):
        """Those of the nodes that may be used, once the bridge is connected."""
        found = self.cluster()
        return sorted(node.name for node in found.nodes if not node.refused) if found.connected else []

    def wait_for_nodes(self, *names):
        until(lambda: self.names() == sorted(names))


@pytest.fixture
def cluster_home(tmp_path, cluster):
    made = ClusterHome(tmp_path, cluster)
    yield made
    made.close()
