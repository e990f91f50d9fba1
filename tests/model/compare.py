"""Compares the engine with the model over generated lives; prints TAP.

Usage: compare.py DRIVER [LIVES [SEED]]

Lives are generated with the model's own state, so that every event is one that must be accepted.
The engine is driven through a pipe and must answer each line as the model does.
"""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date, timedelta
from fractions import Fraction

from rules import COMPONENTS, BILLION, Contract, Terms, monthly_rate, plan_of, rounded, told

TOLD_MAX = 5


def percent(rate: Fraction) -> str:
    """A rate as the driver reads it: a percentage of at most seven decimals."""
    return f"{int(rate * BILLION) / 10**7:.7f}%"


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def line_of_terms(t: Terms) -> str:
    words = ["terms", "method", t.method, "principal", yuan(t.principal), "count", t.count,
             "rate", percent(t.rate), "fee", percent(t.fee), "fee_quote", t.fee_quote,
             "basis", t.basis, "level", t.level, "first_by_days", int(t.first_by_days),
             "start", t.start]
    if t.first_due:
        words += ["first_due", t.first_due]
    if t.account_day:
        words += ["account_day", t.account_day]
    return " ".join(map(str, words))


def contingent_terms(t: Terms) -> list[str]:
    """What the plan does not need, as words."""
    on = [int(c in t.penalty_on) for c in ("principal", "interest", "fee")]
    return list(map(str, [
        "rounding", t.rounding, "principal_rounding", t.principal_rounding,
        "remainder", t.remainder, "penalty", percent(t.penalty), "penalty_on_principal", on[0],
        "penalty_on_interest", on[1], "penalty_on_fee", on[2], "grace", t.grace,
        "grace_kind", t.grace_kind, "late_fee", yuan(t.late_fee), "cap", percent(t.cap),
        "settle", t.settle, "extension_times", t.extension_times,
        "extension_days", t.extension_days, "extension_fee", yuan(t.extension_fee),
        "extension_rate", percent(t.extension_rate), "window", t.window,
        "vertical", int(t.vertical), "classes", *t.classes, "allocation", *t.allocation]))


def random_terms(dice: random.Random) -> Terms:
    method = dice.choice(["equal_instalment", "equal_principal", "interest_only",
                          "interest_free", "fee_per_period"])
    t = Terms(method=method, principal=dice.choice([dice.randint(1, 50), dice.randint(51, 99999),
                                                    dice.randint(100000, 5000000)]),
              count=dice.choice([1, 2, 3, 6, 6, 9, 12, 12, 24]),
              start=date(2023, 1, 1) + timedelta(dice.randint(0, 1500)))
    if method in ("equal_instalment", "equal_principal", "interest_only"):
        t.rate = Fraction(dice.randint(0, 2400), 10000)
    if method == "fee_per_period":
        t.fee_quote = dice.choice(["per_period", "total"])
        t.fee = Fraction(dice.randint(0, 90 if t.fee_quote == "per_period" else 900), 10000)
    t.basis = dice.choice(["by_month", "by_month", "act_365", "act_360"])
    t.level = dice.choice(["even", "by_month"])
    t.first_by_days = dice.random() < 0.3
    if dice.random() < 0.3:
        t.account_day = dice.randint(1, 31)
    if dice.random() < 0.15:
        t.first_due = t.start + timedelta(dice.randint(1, 60))
    modes = ["half_up", "half_even", "half_down", "up", "down", "ceiling", "floor"]
    t.rounding = dice.choice(["half_up", "half_up", dice.choice(modes)])
    t.principal_rounding = dice.choice(["half_up", "floor", dice.choice(modes)])
    if method != "equal_instalment" and dice.random() < 0.2:
        t.remainder = "first"
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
    return t


def fits_cap(t: Terms) -> bool:
    """R-0045, the last sentence."""
    if not t.cap:
        return True
    contract = Contract(t)
    left, time = t.principal, 0
    for row in contract.rows:
        weight = contract.weights.until(row.due) - contract.weights.until(row.start)
        time += left * weight
        left -= row.principal
    cost = sum(row.interest + row.fee for row in contract.rows)
    return cost <= int(t.cap * time // BILLION) + t.count


def random_payment(dice: random.Random, now: Contract) -> tuple:
    left = sum(part.left() for part in now.parts)
    owed = sum(part.left() for part in now.parts
               if part.settled is None and now.class_of(part) != "in_advance")
    target = dice.choice(["overdue", "due", "instalment", "order", "order", "in_advance",
                          "settle", "settle"])
    amount = dice.choice([owed, dice.randint(1, left + 1), dice.randint(1, left // 5 + 1), left,
                          dice.randint(1, 9)])
    if target == "settle" and now.status == "active" and dice.random() < 0.7:
        amount = now.settle_total(now.settle_keeps())
    number = dice.randint(1, now.terms.count) if target == "instalment" else 0
    return ("pay", now.day, max(1, amount), target, number)


def random_event(dice: random.Random, t: Terms, kept: Contract, events: list[tuple]) -> tuple:
    """An event that must be accepted now; `kept` is as of the last one."""
    standing = {i + 2 for i, e in enumerate(events) if e[0] == "pay"} - \
        {e[2] for e in events if e[0] == "reverse"}
    day = kept.day + timedelta(dice.choice([0, 1, dice.randint(0, 30), dice.randint(0, 70)]))
    now = kept.copied()
    now.pass_to(day)
    what = dice.random()
    if what < 0.08:
        back = t.start + timedelta(dice.randint(0, (kept.day - t.start).days))
        return ("pay", back, dice.randint(1, t.principal), dice.choice(["due", "order"]), 0)
    if what < 0.16 and standing:
        return ("reverse", day, dice.choice(sorted(standing)))
    if what < 0.24 and now.status == "active":
        component = dice.choice(["penalty", "fee", "interest"])
        owed = sum(part.owed(component) for part in now.parts)
        if owed > 0:
            return ("waive", day, component, dice.randint(1, owed), 0)
    if what < 0.34 and now.status == "active" and now.extensions < t.extension_times:
        open_ones = [i for i, part in enumerate(now.parts, 1) if part.settled is None]
        number = dice.choice(open_ones)
        least = max(1, (day - now.parts[number - 1].due).days + 1)
        if least <= t.extension_days:
            return ("extend", day, number, dice.randint(least, t.extension_days))
    if what < 0.40:
        price = t.principal - now.returned
        if price > 0:
            return ("refund", day, dice.choice([price, dice.randint(1, price)]))
    if what < 0.5:
        return ("day", day)
    return random_payment(dice, now)


def line_of_event(event: tuple) -> str:
    kind, day, rest = event[0], event[1], list(event[2:])
    if kind == "pay":
        rest = [yuan(rest[0]), rest[1]] + ([rest[2]] if rest[1] == "instalment" else [])
    elif kind == "waive":
        rest = [rest[0], yuan(rest[1]), rest[2]]
    elif kind == "refund":
        rest = [yuan(rest[0])]
    return " ".join(map(str, [kind, day, *rest]))


def answer_plan(t: Terms) -> str:
    rows = plan_of(t)
    amounts = [row.principal + row.interest + row.fee for row in rows]
    i = monthly_rate(t.principal, amounts)
    left, balances = t.principal, 0
    for row in rows:
        balances += left
        left -= row.principal
    cost = sum(row.interest + row.fee for row in rows)
    rates = [rounded(12 * i * BILLION, "half_up"),
             rounded(((1 + i)**12 - 1) * BILLION, "half_up"),
             rounded(Fraction(cost * 12 * BILLION, balances), "half_up")]
    parts = [f"| {row.due} {row.principal} {row.interest} {row.fee}" for row in rows]
    return " ".join(["plan", *map(str, rates), *parts])


def answer_state(c: Contract) -> str:
    words = ["state", c.status, c.overpaid, c.refund_to_customer, c.rebated]
    for part in c.parts:
        words += ["|", part.due, part.settled or "-", c.state_of(part)]
        words += [f"{part.charged[n]}/{part.paid[n]}/{part.waived[n]}" for n in COMPONENTS]
    return " ".join(map(str, words))


def answer_question(kept: Contract, day: date) -> str:
    c = kept.copied()
    c.pass_to(day)
    open_ones = [part for part in c.parts if part.settled is None]
    now = [part for part in open_ones if c.class_of(part) != "in_advance"]
    overdue = [part for part in open_ones if c.class_of(part) == "overdue"]
    left = sum(part.left() for part in open_ones)
    settle = [0] * 5
    if c.status == "active":
        keeps = c.settle_keeps()
        settle = [c.settle_total(keeps), sum(p.owed("principal") for p in c.parts),
                  sum(k[0] - p.paid["interest"] for p, k in zip(c.parts, keeps)),
                  sum(k[1] - p.paid["fee"] for p, k in zip(c.parts, keeps)),
                  sum(p.owed("penalty") for p in c.parts)]
    words = [sum(p.left() for p in now), sum(p.left() for p in overdue), left,
             sum(p.owed("penalty") for p in now), c.days_overdue()]
    bucket, bureau = c.bucket(), c.bureau()
    c.pass_to(day + timedelta(1))
    further = sum(part.left() for part in c.parts) - left
    return " ".join(map(str, ["answer", *words, further, *settle, bucket, bureau]))


def life(seed: int) -> tuple[list[str], list[str]]:
    """The lines of one life and the answers that the model gives."""
    dice = random.Random(seed)
    t = random_terms(dice)
    while not fits_cap(t):
        t = random_terms(dice)
    lines = [line_of_terms(t) + " " + " ".join(contingent_terms(t))]
    answers = [answer_plan(t)]
    events: list[tuple] = []
    kept = Contract(t)
    for _ in range(dice.randint(1, 12)):
        event = random_event(dice, t, kept, events)
        in_order = event[1] >= kept.day and event[0] != "reverse"
        events.append(event)
        if in_order:
            kept.happen(event, False)
        else:
            kept = told(t, events)
        lines.append(line_of_event(event))
        answers.append(answer_state(kept))
        day = kept.day + timedelta(dice.randint(0, 45))
        lines.append(f"ask {day}")
        answers.append(answer_question(kept, day))
    return lines, answers


def main(driver: str, lives: int = 2500, first_seed: int = 1) -> int:
    stories = [life(first_seed + i) for i in range(lives)]
    sent = "\n".join(line for lines, _ in stories for line in lines) + "\n"
    out = subprocess.run([driver], input=sent, capture_output=True, text=True, check=True).stdout
    got = iter(out.splitlines())
    wrong, answered = 0, 0
    for i, (lines, answers) in enumerate(stories):
        differs = None
        for line, answer in zip(lines, answers):
            actual = next(got, "nothing")
            answered += 1
            if differs is None and actual != answer:
                differs = (line, answer, actual)
        if differs:
            wrong += 1
            if wrong <= TOLD_MAX:
                print(f"# seed {first_seed + i}: {lines[0]}")
                print(f"#   at {differs[0]}\n#   model  {differs[1]}\n#   engine {differs[2]}")
    good = wrong == 0 and answered > 0 and next(got, None) is None
    print(f"{'ok' if good else 'not ok'} 1 - engine and model agree on {lives - wrong} of {lives} "
          f"lives, {answered} answers")
    print("1..1")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
