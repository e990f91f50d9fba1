"""Due days and plans that meet short months, as kind `month_end_days`."""

from __future__ import annotations

from typing import Iterable

FILE = "fineract_month_end_bullet.json"
KIND = "month_end_days"

_AMOUNTS = ("principal", "interest", "due", "balance")


def _plan(params: dict) -> Iterable[str]:
    for name in ("principal", "annual_rate_pct", "n", "daycount", "amortization", "rounding",
                 "grace_on_principal"):
        if params.get(name) is not None:
            yield f"plan {name} {params[name]}"


def convert(data) -> Iterable[str]:
    """One case a plan."""
    for case in data["cases"]:
        params = case["params"]
        rule = (params.get("strategy") or "LAST_DAY_OF_MONTH").lower()
        yield f"case {case['id']}"
        yield f"source {case['source']}"
        yield (f"steps {params['disbursed_on']} {(params.get('repay_unit') or 'MONTHS').lower()}"
               f" {params.get('repay_every') or 1} {rule}")
        if params.get("principal"):
            yield from _plan(params)
        for row in case["expected"]:
            yield f"due {row['nr']} {row['date']}"
            if row.get("days") is not None:
                yield f"days {row['nr']} {row['days']}"
            if row.get("due") is not None:
                yield f"row {row['nr']} " + " ".join(f"{name} {row[name]}" for name in _AMOUNTS)
        yield ""
