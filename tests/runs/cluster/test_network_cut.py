"""A network that is cut: the run beyond goes on on this side, with the weights of an uninterrupted one."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.helpers import network_cut

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("ray") is None, reason="Ray, the extra cluster, is not installed"),
    pytest.mark.skipif(not network_cut.possible(), reason="no network namespaces can be made here"),
]


def test_a_run_beyond_a_cut_goes_on_on_this_side():
    found = subprocess.run(
        [sys.executable, "-m", "tests.helpers.network_cut", "1"],
        capture_output=True,
        text=True,
        env=os.environ,
        timeout=900,
    )
    assert found.returncode == 0, found.stderr[-2000:]
    assert float(found.stdout.split()[-1]) > 0
