"""A row of the table that the benchmark prints."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What was measured, the result, the target ("" without one), and whether the target is met (None without one)."""

    what: str
    measured: str
    bar: str
    holds: bool | None

    def line(self) -> str:
        if not self.measured:
            return self.what
        verdict = {True: "met", False: "MISSED", None: ""}[self.holds]
        return f"{self.what:<62} | {self.measured:<78} | {self.bar:<24} | {verdict}"
