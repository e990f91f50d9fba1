"""An interest plan worked on step by step, with rate factors and unrounded interest, as kind
`fineract_emi`."""

from __future__ import annotations

from typing import Iterable

from . import _fineract as words

FILE = "fineract_emi_calculator.json"
KIND = "fineract_emi"
_TEST = ("/fineract-progressive-loan/src/test/java/org/apache/fineract/portfolio/loanproduct/calc"
         "/ProgressiveEMICalculatorTest.java")
SOURCES = (words.SOURCE + _TEST,)


def _value(op: dict, name: str) -> str:
    value = op.get(name)
    return "-" if value is None else "?" if isinstance(value, dict) else str(value)


def _product(case: dict) -> Iterable[str]:
    product = case["product"]
    context = case.get("math_context", {"precision": 12, "rounding": "HALF_EVEN"})
    rate = product.get("getAnnualNominalInterestRate", "0")
    yield f"rate {0 if isinstance(rate, dict) else rate}"
    yield words.day_count(product["getDaysInYearType"], product["getDaysInMonthType"])
    yield f"every {product['getRepayEvery']} {product['getRepaymentPeriodFrequencyType'].lower()}"
    yield f"digits {context['precision']} {context['rounding'].lower()}"
    if product.get("getDaysInYearCustomStrategy"):
        yield f"leap_rule {product['getDaysInYearCustomStrategy'].lower()}"
    if str(product.get("isInterestRecognitionOnDisbursementDate")).lower() == "true":
        yield "interest_from drawdown_day"
    for first, last in case["periods"]:
        yield f"period {first} {last}"


_ORDER = {
    "business_date": ("date",), "disburse": ("date", "amount"),
    "payPrincipal": ("period_due", "date", "amount"),
    "payInterest": ("period_due", "date", "amount"),
    "change_rate": ("effective_from", "annual_rate_pct"), "interest_pause": ("start", "end"),
    "creditPrincipal": ("date", "amount"), "creditInterest": ("date", "amount"),
    "expect_period": ("period", "sub", "emi", "rate_factor", "sub_interest", "due_interest",
                      "due_principal", "balance"),
    "expect_daily_interest": ("interest_start", "day_offset", "daily_interest", "accrued"),
    "expect_due_amount": ("ref", "field", "amount"),
}


def _operation(op: dict) -> str:
    name = op["op"]
    fields = _ORDER.get(name, tuple(k for k in op if k != "op"))
    known = {"payPrincipal": "pay_principal", "payInterest": "pay_interest",
             "creditPrincipal": "credit_principal", "creditInterest": "credit_interest"}
    return f"{known.get(name, name)} " + " ".join(_value(op, field) for field in fields)


def convert(data) -> Iterable[str]:
    """One case a test, and one a table of rate factors."""
    for number, table in enumerate(data["rate_factors"], 1):
        yield f"case factors-{number}"
        yield f"source {table['source'].split('.java')[-1]}"
        yield f"{table['category'].replace(':', ' ')} {table['annual_rate']}"
        yield f"from {table['periods_from']}"
        yield "expected " + " ".join(table["expected"])
        yield ""
    for case in data["cases"]:
        yield f"case {case['id'].removeprefix('fineract-emi:')}"
        yield f"source {case['source'].split('.java')[-1]}"
        if not case.get("complete", True):
            yield "incomplete"
        yield from _product(case)
        for op in case["ops"]:
            yield _operation(op).rstrip()
        yield ""
