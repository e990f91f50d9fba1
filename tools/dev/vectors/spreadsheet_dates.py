"""The date functions among spreadsheet functions, as kind `spreadsheet_dates`."""

from __future__ import annotations

from decimal import Decimal
from typing import Iterable

FILE = "spreadsheet_functions.json"
KIND = "spreadsheet_dates"
SUFFIX = "_dates"

_ARGUMENTS = {
    "YEARFRAC": ("start", "end", "basis"),
    "DAYS360": ("start", "end", "european"),
    "EDATE": ("start", "months"),
    "EOMONTH": ("start", "months"),
    "DAYS": ("end", "start"),
    "DATEDIF": ("start", "end", "unit"),
    "NETWORKDAYS": ("start", "end"),
    "WORKDAY": ("start", "days"),
}

# Printed with 12 or more digits by one source, with 9 and more places by the other.
_WITHIN = "0.000000001"


def _word(argument) -> str:
    if argument is None:
        return "-"
    if isinstance(argument, bool):
        return str(argument).lower()
    if isinstance(argument, (int, float)):
        return format(Decimal(str(argument)), "f")
    return "_".join(str(argument).split()) or "-"


def _expected(function: str, value) -> str:
    if isinstance(value, str) and value.startswith("#"):
        return f"error {value}"
    if function == "YEARFRAC":
        return f"value {format(Decimal(str(value)), 'f')} within {_WITHIN}"
    return f"value {_word(value)}"


def convert(data) -> Iterable[str]:
    """One case a call."""
    for case in data["cases"]:
        function = case["fn"]
        if function not in _ARGUMENTS:
            continue
        words = [_word(case["args"].get(name)) for name in _ARGUMENTS[function]]
        holidays = case["args"].get("holidays") or []
        words += [_word(day) for day in (holidays if isinstance(holidays, list) else [holidays])]
        yield f"case {case['id']}"
        yield f"source {case['source']}"
        yield f"call {function} {' '.join(words)}"
        yield _expected(function, case["expected"])
        yield ""
