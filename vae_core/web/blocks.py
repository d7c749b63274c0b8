"""Blocks of bytes that browsers fetch under a name made of their content: models, maps, small pictures, and the browser's code.

A name stands for the same bytes for ever, so a browser asks for each once and keeps it. A block is compressed when the first browser
asks for it, once for all of them.
"""

import gzip
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock

PATH = "/_latent/blocks/"
ROOM = 256 * 2**20  # bytes of blocks that are held
LEVEL = 6  # of gzip; 45 ms for the weights of a model
PAGES = 500  # addresses whose blocks are known


@dataclass
class Block:
    """Bytes and their media type; they are compressed by gzip when a browser first asks for them."""

    body: bytes
    kind: str = "application/octet-stream"

    @cached_property
    def packed(self) -> bytes:
        return gzip.compress(self.body, LEVEL, mtime=0)


class Blocks:
    """The blocks by name; those that no page has shown for longest go first when there are more than `room` bytes."""

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.size = room, 0
        self._held: OrderedDict[str, Block] = OrderedDict()
        self._code: dict[str, Block] = {}
        self._first: OrderedDict[tuple[str, ...], tuple[str, ...]] = OrderedDict()
        self._lock = Lock()

    def put(self, name: str, body: bytes) -> None:
        """Hold a block, or say that a page shows it again."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
                return
            self._held[name] = Block(body)
            self.size += len(body)
            while self.size > self.room and len(self._held) > 1:
                _, dropped = self._held.popitem(last=False)
                self.size -= len(dropped.body)

    def put_code(self, name: str, text: str) -> None:
        """Hold a module of JavaScript as long as the server runs."""
        self._code[name] = Block(text.encode(), "text/javascript; charset=utf-8")

    def get(self, name: str) -> Block | None:
        """The block of that name; None where it is not held."""
        return self._code.get(name) or self._held.get(name)

    def opens_with(self, opened: tuple[str, ...], names: Sequence[str]) -> None:
        """Say which blocks a page, `opened` in this way, needs first, so that the next browser fetches them with the page itself.

        Only where they are the same for everyone: a block's name is the key to it.
        """
        with self._lock:
            self._first[opened] = tuple(names)
            self._first.move_to_end(opened)
            while len(self._first) > PAGES:
                self._first.popitem(last=False)

    def first(self, opened: tuple[str, ...]) -> list[str]:
        """The blocks that a page needs first and that are held."""
        return [name for name in self._first.get(opened, ()) if self.get(name) is not None]


@cache
def blocks() -> Blocks:
    """The blocks of this process."""
    return Blocks()
