"""Single loans with published figures, as kind `loan_figures`."""

from __future__ import annotations

import re
from typing import Iterable

FILE = "cn_and_misc_loans.json"
KIND = "loan_figures"
NAME = "single_loans"

# Inputs by the word that the kind knows; any other input makes the case say `unknown`.
WORDS = {
    "principal": "principal", "amount": "principal", "loan": "principal", "pv": "principal",
    "n": "periods", "periods": "periods", "months": "periods", "term": "periods",
    "annual_rate_pct": "rate", "rate_pct": "rate",
    "payment": "payment", "monthly_payment": "payment",
    "payment_rounding": "payment_rounding",
    "method": "", "type": "",
}


def _word(name: str) -> str:
    """"" for an input that says nothing more."""
    if "fee" in name:
        return ("total_" if "total" in name else "") + (
            "fee_percent" if "pct" in name or "percent" in name else "fee")
    return WORDS.get(name, "unknown")


def _method(case: dict) -> str:
    text = " ".join([case["category"], str(case["inputs"].get("method", "")),
                     str(case["inputs"].get("type", ""))])
    if "equal_principal" in text or "等额本金" in text:
        return "equal_principal"
    return "fee" if any("fee" in name for name in case["inputs"]) else "equal_instalment"


def _tolerance(case: dict) -> str | None:
    number = re.match(r"\d+(\.\d+)?(e-?\d+)?", str(case.get("tolerance") or ""))
    return number[0] if number else None


def convert(data) -> Iterable[str]:
    """One case a loan."""
    for case in data["cases"]:
        yield f"case {case['id']}"
        yield f"source {case['source']}"
        yield f"method {_method(case)}"
        for name, value in case["inputs"].items():
            word = _word(name)
            if isinstance(value, list):
                yield f"{name} " + " ".join(str(one) for one in value)
            elif word:
                yield f"{word} {value}"
        tolerance = _tolerance(case)
        if tolerance:
            yield f"within {tolerance}"
        for name, value in case["expected"].items():
            yield f"expect {name} {value}"
        yield ""
