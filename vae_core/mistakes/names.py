"""The names of the mistakes, for addresses and lessons, which need no torch; a test compares them with the catalogue."""

NAMES = (
    "no-kl",
    "mean-over-pixels",
    "kl-sign",
    "log-variance-as-sigma",
    "one-epsilon",
    "no-sampling",
    "sampling-at-test-time",
    "sigmoid-twice",
    "min-for-max",
    "data-not-scaled",
    "decoder-too-strong",
    "learning-rate",
)
