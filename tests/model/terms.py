"""Terms and plans of the slow, independent model, written from spec/rules.md with exact fractions.

Exports: COMPONENTS, BILLION, Charge, Terms, Period, Row, rounded, to_multiple, calendar_of,
months_later, interest_of, factor_pieces, plan_of, shares, solve, monthly_rate.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import days

COMPONENTS = ("penalty", "fee", "interest", "principal")
BILLION = 10**9
WHOLE = Fraction(1)
TABLE = Path(__file__).resolve().parents[2] / "spec" / "cn_holidays.tsv"
CONVENTIONS = {"act_365": "act_365", "act_360": "act_360", "act_364": "act_364",
               "act_act_isda": "isda", "act_act_year_end": "year_end",
               "act_act_leap_day": "leap_day", "30_360_us": "30_us", "30_360_isda": "30_isda",
               "30e_360": "30e"}
MONTH_ENDS = {"month_end": "sticky", "roll_to_first": "roll_to_first"}
SHARED = ("equal_principal", "interest_free", "fee_per_period", "flat")
LEVEL = ("equal_instalment", "balloon", "stepped")


def rounded(value: Fraction, mode: str) -> int:
    """`value` to a whole number in the named mode."""
    low = math.floor(value)
    rest = value - low
    if rest == 0:
        return low
    away = low + 1 if value > 0 else low
    toward = low if value > 0 else low + 1
    if mode == "floor":
        return low
    if mode == "ceiling":
        return low + 1
    if mode == "up":
        return away
    if mode == "down":
        return toward
    twice = rest * 2
    if twice != 1:
        return low + 1 if twice > 1 else low
    if mode == "half_up":
        return away
    if mode == "half_down":
        return toward
    assert mode == "half_even", mode
    return low if low % 2 == 0 else low + 1


def to_multiple(value: Fraction, multiple: int, mode: str) -> int:
    """To a whole fen, or to a multiple of so many."""
    if not multiple:
        return rounded(value, mode)
    return rounded(Fraction(value) / multiple, mode) * multiple


@dataclass
class Charge:
    """R-0151."""

    time: str
    base: str
    fixed: int = 0
    rate: Fraction = Fraction(0)
    least: int = 0
    most: int = 0

    def amount(self, terms: Terms, drawn: int, principal: int, interest: int) -> int:
        bases = {"principal": drawn, "instalment_principal": principal,
                 "instalment_interest": interest, "instalment": principal + interest}
        value = self.fixed if self.base == "fixed" else \
            rounded(self.rate * bases[self.base], terms.rounding)
        value = max(value, self.least)
        return min(value, self.most) if self.most else value


@dataclass
class Terms:
    """What a contract agrees. Rates are fractions, amounts fen."""

    method: str
    principal: int
    count: int
    start: date
    rate: Fraction = Fraction(0)
    fee: Fraction = Fraction(0)
    fee_quote: str = "per_period"
    basis: str = "by_month"
    level: str = "even"
    interest_on: str = "plan"
    overdue_bears: bool = False
    first_by_days: bool = False
    first_due: date | None = None
    due_rule: str = "anniversary"
    account_day: int = 0
    unit: str = "month"
    length: int = 1
    roll: str = "none"
    known_to: int = 0
    rounding: str = "half_up"
    principal_rounding: str = "half_up"
    remainder: str = "last"
    multiple: int = 0
    adjustments: int = 0
    decimals: int = 0
    principal_grace: int = 0
    interest_free: int = 0
    balloon: int = 0
    steps: tuple[tuple[int, Fraction], ...] = ()
    custom: tuple[tuple[date, int], ...] = ()
    rate_steps: tuple[tuple[date, Fraction], ...] = ()
    down_payment: Fraction = Fraction(0)
    drawdown_limit: int = 0
    charges: tuple[Charge, ...] = ()
    subsidy: Fraction = Fraction(0)
    penalty: Fraction = Fraction(0)
    penalty_on: tuple[str, ...] = ("principal", "interest")
    grace: int = 0
    grace_kind: str = "reporting_only"
    late_fee: int = 0
    late_fee_rate: Fraction = Fraction(0)
    late_fee_most: int = 0
    compound: Fraction = Fraction(0)
    contract_multiple: Fraction = Fraction(0)
    cap: Fraction = Fraction(0)
    settle: str = "by_day"
    extension_times: int = 0
    extension_days: int = 0
    extension_fee: int = 0
    extension_rate: Fraction = Fraction(0)
    window: int = 7
    vertical: bool = False
    advance: str = "next"
    allocation: tuple[str, ...] = ("fee", "penalty", "interest", "principal")
    classes: tuple[str, ...] = ("overdue", "due", "in_advance")
    overrides: dict = field(default_factory=dict)
    principal_first: int = 0
    credit_order: tuple[str, ...] = ("principal", "interest", "fee", "penalty")
    charge_off_rule: str = "keep"
    recognition: str = "when_due"
    non_accrual: int = 0

    @property
    def free_grace(self) -> int:
        """Days of grace that bear no penalty."""
        return self.grace if self.grace_kind == "interest_free" else 0

    @property
    def bears_interest(self) -> bool:
        return self.method not in ("interest_free", "fee_per_period")

    def rates(self) -> list[tuple[date, Fraction]]:
        """R-0144: rates by day, the first from ever."""
        return [(date.min, self.rate), *self.rate_steps]

    def draw_charges(self, drawn: int, times: tuple[str, ...]) -> int:
        return sum(c.amount(self, drawn, 0, 0) for c in self.charges if c.time in times)

    def down(self, drawn: int) -> int:
        """R-0150."""
        return min(drawn, to_multiple(drawn * self.down_payment, self.multiple, self.rounding))


@dataclass(frozen=True)
class Period:
    """Start included, end excluded."""

    start: date
    end: date
    by_days: bool = False
    free: bool = False

    @property
    def days(self) -> int:
        return (self.end - self.start).days


@dataclass
class Row:
    """One row of a plan."""

    kind: str
    period: Period
    due: date
    level: int = 0
    principal: int = 0
    interest: int = 0
    subsidy: int = 0
    fee: int = 0
    grace: bool = False
    share: Fraction = WHOLE


# days


@functools.cache
def calendar_of() -> days.Calendar:
    return days.Calendar("china", TABLE)


@functools.lru_cache(maxsize=100000)
def rolled(day: date, rule: str, known_to: int) -> date:
    """R-0152."""
    return days.rolled(lambda d: calendar_of().is_worked(d, known_to), day, rule)


def months_later(anchor: date, months: int, day_of_month: int | None = None) -> date:
    first = days.months_on(anchor.replace(day=1), months)
    return first.replace(day=min(day_of_month or anchor.day, days.month_days(first)))


def step_day(terms: Terms, anchor: date, k: int) -> date:
    """R-0003, R-0110, R-0111: k whole periods from the anchor."""
    if terms.account_day:
        return months_later(anchor, k * terms.length, terms.account_day)
    return days.due_day(anchor, terms.unit, terms.length, k,
                        MONTH_ENDS.get(terms.due_rule, "clamp"))


def scheduled_day(terms: Terms, number: int) -> date:
    if terms.method == "custom":
        return terms.custom[number - 1][0]
    if terms.first_due is not None:
        return terms.first_due if number == 1 else step_day(terms, terms.first_due, number - 1)
    return step_day(terms, terms.start, number)


# interest


def whole_months(start: date, end: date) -> int:
    """R-0142: how many whole months a period is; 0 when it is not whole."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months > 0 and days.months_on(start, months) == end else 0


@functools.lru_cache(maxsize=200000)
def part_of(basis: str, unit: str, length: int, period: Period, begin: date, end: date) -> Fraction:
    """R-0142: the part of a year that some days of the period count for."""
    passed = (end - begin).days
    if basis == "by_month":
        months = length * (12 if unit == "year" else 1)
        if period.by_days:
            months = whole_months(period.start, period.end)
        if months == 0 or unit in ("day", "week"):
            return Fraction(passed, 360)
        return Fraction(months * passed, 12 * period.days)
    context = days.Context(start=period.start, end=period.end)
    until, before = (days.part_of_year(CONVENTIONS[basis], period.start, day, context)
                     for day in (end, begin))
    return until - before


def part_of_year(terms: Terms, period: Period, begin: date, end: date) -> Fraction:
    return part_of(terms.basis, terms.unit, terms.length, period, begin, end)


def factor_pieces(terms: Terms, rates: list[tuple[date, Fraction]], period: Period,
                  begin: date, end: date) -> Fraction:
    """What one fen bears from begin to end, both inside the period (R-0142 to R-0144)."""
    if period.free or not terms.bears_interest or end <= begin:
        return Fraction(0)
    total = Fraction(0)
    for i, (since, rate) in enumerate(rates):
        until = rates[i + 1][0] if i + 1 < len(rates) else date.max
        low, high = max(since, begin), min(until, end)
        if low < high and rate:
            factor = rate * part_of_year(terms, period, low, high)
            if terms.decimals:
                factor = Fraction(rounded(factor * 10**terms.decimals, "half_even"),
                                  10**terms.decimals)
            total += factor
    return total


def interest_of(terms: Terms, rates: list[tuple[date, Fraction]], period: Period,
                balance: int) -> int:
    """Interest of a whole period on one balance, rounded once."""
    return rounded(balance * factor_pieces(terms, rates, period, period.start, period.end),
                   terms.rounding)


# plans


def shares(terms: Terms, total: int, count: int, mode: str, multiple: int) -> list[int]:
    """R-0007, R-0147."""
    each = to_multiple(Fraction(total, count), multiple, mode)
    left, parts = total, []
    for _ in range(count - 1):
        parts.append(min(each, left))
        left -= parts[-1]
    parts.append(left)
    return parts if terms.remainder == "last" else parts[::-1]


def split_subsidy(terms: Terms, interest: int) -> tuple[int, int]:
    """R-0148: the customer's part and the shop's."""
    shop = rounded(interest * terms.subsidy, terms.rounding)
    return interest - shop, shop


def fill_level(terms: Terms, rows: list[Row], factors: list[Fraction], opening: int,
               level: int) -> None:
    """R-0006 and R-0145 at one level: principals and levels of the rows."""
    left = opening
    for i, row in enumerate(rows):
        interest = rounded(left * factors[i], terms.rounding)
        row.level = 0 if row.grace else \
            to_multiple(level * row.share, terms.multiple, terms.rounding)
        row.principal = 0 if row.grace else max(0, min(left, row.level - interest))
        if i == len(rows) - 1:
            row.principal = left
        left -= row.principal


def solve_level(terms: Terms, rates, rows: list[Row], opening: int, adjusts: bool) -> None:
    """R-0006, R-0145, R-0146."""
    factors = [level_factor(terms, rates, row.period) for row in rows]
    worth, factor = Fraction(0), WHOLE
    for row, f in zip(rows, factors):
        if not row.grace:
            factor /= 1 + f
            worth += factor * row.share
    balloon = min(terms.balloon, opening)
    level = to_multiple(max(0, opening - balloon * factor) / worth, terms.multiple, terms.rounding)
    fill_level(terms, rows, factors, opening, level)
    n, last = len(rows), rows[-1]

    def difference(at: int) -> int:
        return last.principal + interest_of(terms, rates, last.period, last.principal) - at

    for _ in range(terms.adjustments if adjusts else 0):
        d = difference(level)
        if n == 1 or abs(d) <= n // 2:
            break
        other = to_multiple(Fraction(n * level + d, n), terms.multiple, terms.rounding)
        if other == level:
            break
        fill_level(terms, rows, factors, opening, other)
        if abs(difference(other)) >= abs(d):
            fill_level(terms, rows, factors, opening, level)
            break
        level = other


def level_factor(terms: Terms, rates, period: Period) -> Fraction:
    """R-0006: the period's own factor or, by month, that of a whole period."""
    if terms.level == "even":
        return factor_pieces(terms, rates, period, period.start, period.end)
    if period.free:
        return Fraction(0)
    units = {"month": Fraction(1, 12), "year": WHOLE, "week": Fraction(7, 360),
             "day": Fraction(1, 360)}
    return [r for d, r in rates if d <= period.start][-1] * terms.length * units[terms.unit]


def share_of(terms: Terms, number: int) -> Fraction:
    """R-0145: of the level, what instalment `number` takes."""
    if terms.method != "stepped":
        return WHOLE
    return [share for first, share in terms.steps if first <= number][-1]


def solve(terms: Terms, rates, rows: list[Row], opening: int, adjusts: bool) -> None:
    """Principal, interest, subsidy and level of regular rows whose periods are given."""
    repaying = [row for row in rows if not row.grace]
    if terms.method in LEVEL:
        solve_level(terms, rates, rows, opening, adjusts)
    elif terms.method in ("interest_only", "bullet"):
        for row in rows:
            row.principal = 0
        rows[-1].principal = opening
    elif terms.method == "custom":
        pass
    else:
        parts = shares(terms, opening, len(repaying), terms.principal_rounding, terms.multiple)
        for row, part in zip(repaying, parts):
            row.principal = part
    left, gathered = opening, 0
    for row in rows:
        base = opening if terms.method == "flat" else left
        interest = interest_of(terms, rates, row.period, base)
        if terms.method == "bullet":
            gathered += interest
            interest = gathered if row is rows[-1] else 0
        row.interest, row.subsidy = split_subsidy(terms, interest)
        left -= row.principal


def periods_of(terms: Terms) -> list[Period]:
    found, start = [], terms.start
    for number in range(1, terms.count + 1):
        end = scheduled_day(terms, number)
        whole = days.due_day(terms.start, terms.unit, terms.length, 1,
                             MONTH_ENDS.get(terms.due_rule, "clamp"))
        odd = number == 1 and terms.first_by_days and end != whole
        by_days = terms.basis == "by_month" and (odd or terms.method == "custom")
        found.append(Period(start, end, by_days, number <= terms.interest_free))
        start = end
    return found


def plan_of(terms: Terms) -> list[Row]:
    """The plan of the terms' own principal: regular rows, then down payment and charges."""
    rows = [Row("regular", period, rolled(period.end, terms.roll, terms.known_to),
                grace=i < terms.principal_grace, share=share_of(terms, i + 1))
            for i, period in enumerate(periods_of(terms))]
    down = terms.down(terms.principal)
    opening = terms.principal - down
    for row, (_, principal) in zip(rows, terms.custom):
        row.principal = principal
    solve(terms, terms.rates(), rows, opening, True)
    whole_fee = rounded(opening * terms.fee, terms.rounding)
    fees = [whole_fee] * terms.count
    if terms.fee_quote == "total":
        fees = shares(terms, whole_fee, terms.count, terms.rounding, terms.multiple)
    for row, fee in zip(rows, fees):
        row.fee = fee + sum(c.amount(terms, terms.principal, row.principal,
                                     row.interest)
                            for c in terms.charges if c.time == "per_instalment")
    here = Period(terms.start, terms.start)
    if down:
        rows.append(Row("down_payment", here, terms.start, principal=down))
    up_front = terms.draw_charges(terms.principal, ("up_front", "on_drawdown"))
    if up_front:
        rows.append(Row("up_front", here, terms.start, fee=up_front))
    return rows


def monthly_rate(principal: int, amounts: list[int]) -> Fraction:
    """R-0081, by bisection to 2^-64; worths are whole numbers of 2^-128 fen."""
    if sum(amounts) == principal:
        return Fraction(0)
    low, high = 0, 2**64
    while high - low > 1:
        middle = (low + high) // 2
        worth = 0
        for amount in reversed(amounts):
            worth = ((worth + (amount << 128)) << 64) // (2**64 + middle)
        low, high = (middle, high) if worth > principal << 128 else (low, middle)
    return Fraction(low, 2**64)
