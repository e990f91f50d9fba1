"""Compares the engine with the model over generated lives; prints TAP.

Usage: compare.py DRIVER [LIVES [SEED]]

Lives are generated with the model's own state, so that every event is one that must be accepted.
The engine is driven through a pipe and must answer each line as the model does.
"""

from __future__ import annotations

import multiprocessing
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
PORTION = 250  # lives a process takes at a time
CHANGES = ("draw", "prepay", "charge", "charge_back", "rate", "pause_interest", "due_day", "pause",
           "accelerate", "charge_off", "write_off", "sell", "cap", "re_amortise", "re_age")


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


def random_change(dice: random.Random, now: Contract, kinds: tuple) -> tuple | None:
    """One of the further events, where it can happen now."""
    kind, day, coming = dice.choice(kinds), now.day, now.open_coming()
    if now.status != "active" or not coming or now.charged_off:
        return None
    if kind == "draw":
        room = now.terms.drawdown_limit - now.drawn
        return ("draw", day, dice.randint(1, room)) if room > 0 else None
    if kind == "charge":
        when = day + timedelta(dice.randint(0, 60))
        return ("charge", day, dice.choice(["fee", "penalty"]), when, dice.randint(1, 3000))
    if kind == "charge_back":
        received = sum(sum(p.paid.values()) - sum(p.back.values()) for p in now.parts)
        return ("charge_back", day, dice.randint(1, received)) if received > 0 else None
    if kind == "rate" and now.terms.bears_interest:
        return ("rate", day, Fraction(dice.randint(0, 2400), 10000),
                dice.choice(["lower_instalment", "fewer_instalments"]))
    if kind == "pause_interest" and now.terms.bears_interest:
        return ("pause_interest", day, day + timedelta(dice.randint(0, 40)), dice.randint(1, 60))
    number = now.parts.index(dice.choice(coming)) + 1
    if kind in ("due_day", "pause") and now.terms.decimals:
        return None
    if kind == "due_day":
        first = max(now.parts[number - 1].period.start, day)
        return ("due_day", day, number, first + timedelta(dice.randint(1, 45)))
    if kind == "pause":
        return ("pause", day, number, dice.randint(1, 60))
    if kind == "prepay":
        owed = sum(part.left() for part in now.parts)
        return ("pay", day, dice.randint(1, owed), "principal", 0, "channel",
                dice.choice(["lower_instalment", "fewer_instalments"]))
    if kind in ("re_amortise", "accelerate", "charge_off", "write_off"):
        return (kind, day)
    if kind == "sell":
        return (kind, day, dice.randint(0, 5000))
    if kind == "cap" and now.cap:
        return (kind, day, Fraction(dice.randint(1, 40), 100))
    if kind == "re_age":
        return (kind, day, dice.randint(1, 12), day + timedelta(dice.randint(1, 40)))
    return None


def random_event(dice: random.Random, t: Terms, kept: Contract, events: list[tuple],
                 kinds: tuple) -> tuple:
    """An event that must be accepted now; `kept` is as of the last one."""
    standing = {i + 2 for i, e in enumerate(events)
                if e[0] == "pay" or kinds and e[0] not in ("day", "reverse")} - \
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
        price = now.drawn - now.returned
        if price > 0 and now.can_still("refund"):
            return ("refund", day, dice.choice([price, dice.randint(1, price)]))
    if what < 0.5:
        return ("day", day)
    if kinds and what < 0.75:
        change = random_change(dice, now, kinds)
        if change:
            return change
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
    while not fits_cap(t) or any(row.due < t.start for row in plan_of(t)):
        t = random_terms(dice, new)
    kinds = CHANGES if new and t.method not in ("flat", "bullet") else ()
    lines = [line_of_terms(t)]
    answers = [answer_plan(t, not new)]
    events: list[tuple] = []
    kept = Contract(t)
    for _ in range(dice.randint(1, 12)):
        event = random_event(dice, t, kept, events, kinds)
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


def stories_of(seeds: list[int]) -> list[tuple[int, list[str], list[str]]]:
    return [(seed, *life(seed)) for seed in seeds]


def differences(driver: str, seeds: list[int]) -> tuple[int, list[str]]:
    """Answers compared over these lives, and what to tell of each life that differs."""
    stories = stories_of(seeds)
    sent = "\n".join(line for _, lines, _ in stories for line in lines) + "\n"
    out = subprocess.run([driver], input=sent, capture_output=True, text=True, check=True).stdout
    got, answered, wrong = iter(out.splitlines()), 0, []
    for seed, lines, answers in stories:
        differs = None
        for line, answer in zip(lines, answers):
            actual = next(got, "nothing")
            answered += 1
            if differs is None and not agrees(answer, actual):
                differs = (line, answer, actual)
        if differs:
            wrong.append(f"# seed {seed}: {lines[0]}\n#   at {differs[0]}\n"
                         f"#   model  {differs[1]}\n#   engine {differs[2]}")
    return answered, wrong


def main(driver: str, lives: int = 2500, first_seed: int = 1) -> int:
    seeds = list(range(first_seed, first_seed + lives))
    portions = [(driver, seeds[i:i + PORTION]) for i in range(0, lives, PORTION)]
    with multiprocessing.Pool() as pool:
        results = pool.starmap(differences, portions)
    answered = sum(count for count, _ in results)
    wrong = [told for _, portion in results for told in portion]
    print("\n".join(wrong[:TOLD_MAX]), end="\n" if wrong else "")
    good = not wrong and answered > 0
    print(f"{'ok' if good else 'not ok'} 1 - engine and model agree on {lives - len(wrong)} of "
          f"{lives} lives, {answered} answers")
    print("1..1")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
