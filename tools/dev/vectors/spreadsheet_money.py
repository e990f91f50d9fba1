"""Money functions of spreadsheets (PMT, RATE, XIRR …), as kind `spreadsheet_money`.

One case holds the rows of one function from one published file:

    row ID EXPECTED ARGUMENT…    lists with commas, "-" for an argument that is left out
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Iterable

FILE = "spreadsheet_functions.json"
KIND = "spreadsheet_money"
SUFFIX = "_money"

# Arguments in the order of the spreadsheet's own.
ARGUMENTS = {
    "PMT": ("rate", "nper", "pv", "fv", "type"),
    "IPMT": ("rate", "per", "nper", "pv", "fv", "type"),
    "PPMT": ("rate", "per", "nper", "pv", "fv", "type"),
    "CUMIPMT": ("rate", "nper", "pv", "start", "end", "type"),
    "CUMPRINC": ("rate", "nper", "pv", "start", "end", "type"),
    "PV": ("rate", "nper", "pmt", "fv", "type"),
    "FV": ("rate", "nper", "pmt", "pv", "type"),
    "NPER": ("rate", "pmt", "pv", "fv", "type"),
    "RATE": ("nper", "pmt", "pv", "fv", "type", "guess"),
    "ISPMT": ("rate", "per", "nper", "pv"),
    "RRI": ("nper", "pv", "fv"),
    "EFFECT": ("nominal", "npery"),
    "NOMINAL": ("effect", "npery"),
    "NPV": ("rate", "values"),
    "IRR": ("values", "guess"),
    "MIRR": ("values", "finance_rate", "reinvest_rate"),
    "XNPV": ("rate", "values", "dates"),
    "XIRR": ("values", "dates", "guess"),
}


def _flat(values) -> list:
    if not isinstance(values, list):
        return [values]
    return [one for value in values for one in _flat(value)]


def _word(value) -> str:
    if value is None or value == "" or value == []:
        return "-"
    if isinstance(value, list):
        return ",".join(_word(one) for one in _flat(value))
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, str) and re.fullmatch(r"[A-Z]{1,3}[1-9]\d{0,6}", value):
        return "0"  # a reference to a cell that is empty in the source
    return re.sub(r"[\s,]", "_", str(value))


def _row(case: dict) -> str:
    words = [_word(case["args"].get(name)) for name in ARGUMENTS[case["fn"]]]
    while words and words[-1] == "-":
        words.pop()
    return " ".join(["row", case["id"], _word(case["expected"]), *words])


def convert(data) -> Iterable[str]:
    """One case a function and published file."""
    def place(case: dict) -> tuple[str, str]:
        return case["fn"], case["source"].split("#")[0]

    cases = sorted((c for c in data["cases"] if c["fn"] in ARGUMENTS), key=place)
    for (name, source), rows in groupby(cases, key=place):
        kept: dict[tuple, dict] = {}
        for row in rows:
            kept.setdefault((str(row["args"]), str(row["expected"])), row)
        first = next(iter(kept.values()))
        yield f"case {name}-{first['id']}"
        yield f"source {source}"
        yield f"function {name}"
        yield from (_row(row) for row in kept.values())
        yield ""
