"""Annual rates by Regulation Z, the European and British effective rate, and monthly IRR × 12."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Iterable

from ._cash_flows import flow_lines, years

FILE = "apr_us_uk_misc.json"
KIND = "annual_cost"
NAME = "annual_rates"


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]


def _actuarial(case: dict) -> Iterable[str]:
    yield "rule actuarial"
    yield f"unit {case['unit_period']}"
    yield f"per_year {Fraction(str(case['unit_periods_per_year']))}"
    for advance in _listed(case.get("advances", case.get("advance"))):
        at = advance.get("offset_units", 0) if isinstance(advance, dict) else 0
        amount = advance["amount"] if isinstance(advance, dict) else advance
        yield f"flow {amount} {at} 0"
    part = Fraction(case["first_payment_fraction"])
    for group in case["payments"]:
        at = int(case["first_payment_full_units"]) + int(group["offset_units"])
        yield f"flow -{group['amount']} {at} {part} {group['count']}"
    yield f"expected {case['expected_apr_pct']}"


def _effective(case: dict) -> Iterable[str]:
    yield "rule effective"
    yield from flow_lines(
        [(years(str(at), case["convention"]), amount) for at, amount in case["flows"]])
    yield f"expected {case['expected_pct']}"


def _monthly(case: dict) -> Iterable[str]:
    yield "rule monthly"
    yield from flow_lines([(Fraction(str(at)), amount) for at, amount in case["flows"]])
    rate = Decimal(case["expected_rate"])
    unit = Decimal((0, (1,), rate.as_tuple().exponent + 2))
    yield f"expected {(rate * 100).quantize(unit)}"
    yield f"within {unit:f}"  # the source cuts some of these figures off and rounds others


def convert(data) -> Iterable[str]:
    """One case a loan; expected in percent."""
    shapes = {"us_appendix_j": _actuarial, "effective_annual": _effective,
              "nominal_monthly_irr": _monthly}
    for name, shape in shapes.items():
        for case in data.get(name, ()):
            yield f"case {case['id']}"
            yield f"source {case['source']}"
            yield from shape(case)
            yield ""
