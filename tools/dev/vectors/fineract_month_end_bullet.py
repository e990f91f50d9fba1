"""Due days at month ends and interest-only plans, as kind `fineract`."""

from __future__ import annotations

from typing import Iterable

from . import _fineract as words

FILE = "fineract_month_end_bullet.json"
KIND = "fineract"
SUFFIX = "_plans"
SOURCES = ("https://github.com/apache/fineract/tree/5b1f06e8c720e7163105b347e438bd0e1bafb97a"
           "/fineract-e2e-tests-runner/src/test/resources/features/",)

_MONTH_END = {"LAST_DAY_OF_MONTH": "clamp", "FIRST_DAY_OF_NEXT_MONTH": "roll_to_first"}
_COUNTS = {"actual/actual": "actual/actual", "30/360": "360/30", "actual/365": "365/actual"}


def _loan(params: dict) -> Iterable[str]:
    count = params.get("daycount", "30/360").lower()
    yield (f"loan {params['disbursed_on']} {words.money(params.get('principal', '1000'))}"
           f" {params.get('annual_rate_pct', '0')} year")
    yield f"term {params['n']} {params.get('repay_every', 1)} months"
    yield "interest declining_balance daily"
    yield "rounding half_even"
    yield "plan progressive"
    yield f"day_count {_COUNTS.get(count, count)}"
    if params.get("strategy"):
        yield f"month_end {_MONTH_END[params['strategy']]}"
    if params.get("grace_on_principal"):
        yield f"grace {params['grace_on_principal']} 0"
    yield "allocation default next overdue:NFPI due:NFPI advance:NFPI"
    yield f"today {params['disbursed_on']}"
    yield f"disburse {params['disbursed_on']} {words.money(params.get('principal', '1000'))}"


def convert(data) -> Iterable[str]:
    """One case a plan."""
    for case in data["cases"]:
        yield f"case {case['id']}"
        yield f"# {case['source'].split('/features/')[-1]}"
        yield from _loan(case["params"])
        yield from words.schedule(case["expected"])
        yield ""
