"""Lines of cash flows for kind `annual_cost`: runs of one amount at one step become one line."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Iterable

Flow = tuple[Fraction, str]  # time in periods, amount


def years(text: str, convention: str) -> Fraction:
    """A time such as "7/12", "546/365" or "23 days", the days over the convention's year."""
    days = re.fullmatch(r"(\d+) days?", text)
    if not days:
        return Fraction(text)
    basis = re.search(r"days/(\d+(?:\.\d+)?)", convention)
    return Fraction(int(days[1])) / Fraction(basis[1] if basis else "365")


def decimal(amount: str | int | float) -> str:
    """An amount as it is written, without digits that say nothing."""
    text = str(amount)
    return text.rstrip("0").rstrip(".") if "." in text else text


def flow_lines(flows: Iterable[Flow], word: str = "flow") -> Iterable[str]:
    """"flow AMOUNT TIME [COUNT STEP]" for each run."""
    runs: list[list] = []
    for time, amount in flows:
        last = runs[-1] if runs else None
        if last and last[1] == amount and last[2] == 1 and time != last[0]:
            last[2:] = [2, time - last[0]]
        elif last and last[1] == amount and last[2] > 1 and time == last[0] + last[2] * last[3]:
            last[2] += 1
        else:
            runs.append([time, amount, 1, None])
    for start, amount, count, step in runs:
        yield f"{word} {decimal(amount)} {start}" + (f" {count} {step}" if count > 1 else "")
