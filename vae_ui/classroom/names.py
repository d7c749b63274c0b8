"""How people are called on this page."""

from collections.abc import Iterable

from vae_core.messages import Message
from vae_core.runs.names import Names
from vae_core.utils.paths import home
from vae_ui.base.translation import t


def names_of(people: Iterable[str]) -> dict[str, str]:
    """The name of each person's id, in the session's language where the app gave it; the characters of a name are not escaped."""
    return {id: t(name) if isinstance(name, Message) else name for id, name in Names(home()).of(people).items()}
