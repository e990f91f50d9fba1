"""Days and parts of a year by the conventions of two pricing libraries, as kind `daycount`."""

from __future__ import annotations

from decimal import Decimal
from typing import Iterable

FILE = "daycount.json"
KIND = "daycount"


def _plain(number) -> str:
    return format(Decimal(str(number)), "f")


def convert(data) -> Iterable[str]:
    """One case a pair of days."""
    for case in data["cases"]:
        yield f"case {case['id']}"
        yield f"source {case['source']}"
        yield f"convention {case['convention']}"
        yield f"from {case['start']}"
        yield f"to {case['end']}"
        if case.get("ref_start"):
            yield f"reference {case['ref_start']} {case['ref_end']}"
        if case.get("termination"):
            yield f"termination {case['termination']}"
        if case.get("expected_days") is not None:
            yield f"days {case['expected_days']}"
        if case.get("expected_fraction") is not None:
            yield (f"fraction {_plain(case['expected_fraction'])}"
                   f" within {_plain(case.get('tolerance', '1e-12'))}")
        yield ""
