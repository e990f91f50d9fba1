"""Due days that meet short months, as kind `month_end_days`; the amounts are another file."""

from __future__ import annotations

from typing import Iterable

FILE = "fineract_month_end_bullet.json"
KIND = "month_end_days"
SUFFIX = "_days"


def convert(data) -> Iterable[str]:
    """One case a plan."""
    for case in data["cases"]:
        params = case["params"]
        rule = (params.get("strategy") or "LAST_DAY_OF_MONTH").lower()
        yield f"case {case['id']}"
        yield f"source {case['source']}"
        yield (f"steps {params['disbursed_on']} {(params.get('repay_unit') or 'MONTHS').lower()}"
               f" {params.get('repay_every') or 1} {rule}")
        for row in case["expected"]:
            yield f"due {row['nr']} {row['date']}"
            if row.get("days") is not None:
                yield f"days {row['nr']} {row['days']}"
        yield ""
