"""First schedules after one drawdown, as kind `fineract`."""

from __future__ import annotations

from typing import Iterable

from . import _fineract as words

FILE = "fineract_initial_schedules.json"
KIND = "fineract"
SOURCES = (words.SOURCE + "/fineract-e2e-tests-runner/src/test/resources/features/",)
NEEDS = ("fineract_products.json",)


def loan_lines(params: dict, product: dict, category: str) -> Iterable[str]:
    """The loan of a case from the parameters stated with it; whether a down payment was asked for
    is told by the category, the parameter being the product's."""
    yield (f"loan {params['disbursed_on']} {words.money(params['principal'])}"
           f" {params['annual_rate_pct']} {params['interest_rate_unit'].lower()}")
    yield f"term {params['n']} {params['repay_every']} {params['repay_unit'].lower()}"
    yield f"interest {params['interest_type'].lower()} {params['interest_period'].lower()}"
    if params["amortization"] != "EQUAL_INSTALLMENTS":
        yield "amortisation equal_principal"
    merged = {**product, "daysInYearType": params["days_in_year"],
              "daysInMonthType": params["days_in_month"],
              "loanScheduleType": params["schedule_type"] == "PROGRESSIVE",
              "installmentAmountInMultiplesOf": params["instalment_multiple_of"],
              "isInterestRecalculationEnabled": params["interest_recalculation"]
              and product.get("isInterestRecalculationEnabled")}
    if params["down_payment_pct"] is not None and "downpayment" in category:
        merged |= {"enableDownPayment": True,
                   "disbursedAmountPercentageForDownPayment": params["down_payment_pct"]}
    else:
        merged["enableDownPayment"] = False
    yield from words.conventions(merged, product.get("transactionProcessingStrategyCode"))


def convert(data, products) -> Iterable[str]:
    """One case a first schedule."""
    known = words.by_name(products)
    for case in data["cases"]:
        params = case["params"]
        yield f"case {case['id']}"
        yield f"# {case['source'].split('/features/')[-1]}"
        if not case.get("rederived_ok", True):
            yield "not_rederived"
        yield from words.readable(
            lambda one=case: loan_lines(one["params"], known[one["product"]], one["category"]))
        yield f"today {params['business_date']}"
        yield f"disburse {params['disbursed_on']} {words.money(params['principal'])}"
        yield from words.schedule(case["expected"])
        yield ""
