"""Holds the engine's rates and annuities against the model in rates.py; prints TAP.

Usage: compare_rates.py DRIVER QUESTIONS
"""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Callable, NamedTuple

from rates import UNITS, Annuity, Flow, actuarial_time, european_time, present_value

EPOCH = date(1970, 1, 1)
RATE_BOUND = Decimal("1e-20")  # what cost_rate.h promises
DIGITS = Decimal("1e-24")      # what annuity.h promises, of the largest term


class Question(NamedTuple):
    """A line for the driver and what says whether its answer is right."""

    line: str
    right: Callable[[str], bool]


def number(day: date) -> int:
    return (day - EPOCH).days


def told(answer: str) -> Decimal | None:
    """The number of an answer, None when it was refused."""
    if answer == "refused":
        return None
    mantissa, exponent = answer.split()
    return Decimal(int(mantissa, 16)) * Decimal(2) ** int(exponent)


class Questions:
    """Random questions of each kind."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def _flows(self) -> list[Flow]:
        """Advances first, then repayments, on days of a year of 365."""
        advances = self.dice.randint(1, 3)
        count = advances + self.dice.randint(1, 24)
        steps = self.dice.choice(((30, 31), (1, 90), (7, 7), (365, 366)))
        parts = self.dice.choice((365, 366, 30, 12))
        days, flows = 0, []
        for at in range(count):
            sign = 1 if at < advances else -1
            amount = sign * self.dice.randint(100, 10**self.dice.randint(3, 12))
            whole, part = divmod(days, parts)
            flows.append(Flow(Decimal(amount), whole, Fraction(part, parts)))
            days += self.dice.randint(*steps)
        return flows

    @staticmethod
    def _told(flows: list[Flow]) -> str:
        return " ".join(f"{f.amount} {f.whole} {f.part.numerator} {f.part.denominator}"
                        for f in flows)

    def rate(self) -> Question:
        """A hair below and above the rate the value has different signs."""
        flows, simple = self._flows(), self.dice.randrange(2) == 1

        def right(answer: str) -> bool:
            rate = told(answer)
            if rate is None:  # R-0121: none lies in what is searched
                ends = (Decimal(-60).exp() - 1, Decimal(60).exp() - 1)
                low, high = (present_value(flows, end, simple) for end in ends)
                return low * high > 0
            hair = RATE_BOUND * max(1, abs(rate) / 10**5)
            if rate - hair <= -1:
                return present_value(flows, rate + hair, simple) > 0
            below = present_value(flows, rate - hair, simple)
            return below * present_value(flows, rate + hair, simple) < 0

        return Question(f"rate {int(simple)} {len(flows)} {self._told(flows)}", right)

    def value(self) -> Question:
        flows, simple = self._flows(), self.dice.randrange(2) == 1
        rate = Decimal(self.dice.randint(-900, 3000)) / 1000
        size = sum(abs(present_value([flow], rate, simple)) for flow in flows)
        wanted = present_value(flows, rate, simple)
        return Question(
            f"value {int(simple)} {len(flows)} {rate} {self._told(flows)}",
            lambda answer: abs(told(answer) - wanted) <= DIGITS * size)

    def _days(self) -> tuple[date, date]:
        start = date(1999, 1, 1) + timedelta(days=self.dice.randrange(12000))
        if self.dice.randrange(3) == 0:
            start = date(start.year, 3, 1) - timedelta(days=self.dice.randrange(3))
        return start, start + timedelta(days=self.dice.randrange(1500))

    @staticmethod
    def _time(answer: str) -> Fraction:
        whole, part, parts = map(int, answer.split())
        return whole + Fraction(part, parts)

    def european(self) -> Question:
        unit, (start, day) = self.dice.randrange(len(UNITS)), self._days()
        wanted = european_time(UNITS[unit], start, day)
        return Question(f"european {unit} {number(start)} {number(day)}",
                        lambda answer: self._time(answer) == wanted)

    def actuarial(self) -> Question:
        unit, multiple = self.dice.randrange(len(UNITS)), self.dice.randint(1, 4)
        start, day = self._days()
        wanted = actuarial_time(UNITS[unit], multiple, start, day)
        return Question(f"actuarial {unit} {multiple} {number(start)} {number(day)}",
                        lambda answer: self._time(answer) == wanted)

    def annuity(self) -> Question:
        dice = self.dice
        asked = dice.choice(("payment", "present", "future", "interest", "principal",
                             "interest_between", "principal_between"))
        loan = asked.endswith("between")
        annuity = Annuity(Decimal(dice.randint(1 if loan else -500, 2000)) / dice.choice(
            (1000, 10000, 10**9)), dice.randint(1, 120), dice.randrange(2) == 1)
        annuity.payment = Decimal(dice.randint(-10**6, 10**6)) / 100
        annuity.present = Decimal(dice.randint(1 if loan else -10**8, 10**8)) / 100
        future = Decimal(0) if loan else Decimal(dice.randint(-10**8, 10**8)) / 100
        if annuity.rate == 0 and loan:
            annuity.rate = Decimal("0.01")
        first = dice.randint(1, annuity.periods)
        last = dice.randint(first, annuity.periods)
        size = self._size(annuity, future)
        wanted = self._wanted(asked, annuity, future, first, last)
        line = (f"annuity {asked} {int(annuity.advance)} {annuity.rate} {annuity.periods}"
                f" {annuity.payment} {annuity.present} {future} {first} {last}")
        return Question(line, lambda answer: abs(told(answer) - wanted) <= DIGITS * size)

    @staticmethod
    def _size(annuity: Annuity, future: Decimal) -> Decimal:
        """Above every term that any of the answers is made of."""
        growth = max(1, (1 + annuity.rate) ** annuity.periods)
        shrink = max(1, (1 + annuity.rate) ** -annuity.periods)
        terms = abs(annuity.present) + abs(future) + abs(annuity.payment) * annuity.periods
        return (terms + 1) * growth * shrink * annuity.periods

    @staticmethod
    def _wanted(asked: str, annuity: Annuity, future: Decimal, first: int, last: int) -> Decimal:
        if asked == "future":
            return annuity.future_value()
        if asked == "payment":
            return annuity.payment_for(future)
        if asked == "present":
            return annuity.present_for(future)
        parts = annuity.parts(future)
        column = 0 if asked.startswith("interest") else 1
        if asked.endswith("between"):
            return sum(part[column] for part in parts[first - 1:last])
        return parts[first - 1][column]


def main(driver: str, count: str) -> int:
    questions = Questions(20261122)
    failed = 0
    kinds = ("rate", "value", "european", "actuarial", "annuity")
    print(f"1..{len(kinds)}")
    for place, kind in enumerate(kinds, 1):
        asked = [getattr(questions, kind)() for _ in range(int(count))]
        sent = "".join(f"{question.line}\n" for question in asked)
        out = subprocess.run([driver], input=sent, capture_output=True, text=True,
                             check=True).stdout.splitlines()
        wrong = [f"# {question.line}: {answer}"
                 for question, answer in zip(asked, out) if not question.right(answer)]
        bad = bool(wrong) or len(out) != len(asked)
        failed += bad
        print("\n".join([*wrong[:10],
                         f"{'not ' if bad else ''}ok {place} - {kind}: {len(asked)} questions"]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
