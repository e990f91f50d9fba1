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

from generate import random_terms
from rules import Contract, told
from terms import BILLION, COMPONENTS, Terms, monthly_rate, plan_of, rounded
from words import line_of_event, line_of_terms

TOLD_MAX = 5


def fits_cap(t: Terms) -> bool:
    """R-0045, the last sentence."""
    if not t.cap:
        return True
    contract, rows = Contract(t), plan_of(t)
    left, time = contract.balance, 0
    for row in rows:
        if row.kind == "regular":
            time += left * contract.weight(row.period.start, row.period.end)
            left -= row.principal
    cost = sum(row.interest + row.fee for row in rows)
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
    number = dice.randint(1, len(now.parts)) if target == "instalment" else 0
    source = dice.choice(["channel", "channel", "credit_balance", "goodwill", "shop"])
    return ("pay", now.day, max(1, amount), target, number, source, "")


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
        return ("pay", back, dice.randint(1, t.principal), dice.choice(["due", "order"]), 0,
                "channel", "")
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


def answer_plan(t: Terms, plain: bool) -> str:
    rows = plan_of(t)
    rates: list = ["*"] * 3
    if plain:
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
    parts = [f"| {row.kind} {row.period.start} {row.period.end} {row.due} {row.principal} "
             f"{row.interest} {row.subsidy} {row.fee}" for row in rows]
    return " ".join(["plan", *map(str, rates), *parts])


def agrees(answer: str, actual: str) -> bool:
    """A star of the model's stands for any word."""
    told, got = answer.split(), actual.split()
    return len(told) == len(got) and all(t in ("*", g) for t, g in zip(told, got))


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
    new = seed % 4 != 0
    if seed % 8 == 1:
        return plan_alone(dice)
    t = random_terms(dice, new)
    while not fits_cap(t):
        t = random_terms(dice, new)
    lines = [line_of_terms(t)]
    answers = [answer_plan(t, not new)]
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


def plan_alone(dice: random.Random) -> tuple[list[str], list[str]]:
    """Terms with everything that a plan may have, and nothing that happens."""
    t = random_terms(dice, True)
    t.cap = Fraction(0)
    return [line_of_terms(t)], [answer_plan(t, False)]


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
            if differs is None and not agrees(answer, actual):
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
