"""Months added, spans, rolls to working days and regular periods, as kind `date_rolls`."""

from __future__ import annotations

from typing import Iterable

FILE = "date_rolls.json"
KIND = "date_rolls"

# The business-day adjustments that the source's tests name, as (roll rule, further days off).
# The public holidays of Japan from 2017 to 2020 (Cabinet Office, "国民の祝日"), with substitutes
# and the bank holidays around New Year.
_TOKYO = """
2017-01-02 2017-01-03 2017-01-09 2017-02-11 2017-03-20 2017-04-29 2017-05-03 2017-05-04 2017-05-05
2017-07-17 2017-08-11 2017-09-18 2017-09-23 2017-10-09 2017-11-03 2017-11-23 2017-12-23 2017-12-31
2018-01-01 2018-01-02 2018-01-03 2018-01-08 2018-02-12 2018-03-21 2018-04-30 2018-05-03 2018-05-04
2018-07-16 2018-09-17 2018-09-24 2018-10-08 2018-11-23 2018-12-24 2018-12-31
2019-01-01 2019-01-02 2019-01-03 2019-01-14 2019-02-11 2019-03-21 2019-04-29 2019-04-30 2019-05-01
2019-05-02 2019-05-03 2019-05-06 2019-07-15 2019-08-12 2019-09-16 2019-09-23 2019-10-14 2019-10-22
2019-11-04 2019-12-31
2020-01-01 2020-01-02 2020-01-03 2020-01-13 2020-02-11 2020-02-24 2020-03-20 2020-04-29 2020-05-04
2020-05-05 2020-05-06 2020-07-23 2020-07-24 2020-08-10 2020-09-21 2020-09-22 2020-11-03 2020-11-23
2020-12-31
""".strip().split("\n")
_TOKYO_YEARS = range(2017, 2021)

_ADJUSTMENTS = {
    None: ("NO_ADJUST", []),
    "BDA_NONE": ("NO_ADJUST", []),
    "BDA": ("MODIFIED_FOLLOWING", []),
    "BDA_JPY_MF": ("MODIFIED_FOLLOWING", _TOKYO),
    "BDA_JPY_P": ("PRECEDING", _TOKYO),
    "BDA_JPY_F": ("FOLLOWING", _TOKYO),
}


def _name(pattern: str) -> str:
    """RollConventions.NONE → NONE, DayMon → DAY_MON."""
    name = pattern.rsplit(".", 1)[-1]
    if name.startswith("Day") and len(name) > 3:
        name = f"DAY_{name[3:].upper()}"
    return name


def _roll(case: dict) -> Iterable[str]:
    kind, start, expected = case["kind"], case["start"], case["expected"]
    if kind.startswith("roll:"):
        word = kind.removeprefix("roll:")
        period = f" {case['frequency']}" if word != "adjust" else ""
        yield f"{word} {_name(case['convention'])}{period} {start} = {expected}"
    elif kind.startswith("business_day"):
        yield f"business_day {case['convention']} {start} = {expected}"
    elif kind == "plus_months":
        yield f"plus_months {start} {case['months']} = {expected}"
    elif kind == "period_between":
        yield f"period_between {start} {case['end']} = {' '.join(map(str, expected))}"
    else:
        yield f"unknown {kind} {start} = {expected}"


def _periodic(case: dict) -> Iterable[str]:
    yield f"periodic {case['start']} {case['end']} {case['frequency']}"
    if case["stub"]:
        yield f"stub {case['stub']}"
    if case["roll"]:
        yield f"pattern {_name(case['roll'])}"
    adjustment = case["business_day"]
    start = case.get("override_start") or adjustment
    rule, closed = _ADJUSTMENTS.get(adjustment, (adjustment, []))
    yield f"roll {rule}"
    yield f"start_roll {_ADJUSTMENTS.get(start, (start, []))[0]}"
    if closed:
        years = {int(case[end][:4]) for end in ("start", "end")}
        if years <= set(_TOKYO_YEARS):
            yield from (f"closed {line}" for line in closed)
        else:
            yield "calendar Tokyo"
    for word in ("first_regular", "last_regular"):
        if case[word]:
            yield f"{word} {case[word]}"
    for word in ("unadjusted", "adjusted"):
        if case.get(f"expected_{word}"):
            yield f"expect_{word} {' '.join(case[f'expected_{word}'])}"
    if case.get("expected_roll"):
        yield f"expect_pattern {_name(case['expected_roll'])}"


def convert(data) -> Iterable[str]:
    """One case a roll or a schedule."""
    for cases, lines in ((data["rolls"], _roll), (data["periodic_schedules"], _periodic)):
        for case in cases:
            yield f"case {case['id']}"
            yield f"source {case['source']}"
            yield from lines(case)
            yield ""
