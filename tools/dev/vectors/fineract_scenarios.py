"""Loans event by event with published schedules, transactions and journals, as kind `fineract`.

Operations that change no figure (identities, messages to other systems, attempts that must be
refused) are left out; what has no word of its own is written "op NAME ARGUMENTS".
"""

from __future__ import annotations

import re
from typing import Iterable

from . import _fineract as words

FILE = "fineract_scenarios.jsonl"
KIND = "fineract"
SOURCES = (words.SOURCE + "/fineract-e2e-tests-runner/src/test/resources/features/"
           " (case NAME:LN is line N of NAME.feature)",)
NEEDS = ("fineract_products.json",)

# Questions, refusals and bookkeeping of the tests themselves.
_NO_EFFECT = re.compile(
    r"expect_(?!schedule|totals|transactions|journal|status|outstanding|overpaid)|loan_(?!marked)|"
    r"no_new_event|in_loan_|save_|transaction_on_got|external_id|log_out|filtered|check_req|"
    r"repayment_transaction_is|customer_is_forb|capitalized_income_with|"
    r"credit_balance_refund_transaction|admin_(is_not|fails|checks|places)|.*businessevent|"
    r"loandet|charge_off_transaction_is|second_charge|backdated_charge|charge_adjustment_|"
    r"admin_creates_new_user|reversed_loan|on_loan_transactions_tab|loancharge|loanresch|"
    r"loan_marked")

_PAYMENTS = {"repay": "repayment"}


def _loan(loan: dict, variant: str | None, product: dict) -> Iterable[str]:
    frequency = product.get("interestRateFrequencyType", "YEAR").lower()
    yield (f"loan {loan['submitted on date']} {words.money(loan['with Principal'])}"
           f" {loan['ANNUAL interest rate %']} {frequency}")
    yield (f"term {loan['numberOfRepayments']} {loan['repaymentEvery']}"
           f" {loan['repaymentFrequencyType'].lower()}")
    yield (f"interest {loan['interest type'].lower()}"
           f" {loan['interest calculation period'].lower()}")
    if loan["amortization type"] != "EQUAL_INSTALLMENTS":
        yield "amortisation equal_principal"
    if loan["graceOnPrincipalPayment"] != "0" or loan["graceOnInterestPayment"] != "0":
        yield f"grace {loan['graceOnPrincipalPayment']} {loan['graceOnInterestPayment']}"
    if variant and "fixed_length" in variant:
        yield "fixed_length stated"
    if variant and "auto_downpayment" in variant:
        auto = "no_auto" in variant
        product = {**product, "enableDownPayment": True,
                   "enableAutoRepaymentForDownPayment": not auto}
        product["disbursedAmountPercentageForDownPayment"] = None  # stated nowhere
    if "charge calculation type" in loan:
        amount = loan.get("charge amount %", loan.get("charge amount"))
        yield f"loan_charge {loan['charge calculation type'].lower()} {amount}"
    for key in loan:
        if "tranche" in key and "date" in key:
            principal = loan[key.replace("expected_date", "principal")]
            yield f"tranche {loan[key]} {words.money(principal)}"
    yield from words.conventions(product, loan["Payment strategy"])


def _simple_loan(day: str, principal: str, count: str, every: str, unit: str,
                 product: dict) -> Iterable[str]:
    yield f"loan {day} {words.money(principal)} 0 year"
    yield f"term {count} {every} {unit}"
    yield "interest declining_balance same_as_repayment_period"
    yield from words.conventions(product, product["transactionProcessingStrategyCode"])


_CHARGE_OFF_LOAN = "admin_creates_a_new_{}_loan_with{}"
_NAMED_PRODUCTS = {
    _CHARGE_OFF_LOAN.format("accelerate_maturity_charge_off",
                            "out_interest_recalculation_and_with_date"):
        "LP2_ADV_PYMNT_ACCELERATE_MATURITY_CHARGE_OFF_BEHAVIOUR",
    _CHARGE_OFF_LOAN.format("accelerate_maturity_charge_off",
                            "_last_installment_strategy_without_interest_recalculation_and_with"
                            "_date"):
        "LP2_ACCELERATE_MATURITY_CHARGE_OFF_BEHAVIOUR_LAST_INSTALLMENT_STRATEGY",
    _CHARGE_OFF_LOAN.format("zero_charge_off", "_interest_recalculation_and_date"):
        "LP2_ADV_PYMNT_INTEREST_DAILY_INTEREST_RECALCULATION_ZERO_INTEREST_CHARGE_OFF_BEHAVIOUR",
    _CHARGE_OFF_LOAN.format("zero_charge_off", "out_interest_recalculation_and_with_date"):
        "LP2_ADV_PYMNT_ZERO_INTEREST_CHARGE_OFF_BEHAVIOUR",
}


def _seven_percent(day: str, product: dict) -> Iterable[str]:
    """The loan that these steps make: 100 at 7 % in six months."""
    yield f"loan {day} 100 7 year"
    yield "term 6 1 months"
    yield "interest declining_balance daily"
    yield from words.conventions(product, product["transactionProcessingStrategyCode"])


def _named_loan(op: dict, known: dict[str, dict]) -> Iterable[str] | None:
    """Loans that a step makes by name."""
    name, args, product = op["op"], op.get("args", []), known["LP1"]
    if name == "admin_creates_a_new_default_loan_with_date":
        return _simple_loan(args[0], "1000", "1", "30", "days", product)
    if name == "admin_creates_a_new_loan_with_date_and_with_day_loan_term_and_repayment":
        return _simple_loan(args[0], "1000", "1", args[1], "days", product)
    if name in _NAMED_PRODUCTS:
        return _seven_percent(args[0], known[_NAMED_PRODUCTS[name]])
    if name.startswith("admin_successfully_creates_a_new_customised_loan"):
        return _simple_loan(args[0], args[1], args[3], str(int(args[2]) // int(args[3])),
                            "months", product)
    return None


_PLAIN = {
    "business_date": lambda o: f"today {o['date']}",
    "approve": lambda o: f"approve {o['date']} {words.money(o['amount'])}"
                         f" {o['expected_disbursement_date']}",
    "disburse": lambda o: f"disburse {o['date']} {words.money(o['amount'])}",
    "repay": lambda o: f"pay repayment {o['date']} {words.money(o['amount'])}",
    "pay_transaction": lambda o: f"pay {o['transaction'].lower()} {o['date']}"
                                 f" {words.money(o['amount'])}",
    "payoff": lambda o: f"pay_off {o['date']}",
    "undo": lambda o: _undo(o),
    "close_of_business": lambda o: "close_of_business",
    "add_charge": lambda o: f"charge {o['charge'].lower()} {o['due_date']}"
                            f" {words.money(o['amount'])}",
    "charge_off": lambda o: f"charge_off {o['date']}",
    "credit_balance_refund": lambda o: f"refund_credit {o['date']} {words.money(o['amount'])}",
    "interest_pause": lambda o: f"pause {o['start']} {o['end']}",
    "set_future_allocation_rule": lambda o: (
        f"advance_rule {o['transaction'].lower()} {words._RULES[o['rule']]}"),
    "expect_status": lambda o: "status " + re.sub(
        "[^a-z]+", "_", o["status"].lower()).strip("_").replace(
            "submitted_and_pending_approval", "submitted"),
    "expect_outstanding": lambda o: f"outstanding {words.money(o['amount'])}",
    "expect_overpaid": lambda o: f"overpaid {words.money(o['amount'])}",
    "admin_makes_chargeback_with_eur_transaction_amount": lambda o: (
        f"chargeback {words.money(o['args'][1])}"),
    "admin_makes_chargeback_with_eur_transaction_amount_for_payment_nr": lambda o: (
        f"chargeback {words.money(o['args'][1])} {o['args'][2]}"),
    "admin_does_charge_off_the_loan_with_reason_on": lambda o: (
        f"charge_off {o['args'][1]} {o['args'][0].lower()}"),
    "admin_adds_an_nsf_fee_because_of_payment_bounce_with_transaction_date": lambda o: (
        f"charge loan_nsf_fee {o['args'][0]} 10"),
    "customer_makes_a_repayment_undo_on": lambda o: "undo repayment last -",
    "created_user_makes_repayment_on_with_eur_transaction_amount": lambda o: (
        f"pay repayment {o['args'][1]} {words.money(o['args'][2])}"),
    "created_user_makes_externalid_controlled_repayment_on_with_eur_transaction_amount":
        lambda o: f"pay repayment {o['args'][1]} {words.money(o['args'][2])}",
    "refund_happens_on_with_eur_transaction_amount": lambda o: (
        f"pay refund {o['args'][0]} {words.money(o['args'][1])}"),
    "refund_undo_happens_on": lambda o: f"undo refund 1 {o['args'][0]}",
    "customer_makes_transaction_with_payment_type_on_with_eur_transaction_amount_and_system_"
    "generated_idempotency_key_and_check_external_owner": lambda o: (
        f"pay {o['args'][0].lower()} {o['args'][2]} {words.money(o['args'][3])}"),
    "admin_creates_a_loan_re_amortization_transaction_on_current_business_date":
        lambda o: "re_amortise",
    "admin_creates_a_loan_re_amortization_transaction_on_current_business_date_by_loan_external_id":
        lambda o: "re_amortise",
    "admin_makes_a_charge_adjustment_for_the_last_type_charge_which_is_due_on_with_eur_"
    "transaction_amount_and_externalid": lambda o: (
        f"pay charge_adjustment - {words.money(o['args'][2])}"),
    "admin_reverts_the_charge_adjustment_which_was_raised_on_with_eur_transaction_amount":
        lambda o: f"undo charge_adjustment {words.money(o['args'][1])} {o['args'][0]}",
    "admin_runs_the_add_periodic_accrual_transactions_job": lambda o: "accrue",
    "admin_runs_the_add_accrual_transactions_job": lambda o: "accrue",
    "admin_runs_the_add_accrual_transactions_for_loans_with_income_posted_as_transactions_job":
        lambda o: "accrue",
    "admin_runs_cob_job": lambda o: "close_of_business",
    "admin_can_successfully_set_fraud_flag_to_the_loan": lambda o: "fraud yes",
    "admin_can_successfully_unset_fraud_flag_to_the_loan": lambda o: "fraud no",
    "admin_adds_a_processing_charge_to_the_loan_with_locale_on_date": lambda o: (
        f"charge_share {o['args'][0]} {o['args'][2]}"),
    "global_config_value_set_to": lambda o: f"setting {o['args'][0]} {o['args'][1]}",
    "global_configuration_is_enabled": lambda o: f"setting {o['args'][0]} on",
    "global_configuration_is_disabled": lambda o: f"setting {o['args'][0]} off",
    "admin_successfully_terminates_loan_contract": lambda o: "terminate",
    "admin_successfully_undoes_loan_contract_termination": lambda o: "undo terminate 1 -",
    "admin_does_a_charge_off_undo_the_loan": lambda o: "undo charge_off 1 -",
    "admin_does_a_charge_off_undo_the_loan_with_reversal_external_id":
        lambda o: "undo charge_off 1 -",
}


def _undo(op: dict) -> str:
    """The step for the n-th repayment states the day of undoing, the others that of the
    transaction."""
    day = "-" if op["transaction"] == "repayment" else op["date"]
    return f"undo {word(op['transaction'])} {op['nth']} {day}"


def word(value) -> str:
    """One lower-case word."""
    return words.word(value).lower()


def _reschedule(op: dict) -> Iterable[str]:
    for row in op["rows"]:
        yield (f"reschedule {row['rescheduleFromDate']} {row['submittedOnDate']}"
               f" {words.word(row.get('adjustedDueDate'))}"
               f" {words.word(row.get('graceOnPrincipal'))}"
               f" {words.word(row.get('graceOnInterest'))} {words.word(row.get('extraTerms'))}"
               f" {words.word(row.get('newInterestRate'))}")


def _re_age(op: dict) -> Iterable[str]:
    for row in op["rows"]:
        yield (f"re_age {row['startDate']} {row['numberOfInstallments']}"
               f" {row['frequencyNumber']} {row['frequencyType'].lower()}")


def _totals(op: dict) -> Iterable[str]:
    for row in op["rows"]:
        yield "totals " + " ".join(words.money(row.get(name)) for name in (
            "principal", "interest", "fees", "penalties", "due", "paid", "in_advance", "late",
            "outstanding"))


def _as_rows(op: dict) -> list[dict]:
    if "rows" in op:
        return op["rows"]
    head, *rest = op["table"]
    return [dict(zip(head, row)) for row in rest]


def _transactions(op: dict) -> Iterable[str]:
    rows = _as_rows(op)
    flagged = any("Reverted" in row for row in rows) or not rows
    yield f"transactions {len(rows)}" + ("" if flagged else " unflagged")
    for row in rows:
        flags = "".join(" " + name.lower() for name in ("Reverted", "Replayed")
                        if row.get(name) == "true")
        amounts = " ".join(words.money(row.get(name)) for name in (
            "Amount", "Principal", "Interest", "Fees", "Penalties", "Loan Balance"))
        over = row.get("Overpayment")
        flags += f" overpaid:{words.money(over)}" if over else ""
        yield f"t {row['Transaction date']} {word(row['Transaction Type'])} {amounts}{flags}"


def _journal(op: dict) -> Iterable[str]:
    yield f"journal {word(op['transaction'])} {words.word(op.get('date'))}"
    for row in op["rows"]:
        side = "debit" if row.get("debit") else "credit"
        yield f"j {row['code']} {side} {words.money(row[side])}"


_TABLES = {"expect_schedule": lambda o: words.schedule(o["rows"]), "expect_totals": _totals,
           "expect_transactions": _transactions, "expect_journal": _journal,
           "reschedule": _reschedule,
           "admin_creates_a_loan_re_aging_transaction_with_the_following_data": _re_age,
           "admin_creates_a_loan_re_aging_transaction_by_loan_external_id_with_the_following_data":
               _re_age}


def _lines(op: dict, known: dict[str, dict]) -> Iterable[str]:
    name = op["op"]
    if name == "create_loan":
        yield from _loan(op["loan"], op.get("variant"),
                         known.get(op["loan"]["LoanProduct"], {}))
        return
    named = _named_loan(op, known)
    if named is not None:
        yield from named
    elif name in _PLAIN:
        yield _PLAIN[name](op)
    elif name in _TABLES:
        yield from _TABLES[name](op)
    elif not _NO_EFFECT.match(name):
        arguments = "".join(f" {word(a)}" for a in op.get("args", []))
        yield f"op {name}{arguments}"


def convert(data, products) -> Iterable[str]:
    """One case a scenario."""
    known = words.by_name(products)
    for case in data:
        yield f"case {case['id'].removeprefix('fineract:')}"
        for op in case["ops"]:
            yield from words.readable(lambda one=op: _lines(one, known))
        yield ""


def split(lines: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
    """A file a feature."""
    files: dict[str, list[str]] = {}
    here: list[str] = []
    for line in lines:
        if line.startswith("case "):
            feature = line.removeprefix("case ").split(":")[0]
            name = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", feature).lower()
            here = files.setdefault("fineract_scenarios_" + name, [])
        here.append(line)
    yield from files.items()
