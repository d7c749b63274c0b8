"""The one kind of error that a person is meant to read."""


class UserError(ValueError):
    """What went wrong and what to do, in one sentence; pages show it as it is, the command line prints it."""
