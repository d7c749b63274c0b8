"""Attack by forged widget values: of another type, out of range, or naming files that were never uploaded."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.attack.outcome import Memory, Outcome, check_server
from tests.attack.streamlit_client import Client, Shown
from tests.browser.server import Server

PAGES = ("", "latent_space", "decode", "traverse", "interpolate", "reconstruct", "generate", "train", "compare")
MEMORY = 700 * 2**20  # bytes of additional memory allowed, including opened models
PATIENCE = 10.0  # seconds to wait for a page, because a forged value may have stopped its session
NUMBERS = (float("nan"), float("inf"), -1e308, 1e308, -1.0, 0.5, 1e9)
WHOLE = (-1, 2**31, 2**62, -(2**63), 10**9)
WORDS = (
    "",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "\x00",
    "é" * 100_000,
    "${x}{javascript}",
    "nan",
    "9" * 5000,
)
DEEP = "[" * 5000 + "]" * 5000
STATES = (
    {"z": [float("inf")] * 3},
    {"z": ["a", None, {}]},
    {"z": [0.0] * 100_000},
    {"z": [[0, 0], [0, 0]]},
    {"act": "draw", "picture": "not base64", "z": None},
    {"act": "click", "pick": 10**12},
    {"act": "click", "pick": "1; drop table runs"},
    {"act": "lasso", "rows": [-1, 10**9, 0.5, "x"], "polygon": [[1e400, 0]]},
    {"asked": [10**9] * 1000, "want": -5, "need": {"a": [1]}},
    [],
    "text",
    None,
)


def attack_with_forged_values(server: Server, count: int, seed: int = 0) -> Outcome:
    """Run pages `count` times with forged values; another client must see every page unchanged."""
    rng, outcome = random.Random(seed), Outcome("forged widget values")
    with Memory(server.process.pid) as memory, Client(server) as honest:
        while outcome.counts["sent"] < count:
            _visit(server, count, rng, outcome)
        for page in PAGES:
            shown = honest.show(page)
            outcome.check(not shown.exceptions and len(shown.elements) > 5, f"page '{page}' broke for another browser")
    outcome.counts["MB more at the peak"] = (memory.peak - memory.before) // 2**20
    outcome.check(memory.peak - memory.before < MEMORY, "forged values took more memory than allowed")
    check_server(server, outcome)
    return outcome


def _visit(server: Server, count: int, rng: random.Random, outcome: Outcome) -> None:
    """One attacking client's visit of all pages; it ends early where the client has stopped its own session."""
    with Client(server) as forger:
        for page in rng.sample(PAGES, min(len(PAGES), count - outcome.counts["sent"])):
            try:
                _one(forger, page, rng, outcome)
            except TimeoutError:
                outcome.counts["sessions that their own forger stopped"] += 1
                return


def _one(forger: Client, page: str, rng: random.Random, outcome: Outcome) -> None:
    widgets = forger.show(page, timeout=PATIENCE).widgets
    some = rng.sample(sorted(widgets), min(3, len(widgets)))
    outcome.counts["sent"] += 1
    shown = forger.show(page, [_state(id, widgets[id], rng) for id in some], timeout=PATIENCE)
    outcome.counts["answered with a page"] += not shown.exceptions
    outcome.counts["refused in the forger's own page"] += bool(shown.exceptions)
    outcome.check(not _traces(shown), f"a stack trace reached page '{page}': {_traces(shown)}")


def _traces(shown: Shown) -> str:
    """The first error text that shows a line of code or a path of this machine, or ""."""
    return next((text[:300] for text in shown.exceptions if "File " in text or "line " in text or "/" in text), "")


def _state(id: str, kind: str, rng: random.Random) -> WidgetState:
    state = WidgetState(id=id)
    likely = LIKELY.get(kind, ())
    fill = rng.choice(likely) if likely and rng.random() < 0.95 else rng.choice(list(FILL.values()))
    fill(state, rng)
    return state


def _json(state: WidgetState, rng: random.Random) -> None:
    state.json_value = rng.choice([DEEP, "{", *(json.dumps(one) for one in STATES)])


def _file(state: WidgetState, rng: random.Random) -> None:
    for number in range(3):
        info = state.file_uploader_state_value.uploaded_file_info.add(
            file_id=f"../{number}", name="x" * 300, size=2**40
        )
        info.file_urls.upload_url = info.file_urls.delete_url = "http://127.0.0.1:9/"


def _set(field: str, values: tuple[object, ...]) -> Callable[[WidgetState, random.Random], None]:
    return lambda state, rng: setattr(state, field, rng.choice(values))


def _extend(field: str, values: tuple[object, ...]) -> Callable[[WidgetState, random.Random], None]:
    def fill(state: WidgetState, rng: random.Random) -> None:
        getattr(state, field).data.extend(rng.choices(values, k=rng.choice((0, 1, 2, 500))))

    return fill


FILL: dict[str, Callable[[WidgetState, random.Random], None]] = {
    "bool": _set("bool_value", (True, False)),
    "double": _set("double_value", NUMBERS),
    "int": _set("int_value", WHOLE),
    "string": _set("string_value", WORDS),
    "doubles": _extend("double_array_value", NUMBERS),
    "ints": _extend("int_array_value", WHOLE),
    "strings": _extend("string_array_value", WORDS),
    "trigger": _set("trigger_value", (True,)),
    "bytes": _set("bytes_value", (b"", b"\xff" * 1000)),
    "json": _json,
    "file": _file,
}
LIKELY = {
    "selectbox": (FILL["string"], FILL["int"]),
    "number_input": (FILL["double"], FILL["int"]),
    "slider": (FILL["doubles"],),
    "text_input": (FILL["string"],),
    "multiselect": (FILL["strings"], FILL["ints"]),
    "button_group": (FILL["strings"], FILL["ints"]),
    "checkbox": (FILL["bool"],),
    "bidi_component": (FILL["json"],),
    "file_uploader": (FILL["file"],),
    "button": (FILL["trigger"],),
}
