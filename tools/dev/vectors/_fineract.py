"""Words that Apache Fineract's published figures share: conventions of a product, rows of tables.

Conventions become neutral words, one a line; components are one letter each in an order: N penalty,
F fee, I interest, P principal. A product's parameters are resolved into every case.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable, Iterable

COMMIT = "3829c4404f4d1c23eb5f6d239dd0ff200ab68b25"
SOURCE = f"https://github.com/apache/fineract/blob/{COMMIT}"

_LETTERS = {"PENALTY": "N", "FEE": "F", "INTEREST": "I", "PRINCIPAL": "P"}
_RULES = {"NEXT_INSTALLMENT": "next", "LAST_INSTALLMENT": "last", "REAMORTIZATION": "evenly",
          "NEXT_LAST_INSTALLMENT": "next_last"}
_BASIS = {"ACTUAL": "actual", "DAYS360": "360", "DAYS365": "365", "DAYS30": "30", "DAYS364": "364",
          "DAYS_360": "360", "DAYS_364": "364", "DAYS_365": "365", "DAYS_30": "30"}

# Strategies by name: the order for what is due and for what is paid in advance.
_STRATEGIES = {
    "PENALTIES_FEES_INTEREST_PRINCIPAL_ORDER": ("NFIP", "NFIP"),
    "INTEREST_PRINCIPAL_PENALTIES_FEES_ORDER": ("IPNF", "IPNF"),
    "PRINCIPAL_INTEREST_PENALTIES_FEES_ORDER": ("PINF", "PINF"),
    "DUE_PENALTY_INTEREST_PRINCIPAL_FEE_IN_ADVANCE_PENALTY_INTEREST_PRINCIPAL_FEE":
        ("NIPF", "NIPF"),
    "DUE_PENALTY_FEE_INTEREST_PRINCIPAL_IN_ADVANCE_PRINCIPAL_PENALTY_FEE_INTEREST":
        ("NFIP", "PNFI"),
}


def money(value) -> str:
    """An amount without needless zeros: 17.01, 5, 0; '-' where the table has nothing."""
    if value is None or value == "":
        return "-"
    text = str(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
        whole, dot, rest = text.partition(".")
        text = text + "0" if dot and len(rest) == 1 else text
    return text or "0"


def word(value) -> str:
    """One word: blanks become underscores, nothing becomes '-'."""
    return "-" if value in (None, "") else str(value).strip().replace(" ", "_")


def day_count(year: str, month: str) -> str:
    """ "360/30", "actual/actual", "365/actual" …"""
    return f"day_count {_BASIS[year]}/{_BASIS[month]}"


def allocation(transaction: str, rule: str | None, order: Iterable[str]) -> str:
    """The order in which a kind of transaction pays: classes in order, components in each."""
    classes: dict[str, str] = {}
    for step in order:
        for prefix, name in (("PAST_DUE_", "overdue"), ("DUE_", "due"), ("IN_ADVANCE_", "advance")):
            if step.startswith(prefix):
                classes[name] = classes.get(name, "") + _LETTERS[step.removeprefix(prefix)]
                break
    steps = " ".join(f"{name}:{letters}" for name, letters in classes.items())
    return f"allocation {transaction.lower()} {_RULES[rule or 'NEXT_INSTALLMENT']} {steps}"


def strategy(name: str, product: dict) -> Iterable[str]:
    """The allocation lines of a loan."""
    if name == "ADVANCED_PAYMENT_ALLOCATION":
        for one in product.get("paymentAllocation", []):
            yield one if isinstance(one, str) else allocation(
                one["transaction"], one["future_installment_rule"], one["order"])
    else:
        due, advance = _STRATEGIES[name]
        if name.startswith("DUE_"):
            yield "charges own_due"  # a charge falls due on its own day, before its instalment
        yield f"allocation default next overdue:{due} due:{due} advance:{advance}"


def conventions(product: dict, loan_strategy: str | None = None) -> Iterable[str]:
    """The lines of a product that do not depend on the loan."""
    yield "rounding half_even"
    yield f"plan {'progressive' if product.get('loanScheduleType') else 'cumulative'}"
    yield day_count(product["daysInYearType"], product["daysInMonthType"])
    for field, line in (("daysInYearCustomStrategy", "leap_rule {}"),
                        ("installmentAmountInMultiplesOf", "multiple {}"),
                        ("inMultiplesOf", "currency_multiple {}"),
                        ("fixedLength", "fixed_length {}")):
        if product.get(field):
            yield line.format(str(product[field]).lower())
    if product.get("isInterestRecalculationEnabled"):
        yield _recalculation(product)
    if product.get("disallowInterestCalculationOnPastDue"):
        yield "overdue_interest no"
    if product.get("enableDownPayment"):
        auto = "auto" if product.get("enableAutoRepaymentForDownPayment") else "manual"
        share = product.get("disbursedAmountPercentageForDownPayment")
        yield f"down_payment {'?' if share is None else money(share)} {auto}"
    if product.get("loanScheduleProcessingType") == "VERTICAL":
        yield "vertical"
    if product.get("multiDisburseLoan"):
        yield "drawdowns several"
    if str(product.get("repaymentStartDateType")) == "2":
        yield "due_days_from application"
    if product.get("allowPartialPeriodInterestCalcualtion"):
        yield "partial_period yes"
    yield from _after_acceptance(product)
    if loan_strategy:
        yield from strategy(loan_strategy, product)


def _recalculation(product: dict) -> str:
    rest = "daily" if product["recalculationRestFrequencyType"] == "DAILY" else "period"
    until = ("rest" if product["preClosureInterestCalculationStrategy"]
             == "TILL_REST_FREQUENCY_DATE" else "day")
    compound = product["interestRecalculationCompoundingMethod"].lower()
    return (f"recalculation {rest} until_{until} {product['rescheduleStrategyMethod'].lower()}"
            + (f" compound_{compound}" if compound != "none" else ""))


def _after_acceptance(product: dict) -> Iterable[str]:
    for one in product.get("creditAllocation") or []:
        yield f"credit_order {''.join(_LETTERS[c] for c in one['order'])}"
    if product.get("chargeOffBehaviour", "REGULAR") != "REGULAR":
        yield f"charge_off_rule {product['chargeOffBehaviour'].lower()}"
    if product.get("enableAccrualActivityPosting"):
        yield "accrual_activity yes"
    if product.get("supportedInterestRefundTypes"):
        yield "interest_refund " + " ".join(
            kind.lower() for kind in product["supportedInterestRefundTypes"])
    if product.get("interestRecognitionOnDisbursementDate"):
        yield "interest_from drawdown_day"
    if product.get("enableIncomeCapitalization"):
        yield f"capitalised_income {product['capitalizedIncomeType'].lower()}"
    if product.get("accountingRule") not in (None, "ACCRUAL_PERIODIC"):
        yield f"accounting {product['accountingRule'].lower()}"
    for charge in product.get("charges") or []:
        yield f"product_charge {charge.lower()}"


_ROW = ("nr", "days", "date", "paid_date", "balance", "principal", "interest", "fees", "penalties",
        "due", "paid", "in_advance", "late", "waived", "outstanding")


def schedule(rows: list[dict]) -> Iterable[str]:
    """A schedule table: number, days, day, day paid, balance, principal, interest, fees,
    penalties, due, paid, in advance, late, outstanding[, waived]; '?' where nothing is stated."""
    rows = [row for i, row in enumerate(rows)
            if i == 0 or row.get("nr") is None or row != rows[i - 1]]  # one is printed twice
    yield f"schedule {len(rows)}"
    for row in rows:
        cells = [word(row[name]) if name in row else "?" for name in _ROW[:4]]
        cells += [money(row[name]) if name in row else "?" for name in _ROW[4:13]]
        cells.append(money(row["outstanding"]) if "outstanding" in row else "?")
        if "waived" in row:
            cells.append(money(row["waived"]))
        yield "r " + " ".join(cells)


def readable(make: Callable[[], Iterable[str]]) -> Iterable[str]:
    """Lines, or that they are of a shape that is not known."""
    try:
        return list(make())
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        return [f"op not_understood {word(error)}"]


def by_name(products) -> dict[str, dict]:
    """A product's parameters by its name (the first of that name): of the published products, or,
    when they do not lie beside the cases, of what is kept of them here."""
    known: dict[str, dict] = {}
    kept = json.loads((Path(__file__).parent / "fineract_products.json").read_text("utf-8"))
    for one in (products or kept)["products"] + kept["products"]:
        known.setdefault(one["product"], one["params"])
    return known
