"""The European Commission's examples of the annual percentage rate of charge."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Iterable

from ._cash_flows import flow_lines

FILE = "eu_aprc_examples.json"
KIND = "annual_cost"

# The document does not say how it rounds: a figure stands for one unit of its last digit.
_UNIT = Decimal("0.000001")


def convert(data) -> Iterable[str]:
    """One case an example; expected in percent with six decimals."""
    for case in data["cases"]:
        yield f"case {case['id']}"
        yield f"source {case['source']}"
        yield "rule effective"
        yield from flow_lines([(Fraction(str(at)), amount) for at, amount in case["flows"]])
        if Decimal(case.get("tolerance") or 0) > _UNIT:
            yield "rounded_flows"  # the example was computed from flows before rounding
        yield f"expected {Decimal(case['expected_pct_6dp']).quantize(_UNIT)}"
        yield f"within {_UNIT}"
        yield ""
