"""Days off and make-up working days of China by year, as kind `cn_holidays`."""

from __future__ import annotations

from typing import Iterable

FILE = "cn_holidays.json"
KIND = "cn_holidays"


def convert(data) -> Iterable[str]:
    """One case a year."""
    for year in data["years"]:
        yield f"case cn-{year['year']}"
        yield f"source {year['source']} of {' '.join(year['papers'])}"
        yield f"year {year['year']}"
        for day in year["days"]:
            yield f"{'off' if day['off'] else 'work'} {day['date']} {day['name']}"
        for word, key in (("count_off", "count_off"), ("count_work", "count_makeup"),
                          ("working_days", "working_days_in_year")):
            if year.get(key) is not None:
                yield f"{word} {year[key]}"
        yield ""
