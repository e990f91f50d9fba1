"""Medians, tables and limits of a measurement, as a person reads them."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field

from ..console import say


@dataclass
class Series:
    """One figure over the rounds of a run."""

    values: list[float] = field(default_factory=list)

    def add(self, value: float) -> None:
        self.values.append(value)

    @property
    def median(self) -> float:
        return statistics.median(self.values) if self.values else float("nan")

    def text(self, scale: float = 1, digits: int = 0) -> str:
        """Median and, with more than one round, the spread."""
        if not self.values:
            return "-"
        one = f"{self.median * scale:,.{digits}f}"
        if len(self.values) == 1:
            return one
        least, most = min(self.values) * scale, max(self.values) * scale
        return f"{one} ({least:,.{digits}f}–{most:,.{digits}f})"


def ratio(over: Series, under: Series) -> Series:
    """Ratios within each round: a slow moment of the machine hits both."""
    return Series([a / b for a, b in zip(over.values, under.values) if b])


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Prints columns, the first one to the left."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        say("  " + "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                             for i, (cell, width) in enumerate(zip(row, widths))).rstrip())


class Limits:
    """Limits that a run holds or misses; each says in words what it is about."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def at_least(self, what: str, value: float, limit: float, unit: str = "") -> None:
        self._judge(what, value >= limit, f"{value:.2f}{unit} of at least {limit:g}{unit}")

    def at_most(self, what: str, value: float, limit: float, unit: str = "") -> None:
        self._judge(what, value <= limit, f"{value:.2f}{unit} of at most {limit:g}{unit}")

    def holds(self, what: str, held: bool, why: str) -> None:
        self._judge(what, held, why)

    def _judge(self, what: str, held: bool, figure: str) -> None:
        say(f"{'ok    ' if held else 'MISSED'} {what}: {figure}")
        if not held:
            self.missed.append(what)

    def end(self) -> int:
        """The exit code; says what was missed."""
        if self.missed:
            say(f"\n{len(self.missed)} missed: " + "; ".join(self.missed))
        else:
            say("\nevery limit is held")
        return 1 if self.missed else 0
