"""A slow, independent model of rates and annuities, from spec/rules.md (R-0120 to R-0134).

Exports: present_value, european_time, actuarial_time, Annuity. Written with 70-digit decimals and
from the rules, not from the C code: balances are carried from payment to payment where the engine
has closed forms, and a rate is not solved for but tried from both sides.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 70
getcontext().Emin, getcontext().Emax = -10**9, 10**9

UNITS = ("day", "week", "half_month", "month", "year")  # in the order of enum interval_unit


def decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


@dataclass(frozen=True)
class Flow:
    """An amount after whole and part of a period."""

    amount: Decimal
    whole: int
    part: Fraction


def present_value(flows: list[Flow], rate: Decimal, simple: bool) -> Decimal:
    """R-0120, with broken periods as R-0123 when `simple`."""
    total = Decimal(0)
    for flow in flows:
        if simple:
            total += flow.amount / (1 + rate * decimal(flow.part)) / (1 + rate) ** flow.whole
        else:
            total += flow.amount * (1 + rate) ** -decimal(flow.whole + flow.part)
    return total


def months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _counted_back(start: date, day: date, back) -> tuple[int, date]:
    """How many steps back from `day` stay at or after `start`, and where the last one leads."""
    count = 0
    while back(day, count + 1) >= start:
        count += 1
    return count, back(day, count)


def _year_before(day: date) -> int:
    return (day - months_before(day, 12)).days


def european_time(unit: str, start: date, day: date) -> Fraction:
    """R-0122 in years."""
    if unit == "week":
        count, reached = _counted_back(start, day, lambda d, n: d - timedelta(weeks=n))
        whole = Fraction(count, 52)
    elif unit in ("month", "half_month"):
        count, reached = _counted_back(start, day, months_before)
        whole = Fraction(count, 12)
    else:
        count, reached = _counted_back(start, day, lambda d, n: months_before(d, 12 * n))
        whole = Fraction(count)
    return whole + Fraction((reached - start).days, _year_before(reached))


def actuarial_time(unit: str, multiple: int, start: date, day: date) -> Fraction:
    """R-0123 in unit-periods."""
    days = (day - start).days
    if unit == "day":
        return Fraction(days, multiple)
    if unit == "week":
        return Fraction(days, 7 * multiple)
    months, reached = _counted_back(start, day, months_before)
    left = (reached - start).days
    if unit == "half_month":
        return (months * 2 + Fraction(left, 15)) / multiple
    if unit == "month":
        return (months + Fraction(left, 30)) / multiple
    if left == 0:
        return Fraction(months, 12) / multiple
    years = months // 12
    rest = (months_before(day, 12 * years) - start).days
    return (years + Fraction(rest, 365)) / multiple


@dataclass
class Annuity:
    """R-0130 for whole numbers of periods, by carrying what is owed from period to period."""

    rate: Decimal
    periods: int
    advance: bool
    payment: Decimal = Decimal(0)
    present: Decimal = Decimal(0)

    def carried(self, periods: int, payment: Decimal, present: Decimal) -> Decimal:
        """What stands after some periods."""
        owed = present
        for _ in range(periods):
            owed = (owed + payment) * (1 + self.rate) if self.advance \
                else owed * (1 + self.rate) + payment
        return owed

    def future_value(self) -> Decimal:
        return -self.carried(self.periods, self.payment, self.present)

    def payment_for(self, future: Decimal) -> Decimal:
        one = self.carried(self.periods, Decimal(1), Decimal(0))
        return -(future + self.carried(self.periods, Decimal(0), self.present)) / one

    def present_for(self, future: Decimal) -> Decimal:
        grown = self.carried(self.periods, Decimal(0), Decimal(1))
        return -(future + self.carried(self.periods, self.payment, Decimal(0))) / grown

    def parts(self, future: Decimal) -> list[tuple[Decimal, Decimal]]:
        """Interest and principal of each payment (R-0132)."""
        payment = self.payment_for(future)
        owed, found = self.present, []
        for number in range(1, self.periods + 1):
            first = self.advance and number == 1
            interest = Decimal(0) if first else -owed * self.rate
            found.append((interest, payment - interest))
            owed = owed + payment if first else owed * (1 + self.rate) + payment
        return found
