"""Terms and events of the model as the words that the engine's driver reads.

Exports: percent, yuan, line_of_terms, line_of_event.
"""

from __future__ import annotations

from fractions import Fraction

from terms import BILLION, COMPONENTS, Terms

EVENT_KINDS = {"draw": ("drawn_down", ("amount",)),
               "charge": ("charge_added", ("component", "other_day", "amount")),
               "charge_back": ("charged_back", ("amount",)),
               "rate": ("rate_changed", ("rate", "effect")),
               "pause_interest": ("interest_paused", ("other_day", "days")),
               "due_day": ("due_day_changed", ("instalment", "other_day")),
               "pause": ("paused", ("instalment", "days")),
               "re_age": ("re_aged", ("count", "other_day")),
               "re_amortise": ("re_amortised", ()),
               "accelerate": ("accelerated", ()),
               "charge_off": ("charged_off", ()),
               "write_off": ("written_off", ()),
               "sell": ("sold", ("amount",)),
               "cap": ("cap_changed", ("rate",))}
SOURCES = {"channel": "pay", "credit_balance": "pay_from_credit", "goodwill": "goodwill",
           "shop": "shop_pays", "interest_refund": "interest_refund",
           "charge_refund": "charge_refund", "down_payment": "down_payment"}


def percent(rate: Fraction) -> str:
    """A rate as the driver reads it: a percentage of at most seven decimals."""
    whole = int(rate * BILLION)
    return f"{whole // 10**7}.{whole % 10**7:07d}%"


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def line_of_terms(t: Terms) -> str:
    on = [int(c in t.penalty_on) for c in ("principal", "interest", "fee")]
    words = ["terms", "method", t.method, "principal", yuan(t.principal), "count", t.count,
             "rate", percent(t.rate), "fee", percent(t.fee), "fee_quote", t.fee_quote,
             "basis", t.basis, "level", t.level, "first_by_days", int(t.first_by_days),
             "start", t.start, "rounding", t.rounding, "principal_rounding", t.principal_rounding,
             "remainder", t.remainder, "penalty", percent(t.penalty), "penalty_on_principal",
             on[0], "penalty_on_interest", on[1], "penalty_on_fee", on[2], "grace", t.grace,
             "grace_kind", t.grace_kind, "late_fee", yuan(t.late_fee), "cap", percent(t.cap),
             "settle", t.settle, "extension_times", t.extension_times,
             "extension_days", t.extension_days, "extension_fee", yuan(t.extension_fee),
             "extension_rate", percent(t.extension_rate), "window", t.window,
             "vertical", int(t.vertical), "classes", *t.classes, "allocation", *t.allocation]
    if t.first_due:
        words += ["first_due", t.first_due]
    words += ["account_day", t.account_day] if t.account_day else ["due_rule", t.due_rule]
    return " ".join(map(str, words + further_terms(t)))


def further_terms(t: Terms) -> list:
    """What is told only when it is not the usual."""
    usual = Terms("", 0, 0, t.start)
    scalars = [("interest_on", t.interest_on, usual.interest_on),
               ("overdue_bears_interest", int(t.overdue_bears), 0),
               ("period_unit", t.unit, usual.unit), ("period_length", t.length, usual.length),
               ("due_roll", t.roll, usual.roll), ("multiple", yuan(t.multiple), "0.00"),
               ("level_adjustments", t.adjustments, 0), ("factor_decimals", t.decimals, 0),
               ("principal_grace_count", t.principal_grace, 0),
               ("interest_free_count", t.interest_free, 0), ("balloon", yuan(t.balloon), "0.00"),
               ("down_payment", percent(t.down_payment), percent(Fraction(0))),
               ("drawdown_limit", yuan(t.drawdown_limit), "0.00"),
               ("subsidy.share", percent(t.subsidy), percent(Fraction(0))),
               ("penalty.late_fee_rate", percent(t.late_fee_rate), percent(Fraction(0))),
               ("penalty.late_fee_most", yuan(t.late_fee_most), "0.00"),
               ("penalty.compound_rate", percent(t.compound), percent(Fraction(0))),
               ("penalty.contract_multiple", percent(t.contract_multiple), percent(Fraction(0))),
               ("allocation.advance", t.advance, "next"),
               ("principal_first_days", t.principal_first, 0),
               ("charge_off_rule", t.charge_off_rule, "keep"),
               ("recognition", t.recognition, "when_due"),
               ("non_accrual_days", t.non_accrual, 0)]
    words = [word for name, value, usually in scalars if value != usually
             for word in (name, value)]
    if t.roll != "none":
        words += ["holidays_known_to", t.known_to]
    for number, share in t.steps:
        words += ["step", number, percent(share)]
    for day, principal in t.custom:
        words += ["custom", day, yuan(principal)]
    for day, rate in t.rate_steps:
        words += ["rate_step", day, percent(rate)]
    for c in t.charges:
        words += ["charge", c.time, c.base, yuan(c.fixed), percent(c.rate), yuan(c.least),
                  yuan(c.most)]
    for source, (vertical, advance, classes, order) in t.overrides.items():
        words += ["override", source, int(vertical), advance]
        for name in classes:
            words += [name, *order]
    return words + ["credit_order", *t.credit_order]


def line_of_event(event: tuple) -> str:
    """The line of an event (kind, day, values…)."""
    kind, day, rest = event[0], event[1], list(event[2:])
    if kind == "pay":
        amount, target, number, source, effect = rest
        if target == "principal":
            return (f"event {day} payment_settled amount {yuan(amount)} target {target} "
                    f"source {source} effect {effect}")
        tail = f" {number}" if target == "instalment" else ""
        return f"{SOURCES[source]} {day} {yuan(amount)} {target}{tail}"
    if kind == "waive":
        return f"waive {day} {rest[0]} {yuan(rest[1])} {rest[2]}"
    if kind == "refund":
        return f"refund {day} {yuan(rest[0])}"
    if kind not in EVENT_KINDS:
        return " ".join(map(str, [kind, day, *rest]))
    name, fields = EVENT_KINDS[kind]
    words = ["event", day, name]
    for field, value in zip(fields, rest):
        value = yuan(value) if field == "amount" else value
        words += [field, percent(value) if field == "rate" else value]
    if len(rest) > len(fields):
        for component, part in zip(COMPONENTS, rest[-1]):
            words += ["part", component, yuan(part)] if part else []
    return " ".join(map(str, words))
