"""Random terms for the model's comparison. Exports: random_terms."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction

from terms import COMPONENTS, LEVEL, Charge, Terms, scheduled_day

MODES = ("half_up", "half_even", "half_down", "up", "down", "ceiling", "floor")
BASES = ("act_365", "act_360", "act_364", "act_act_isda", "act_act_year_end", "act_act_leap_day",
         "30_360_us", "30_360_isda", "30e_360")


def random_method(dice: random.Random, t: Terms) -> None:
    if t.method not in ("interest_free", "fee_per_period"):
        t.rate = Fraction(dice.randint(0, 2400), 10000)
    if t.method == "fee_per_period":
        t.fee_quote = dice.choice(["per_period", "total"])
        t.fee = Fraction(dice.randint(0, 90 if t.fee_quote == "per_period" else 900), 10000)
    if t.method == "balloon":
        t.balloon = dice.randint(0, t.principal)
    if t.method == "stepped":
        firsts = [1] + sorted(dice.sample(range(2, t.count + 1), min(t.count - 1,
                                                                  dice.randint(0, 3))))
        t.steps = tuple((n, Fraction(dice.randint(50, 200), 100)) for n in firsts)
    if t.method == "custom":
        day, left, rows = t.start, t.principal, []
        for number in range(1, t.count + 1):
            day += timedelta(dice.randint(5, 60))
            part = left if number == t.count else dice.randint(0, left // 2)
            rows.append((day, part))
            left -= part
        t.custom = tuple(rows)


def random_periods(dice: random.Random, t: Terms, new: bool) -> None:
    if not new:
        t.basis = dice.choice(["by_month", "by_month", "act_365", "act_360"])
        t.level = dice.choice(["even", "by_month"])
        t.first_by_days = dice.random() < 0.3
        if dice.random() < 0.15:
            t.first_due = t.start + timedelta(dice.randint(1, 60))
        if dice.random() < 0.3:
            t.account_day = dice.randint(1, 31)
        return
    if t.method != "custom":
        what = dice.random()
        if what < 0.15:
            t.unit, t.length = "day", dice.choice([7, 10, 15, 30])
        elif what < 0.3:
            t.unit, t.length = "week", dice.choice([1, 2, 4])
        elif what < 0.34:
            t.unit, t.count = "year", min(t.count, 6)
            t.steps = tuple(step for step in t.steps if step[0] <= t.count)
        elif what < 0.42:
            t.length = dice.choice([2, 3, 6])
            t.count = min(t.count, 12)
            t.steps = tuple(step for step in t.steps if step[0] <= t.count)
        if dice.random() < 0.15:
            short = {"day": t.length, "week": 7 * t.length}.get(t.unit, 28)
            t.first_due = t.start + timedelta(dice.randint(1, min(60, 2 * short)))
        if t.unit == "month":
            t.due_rule = dice.choice(["anniversary", "anniversary", "month_end", "roll_to_first"])
            if dice.random() < 0.3:
                t.account_day, t.due_rule = dice.randint(1, 31), "anniversary"
    t.basis = dice.choice(["by_month", "by_month", "act_365", "act_360", dice.choice(BASES)])
    t.level = dice.choice(["even", "even", "by_month"])
    t.first_by_days = dice.random() < 0.3
    if dice.random() < 0.25:
        t.roll = dice.choice(["following", "modified_following", "modified_following_half_month",
                              "preceding", "modified_preceding", "nearest"])
    t.known_to = dice.choice([2024, 2026, 2026])


def random_extras(dice: random.Random, t: Terms) -> None:
    """R-0143 to R-0151."""
    if dice.random() < 0.15:
        t.multiple = min(t.principal, dice.choice([10, 100, 1000]))
    if dice.random() < 0.2:
        t.adjustments = dice.randint(1, 3)
    if dice.random() < 0.2:
        t.decimals = dice.choice([6, 8, 12, 17])
    if dice.random() < 0.2 and t.count > 1 and t.method != "custom":
        t.principal_grace = dice.randint(1, min(4, t.count - 1))
    if dice.random() < 0.2 and t.bears_interest:
        t.interest_free = dice.randint(1, min(3, t.count))
    if dice.random() < 0.2 and t.bears_interest:
        days = sorted(dice.sample(range(1, 400), dice.randint(1, 3)))
        t.rate_steps = tuple((t.start + timedelta(d), Fraction(dice.randint(0, 2400), 10000))
                             for d in days)
    if dice.random() < 0.15 and t.method != "custom":
        t.down_payment = Fraction(dice.randint(1, 5000), 10000)
    if dice.random() < 0.15 and t.bears_interest:
        t.subsidy = Fraction(dice.randint(1, 100), 100)
    charges = []
    for _ in range(dice.choice([0, 0, 0, 1, 2])):
        c = Charge(dice.choice(["up_front", "per_instalment", "on_drawdown"]), "fixed")
        c.base = dice.choice(["fixed", "principal"])
        if c.time == "per_instalment":
            c.base = dice.choice(["fixed", "principal", "instalment_principal",
                                  "instalment_interest", "instalment"])
        if c.base == "fixed":
            c.fixed = dice.randint(1, min(500, t.principal))
        else:
            c.rate = Fraction(dice.randint(1, 200), 10000)
            c.least = dice.choice([0, dice.randint(1, min(200, t.principal))])
            c.most = dice.choice([0, c.least + dice.randint(1, 500)])
        charges.append(c)
    t.charges = tuple(charges)


def random_contingent(dice: random.Random, t: Terms) -> None:
    t.penalty = Fraction(dice.choice([0, 25, 50, 75, 100]), 100000)
    t.penalty_on = tuple(c for c in ("principal", "interest", "fee") if dice.random() < 0.75)
    t.grace = dice.choice([0, 0, 0, 3, 5])
    t.grace_kind = dice.choice(["reporting_only", "interest_free"])
    t.late_fee = dice.choice([0, 0, min(t.principal, dice.randint(0, 1500))])
    t.cap = Fraction(dice.choice([0, 0, 24, 30, 36]), 100)
    t.settle = dice.choice(["by_day", "current_period", "remaining_fees", "full"])
    t.extension_times, t.extension_days = dice.randint(0, 2), dice.randint(0, 40)
    t.extension_fee = dice.choice([0, min(t.principal, dice.randint(0, 500))])
    t.extension_rate = Fraction(dice.choice([0, 25, 50]), 100000)
    t.window = dice.choice([0, 7, 7, 10])
    t.vertical = dice.random() < 0.3
    if dice.random() < 0.4:
        t.allocation = tuple(dice.sample(COMPONENTS, 4))
        t.classes = tuple(dice.sample(("overdue", "due", "in_advance"), 3))


def random_order(dice: random.Random) -> tuple:
    return (dice.random() < 0.3, dice.choice(["next", "last", "evenly"]),
            tuple(dice.sample(("overdue", "due", "in_advance"), 3)),
            tuple(dice.sample(COMPONENTS, 4)))


def random_further(dice: random.Random, t: Terms) -> None:
    """R-0200 to R-0222."""
    t.late_fee_rate = Fraction(dice.choice([0, 0, dice.randint(1, 500)]), 10000)
    t.late_fee_most = dice.choice([0, 0, dice.randint(1, 3000)])
    t.compound = Fraction(dice.choice([0, 0, 25, 50]), 100000)
    t.contract_multiple = Fraction(dice.choice([0, 0, 130, 150]), 100)
    t.advance = dice.choice(["next", "next", "last", "evenly"])
    for source in ("credit_balance", "goodwill", "shop"):
        if dice.random() < 0.15:
            t.overrides[source] = random_order(dice)
    t.principal_first = dice.choice([0, 0, 0, 10, 30, 90])
    t.credit_order = tuple(dice.sample(COMPONENTS, 4))
    t.charge_off_rule = dice.choice(["keep", "zero_interest", "accelerate"])
    t.recognition = dice.choice(["when_due", "daily"])
    t.non_accrual = dice.choice([0, 0, 30, 90])
    if dice.random() < 0.5:
        t.drawdown_limit = min(10**12, t.principal * dice.choice([1, 2, 5]))


def random_terms(dice: random.Random, new: bool) -> Terms:
    methods = ["equal_instalment", "equal_instalment", "equal_principal", "interest_only",
               "interest_free", "fee_per_period"]
    if new:
        methods += ["flat", "bullet", "balloon", "stepped", "custom"]
    t = Terms(method=dice.choice(methods),
              principal=dice.choice([dice.randint(1, 50), dice.randint(51, 99999),
                                     dice.randint(100000, 5000000)]),
              count=dice.choice([1, 2, 3, 6, 6, 9, 12, 12, 24]),
              start=date(2023, 1, 1) + timedelta(dice.randint(0, 1500)))
    random_method(dice, t)
    random_periods(dice, t, new)
    t.rounding = dice.choice(["half_up", "half_up", dice.choice(MODES)])
    t.principal_rounding = dice.choice(["half_up", "floor", dice.choice(MODES)])
    if t.method not in LEVEL and dice.random() < 0.2:
        t.remainder = "first"
    if new:
        random_extras(dice, t)
    random_contingent(dice, t)
    if new:
        random_further(dice, t)
    return t
