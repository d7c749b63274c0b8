"""Who is here: the browsers that hold a page open, each with the page that it shows; kept in the server's memory only."""

from dataclasses import dataclass, field
from threading import Lock


@dataclass
class Here:
    """One person: how many windows are open, and the page of the newest."""

    windows: int = 0
    page: str = ""


@dataclass
class Presence:
    """Counts the open windows of each person. A person without a cookie cannot be told from others, and is not counted."""

    _here: dict[str, Here] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def arrive(self, person: str) -> None:
        """A window was opened."""
        with self._lock:
            self._here.setdefault(person, Here()).windows += 1

    def leave(self, person: str) -> None:
        """A window was closed, or its connection broke."""
        with self._lock:
            one = self._here.get(person, Here())
            one.windows -= 1
            if one.windows <= 0:
                self._here.pop(person, None)

    def show(self, person: str, page: str) -> bool:
        """A person's window shows this page; whether that is news."""
        with self._lock:
            one = self._here.get(person)
            if one is None or one.page == page:
                return False
            one.page = page
            return True

    def pages(self) -> dict[str, str]:
        """The page of each person who is here, by the person's id."""
        with self._lock:
            return {person: one.page for person, one in self._here.items()}
