"""Limited tries: wrong codes are counted for each address and for all together, and refused for a while once there were too many."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

OF_ONE, OF_ALL = (10, 5.0), (100, 60.0)  # wrong tries at once, and how many more each minute
MOST_ADDRESSES = 10_000


@dataclass
class Bucket:
    """Holds up to `most` tries, and gets `per_minute` back."""

    most: float
    per_minute: float
    left: float
    since: float

    def now(self, time: float) -> float:
        """How many tries are left at a time, in seconds."""
        self.left = min(self.most, self.left + (time - self.since) * self.per_minute / 60)
        self.since = time
        return self.left


@dataclass
class Tries:
    """Counts wrong tries; `clock` gives seconds that only grow."""

    clock: Callable[[], float] = time.monotonic
    _of: dict[str, Bucket] = field(default_factory=dict)
    _all: Bucket | None = None

    def allowed(self, address: str) -> bool:
        """Whether this address may try now."""
        return all(bucket.now(self.clock()) >= 1 for bucket in self._buckets(address))

    def wrong(self, address: str) -> None:
        """A wrong try was made."""
        for bucket in self._buckets(address):
            bucket.left = bucket.now(self.clock()) - 1

    def _buckets(self, address: str) -> tuple[Bucket, Bucket]:
        now = self.clock()
        if self._all is None:
            self._all = Bucket(*OF_ALL, OF_ALL[0], now)
        if address not in self._of:
            if len(self._of) >= MOST_ADDRESSES:  # those that are full again say nothing
                self._of = {name: one for name, one in self._of.items() if one.now(now) < one.most}
            if len(self._of) >= MOST_ADDRESSES:
                return self._all, self._all
            self._of[address] = Bucket(*OF_ONE, OF_ONE[0], now)
        return self._of[address], self._all
