"""The part of benchmarks.cluster that is a driver of Ray itself: python -m benchmarks.live.cluster_delays HOST:PORT ROUNDS.

Prints the medians of an event's way to the head, of a word's way to the actor, and of the first step of a cold and of a warm actor, in
seconds.
"""

import statistics
import sys
import time
from pathlib import Path

from tests.helpers.run_helpers import LONG, run_of
from vae_core.scheduling.cluster.connection import connect
from vae_core.scheduling.lease import Requests


def main(address: str, rounds: int) -> None:
    connect(address)
    import ray

    from vae_core.scheduling.cluster.seats import ACTOR
    from vae_core.scheduling.cluster.trainer_actor import Job

    config = run_of(LONG).model_dump_json()
    events, words, cold, warm = [], [], [], []
    for _ in range(rounds):
        began = time.perf_counter()
        actor = ACTOR.options(num_cpus=1).remote()
        for firsts in (cold, warm):
            job = Job(config, {}, Requests("running", {}), None, Path("/nowhere/worker.log"))
            stream = actor.train.remote(job, None)
            for n, arrived in enumerate(stream):
                found = ray.get(arrived)
                events.append(time.time() - found.at)
                if found.event.kind == "step" and n < 10 and len(firsts) < len(cold) + (firsts is cold):
                    firsts.append(time.perf_counter() - began)
                if n == 20:
                    asked = time.perf_counter()
                    ray.get(actor.tell.remote(Requests("stopping", {})))
                    words.append(time.perf_counter() - asked)
            began = time.perf_counter()
        ray.kill(actor)
    print(*(statistics.median(found) for found in (events, words, cold, warm)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
