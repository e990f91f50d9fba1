"""Decimals rounded to places in several modes, as kind `rounding`."""

from __future__ import annotations

from typing import Iterable

FILE = "rounding.json"
KIND = "rounding"


def convert(data) -> Iterable[str]:
    """One case a value, an expectation a mode."""
    for case in data["cases"]:
        yield f"case {case['id']}"
        yield f"source {case['source']}"
        yield f"value {case['value']}"
        yield f"places {case['digits']}"
        for mode, expected in case["expected"].items():
            yield f"expect {mode} {expected}"
        yield ""
