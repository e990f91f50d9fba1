"""A slow, independent model of day counts, due days and working days, from spec/rules.md.

Exports: CONVENTIONS, part_of_year, due_day, Calendar, rolled. Written from R-0100 to R-0114 and not
from the C code: nights are counted one by one where the engine divides, years are stepped where it
looks them up.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

DAY = timedelta(days=1)

# In the order of enum day_count.
CONVENTIONS = ("act_360", "act_364", "act_365", "act_365_25", "act_366", "nl_360", "nl_365",
               "act_365_actual", "act_365_l", "isda", "icma", "afb", "year", "year_end",
               "leap_day", "average", "30_isda", "30_us", "30_psa", "30_spreadsheet", "30e",
               "30e_plus", "30e_isda", "one")
UNITS = ("month", "day", "week", "year")
MONTH_ENDS = ("clamp", "sticky", "roll_to_first")
ROLLS = ("none", "following", "modified_following", "modified_following_half_month", "preceding",
         "modified_preceding", "nearest")


def year_days(year: int) -> int:
    return 366 if calendar.isleap(year) else 365


def month_days(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def has_leap_day(after: date, until: date) -> bool:
    """Whether a 29 February lies after the one and not after the other."""
    return leap_days(after, until) > 0


def leap_days(after: date, until: date) -> int:
    return sum(1 for year in range(after.year, until.year + 1)
               if calendar.isleap(year) and after < date(year, 2, 29) <= until)


def ends_february(day: date) -> bool:
    return day.month == 2 and day.day == month_days(day)


def months_on(anchor: date, months: int) -> date:
    """On the same day of the month, or the last one of a shorter month."""
    index = anchor.year * 12 + anchor.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(anchor.day, month_days(first)))


@dataclass(frozen=True)
class Context:
    """What a convention may want to know besides the two days."""

    start: date | None = None
    end: date | None = None
    months: int = 0
    termination: date | None = None

    def reference(self, first: date, last: date) -> tuple[date, date, int]:
        start, end = (first, last) if self.start is None else (self.start, self.end)
        months = self.months or int(Fraction(12 * (end - start).days, 365) + Fraction(1, 2))
        return start, end, months


def _thirty(kind: str, first: date, last: date, context: Context) -> Fraction:
    d1, d2, m2 = first.day, last.day, last.month
    if kind in ("us", "psa", "e_isda") and ends_february(first):
        d1 = 30
    d1 = min(d1, 30)
    if kind in ("isda", "us", "psa", "spreadsheet"):
        if d2 == 31 and d1 == 30:
            d2 = 30
    elif kind == "e_plus":
        if d2 == 31:
            d2, m2 = 1, m2 + 1
    else:
        d2 = min(d2, 30)
    if kind in ("us", "spreadsheet") and ends_february(first) and ends_february(last):
        d2 = 30
    if kind == "e_isda" and ends_february(last) and last != context.termination:
        d2 = 30
    if kind == "spreadsheet" and ends_february(first):
        d1 = 30
    return Fraction(360 * (last.year - first.year) + 30 * (m2 - first.month) + d2 - d1, 360)


def _nights(first: date, last: date, of_next: bool) -> Fraction:
    """Night by night, each a share of the year of its evening or of its morning."""
    short = long = 0
    night = first
    while night < last:
        morning = night + DAY
        if calendar.isleap(morning.year if of_next else night.year):
            long += 1
        else:
            short += 1
        night = morning
    return Fraction(short, 365) + Fraction(long, 366)


def _icma(first: date, last: date, context: Context) -> Fraction:
    start, end, months = context.reference(first, last)
    if months == 0:
        start, end, months = first, months_on(first, 12), 12

    def begin(index: int) -> date:
        return months_on(start, index * months) if index <= 0 else months_on(
            end, (index - 1) * months)

    index = 0
    while begin(index) > first:
        index -= 1
    total = Fraction(0)
    while begin(index) < last:
        low, high = begin(index), begin(index + 1)
        shared = (min(high, last) - max(low, first)).days
        if shared > 0:
            total += Fraction(months, 12) * Fraction(shared, (high - low).days)
        index += 1
    return total


def _afb(first: date, last: date) -> Fraction:
    def back(years: int) -> date:
        day = 29 if ends_february(last) and calendar.isleap(last.year - years) else last.day
        if ends_february(last) and not calendar.isleap(last.year - years):
            day = 28
        return date(last.year - years, last.month, day)

    years = 0
    while back(years + 1) >= first:
        years += 1
    rest = [first + i * DAY for i in range((back(years) - first).days)]
    leap = any(day.month == 2 and day.day == 29 for day in rest)
    return years + Fraction(len(rest), 366 if leap else 365)


def _year(first: date, last: date) -> Fraction:
    years = 0
    while months_on(first, 12 * (years + 1)) < last:
        years += 1
    start, end = months_on(first, 12 * years), months_on(first, 12 * (years + 1))
    return years + Fraction((last - start).days, (end - start).days)


def _average(first: date, last: date) -> Fraction:
    days = (last - first).days
    if first.year == last.year:
        return Fraction(days, year_days(first.year))
    within = last.year == first.year + 1 and (last.month, last.day) <= (first.month, first.day)
    if within:
        return Fraction(days, 366 if has_leap_day(first - DAY, last) else 365)
    years = range(first.year, last.year + 1)
    return days / Fraction(sum(map(year_days, years)), len(years))


def part_of_year(convention: str, first: date, last: date, context: Context) -> Fraction:
    """R-0100 to R-0106."""
    if first > last:
        return -part_of_year(convention, last, first, context)
    days = (last - first).days
    if convention.startswith("30"):
        return _thirty(convention.removeprefix("30").removeprefix("_"), first, last, context)
    if convention == "one":
        return Fraction(1)
    if convention == "act_365_25":
        return days / Fraction(1461, 4)
    if convention.startswith("nl_"):
        return Fraction(days - leap_days(first, last), int(convention[3:]))
    start, end, months = context.reference(first, last)
    if convention == "act_365_actual":
        return Fraction(days, 366 if has_leap_day(first, last) else 365)
    if convention == "act_365_l":
        leap = has_leap_day(first, end) if months == 12 else calendar.isleap(end.year)
        return Fraction(days, 366 if leap else 365)
    if convention == "leap_day":
        return (_nights(first, last, True) if has_leap_day(start, end) else Fraction(days, 365))
    others = {"isda": lambda: _nights(first, last, False),
              "year_end": lambda: _nights(first, last, True),
              "icma": lambda: _icma(first, last, context),
              "afb": lambda: _afb(first, last),
              "year": lambda: _year(first, last),
              "average": lambda: _average(first, last)}
    if convention in others:
        return others[convention]()
    return Fraction(days, int(convention.removeprefix("act_")))


def due_day(anchor: date, unit: str, length: int, k: int, month_end: str) -> date:
    """R-0110, R-0111."""
    if unit in ("day", "week"):
        return anchor + k * length * (7 if unit == "week" else 1) * DAY
    day = months_on(anchor, k * length * (12 if unit == "year" else 1))
    if month_end == "sticky" and anchor.day == month_days(anchor):
        return day.replace(day=month_days(day))
    if month_end == "roll_to_first" and day.day < anchor.day:
        return day + DAY
    return day


class Calendar:
    """R-0112, R-0113: `kind` none, weekends or china."""

    def __init__(self, kind: str, table: Path) -> None:
        self.kind = kind
        self.said: dict[date, list[tuple[int, bool]]] = {}
        for line in table.read_text("utf-8").splitlines():
            row = line.split("\t")
            if row[0] in ("off", "work"):
                self.said.setdefault(date.fromisoformat(row[2]), []).append(
                    (int(row[1]), row[0] == "work"))

    def is_worked(self, day: date, known_to_year: int) -> bool:
        if self.kind == "none":
            return True
        known = [said for said in self.said.get(day, ()) if said[0] <= known_to_year]
        return max(known)[1] if known and self.kind == "china" else day.weekday() < 5


def rolled(worked, day: date, rule: str) -> date:
    """R-0114; `worked` says of a day whether it is a working day."""
    if rule == "none" or worked(day):
        return day
    later = next(day + i * DAY for i in range(1, 60) if worked(day + i * DAY))
    earlier = next(day - i * DAY for i in range(1, 60) if worked(day - i * DAY))
    if rule == "nearest":
        return earlier if day - earlier < later - day else later
    goes, else_goes = (later, earlier) if "following" in rule else (earlier, later)
    if not rule.startswith("modified"):
        return goes
    leaves = goes.month != day.month or (
        rule.endswith("half_month") and (goes.day > 15) != (day.day > 15))
    return else_goes if leaves else goes
