"""How people are called."""


def name_of(person: str) -> str:
    """A short name for a person's id."""
    return person[:4]
