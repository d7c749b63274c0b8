"""What the teacher shows to all: a scene, a pause, and which answers of lessons are revealed; every change reaches the open pages.

The server is one process, and so is its class: `classroom()` gives the same object everywhere in it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock

from vae_core.room.access import Room
from vae_core.room.presence import Presence

Answer = tuple[str, int]  # a lesson and the number of its step


@dataclass(frozen=True)
class Shown:
    """What all browsers show now. `scene` is the address of a page, such as "decode?model=...", None where each has its own.

    `version` grows with each change of the scene. `held` says that the answers of lessons wait for the teacher, and `revealed` are
    those that the class may see nevertheless.
    """

    version: int = 0
    scene: str | None = None
    paused: bool = False
    held: bool = False
    revealed: frozenset[Answer] = frozenset()

    def hides(self, answer: Answer) -> bool:
        """Whether this answer is still hidden from the class."""
        return self.held and answer not in self.revealed


@dataclass
class Classroom:
    """The class of this server; `room` is None where the server is for its own machine alone."""

    room: Room | None = None
    url: str = ""  # of the app, as the class reaches it
    presence: Presence = field(default_factory=Presence)
    on_change: Callable[[str], None] = lambda by: (
        None
    )  # tells every page but that of session `by` to look at `shown` again
    on_news: Callable[[], None] = lambda: None  # tells the pages of `watching` that somebody came, went or answered
    watching: set[str] = field(default_factory=set)  # the sessions that show the class
    _shown: Shown = Shown()
    _lock: Lock = field(default_factory=Lock)

    @property
    def shown(self) -> Shown:
        """What all browsers show now."""
        return self._shown

    def show(self, scene: str | None, by: str = "") -> None:
        """Show this scene, which is that of the session `by`, to all; None lets each go back to its own."""
        self._change(lambda now: now if now.scene == scene else replace(now, scene=scene, version=now.version + 1), by)

    def pause(self, on: bool) -> None:
        """Cover all pages but the teacher's, or uncover them."""
        self._change(lambda now: replace(now, paused=on))

    def hold(self, on: bool) -> None:
        """Let the answers of lessons wait for `reveal`, or not."""
        self._change(lambda now: replace(now, held=on, revealed=frozenset()))

    def reveal(self, answer: Answer) -> None:
        """Let the class see an answer."""
        self._change(lambda now: replace(now, revealed=now.revealed | {answer}))

    def _change(self, changed: Callable[[Shown], Shown], by: str = "") -> None:
        with self._lock:
            before, self._shown = self._shown, changed(self._shown)
            news = before != self._shown
        if news:
            self.on_change(by)


@lru_cache
def classroom() -> Classroom:
    """The class of this process."""
    return Classroom()
