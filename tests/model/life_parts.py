"""The rows of a contract with their history. Exports: ORDINARY, Stretch, Part."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from terms import COMPONENTS, WHOLE, Period

ORDINARY = ("fee", "interest", "principal")


def nothing() -> dict[str, int]:
    return dict.fromkeys(COMPONENTS, 0)


@dataclass
class Stretch:
    """Days from begin to end on which a row stood as it did, and the cap that held."""

    begin: date
    end: date
    due: date
    owed: dict[str, int]
    allowance: Fraction = Fraction(0)


@dataclass
class Part:
    """One row with its history."""

    kind: str
    period: Period
    due: date
    charged: dict[str, int]
    paid: dict[str, int] = field(default_factory=nothing)
    waived: dict[str, int] = field(default_factory=nothing)
    back: dict[str, int] = field(default_factory=nothing)
    level: int = 0
    grace: bool = False
    share: Fraction = WHOLE
    subsidy: int = 0
    moved: int = 0
    added_penalty: int = 0
    added_fee: int = 0
    extension_fee: int = 0
    settled: date | None = None
    replaced: bool = False
    past: list[Stretch] = field(default_factory=list)

    @property
    def scheduled(self) -> date:
        return self.period.end

    def owed(self, component: str) -> int:
        """R-0022."""
        return self.charged[component] - self.paid[component] - self.waived[component]

    def left(self) -> int:
        return sum(self.owed(c) for c in COMPONENTS)

    def net(self, component: str) -> int:
        """Charged and not waived."""
        return self.charged[component] - self.waived[component]

    def gone(self, component: str) -> int:
        """Paid or waived."""
        return self.paid[component] + self.waived[component]
