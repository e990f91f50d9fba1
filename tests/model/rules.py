"""A slow, independent model of a contract's life, written from spec/rules.md with exact fractions.

Exports: Contract, told. Nothing here is taken from the C code; where the
engine keeps running sums, the model keeps the history and adds it up again each time.
"""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from terms import BILLION, COMPONENTS, Row, Terms, part_of_year, plan_of, rounded

ORDINARY = ("fee", "interest", "principal")


@dataclass
class Stretch:
    """Days from..to on which an instalment stood as it did."""

    begin: date
    end: date
    due: date
    owed: dict[str, int]


@dataclass
class Instalment:
    """One 期 with its history."""

    scheduled: date
    due: date
    charged: dict[str, int]
    paid: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COMPONENTS, 0))
    waived: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COMPONENTS, 0))
    extension_fee: int = 0
    settled: date | None = None
    past: list[Stretch] = field(default_factory=list)

    def owed(self, component: str) -> int:
        """R-0022."""
        return self.charged[component] - self.paid[component] - self.waived[component]

    def left(self) -> int:
        """All four components."""
        return sum(self.owed(c) for c in COMPONENTS)

    def net(self, component: str) -> int:
        """Charged and not waived."""
        return self.charged[component] - self.waived[component]


class Weights:
    """R-0044: what each day weighs, in billionths of a year, as running totals from the start."""

    def __init__(self, terms: Terms, rows: list[Row]):
        self.start = terms.start
        self.totals = [0]
        self.after = math.ceil(Fraction(BILLION, 360 if terms.basis == "act_360" else 365))
        for row in rows:
            period = row.period
            days = period.days
            part = part_of_year(terms, period, period.start, period.end)
            weight = math.ceil(part * BILLION / days)
            for _ in range(days):
                self.totals.append(self.totals[-1] + weight)

    def until(self, day: date) -> int:
        """The total up to the beginning of `day`."""
        index = (day - self.start).days
        last = len(self.totals) - 1
        if index <= last:
            return self.totals[index]
        return self.totals[-1] + (index - last) * self.after


class Contract:
    """A contract after some events, told from the beginning."""

    def __init__(self, terms: Terms):
        self.terms = terms
        self.rows = plan_of(terms)
        self.weights = Weights(terms, self.rows)
        self.day = terms.start
        self.status = "active"
        self.closed: date | None = None
        self.overpaid = self.refund_to_customer = self.rebated = self.returned = 0
        self.extensions = 0
        self.principal_past: list[tuple[date, date, int]] = []
        self.parts = [
            Instalment(row.period.end, row.due,
                       {"penalty": 0, "fee": row.fee, "interest": row.interest,
                        "principal": row.principal})
            for row in self.rows]
        self.close_paid()

    def copied(self) -> Contract:
        """An independent copy; what never changes is shared."""
        other = copy(self)
        other.principal_past = list(self.principal_past)
        other.parts = [replace(part, charged=dict(part.charged), paid=dict(part.paid),
                               waived=dict(part.waived), past=list(part.past))
                       for part in self.parts]
        return other

    # time

    def penalty_until(self, part: Instalment, day: date) -> int:
        """R-0040 to R-0045, added up from the instalment's whole history."""
        terms = self.terms
        base_days, principal_time, late = 0, 0, 0
        for stretch in part.past + [self.stretch(part, day)]:
            begin = max(stretch.begin, stretch.due + timedelta(terms.free_grace))
            if stretch.end > begin:
                late = terms.late_fee
                base = sum(stretch.owed[c] for c in terms.penalty_on)
                base_days += base * (stretch.end - begin).days
            begin = max(stretch.begin, stretch.due)
            if stretch.end > begin:
                weight = self.weights.until(stretch.end) - self.weights.until(begin)
                principal_time += stretch.owed["principal"] * weight
        penalty = rounded(base_days * terms.penalty, terms.rounding) + late
        if terms.cap:
            penalty = min(penalty, math.floor(terms.cap * principal_time / BILLION))
        return penalty

    def stretch(self, part: Instalment, day: date) -> Stretch:
        """The days since the last event."""
        return Stretch(self.day, day, part.due, {c: part.owed(c) for c in ORDINARY})

    def pass_to(self, day: date) -> None:
        """R-0021."""
        if day <= self.day:
            return
        owed = sum(part.owed("principal") for part in self.parts)
        if self.status == "active":
            self.principal_past.append((self.day, day, owed))
        for part in self.parts:
            if part.settled is None:
                part.charged["penalty"] = self.penalty_until(part, day)
                part.past.append(self.stretch(part, day))
        self.day = day

    def cost_limit(self) -> int:
        """R-0046."""
        time = sum(owed * (self.weights.until(end) - self.weights.until(begin))
                   for begin, end, owed in self.principal_past)
        return math.floor(self.terms.cap * time / BILLION) + self.terms.count

    # states

    def class_of(self, part: Instalment) -> str:
        """R-0023."""
        if self.day > part.due:
            return "overdue"
        return "due" if self.day >= part.due - timedelta(self.terms.window) else "in_advance"

    def state_of(self, part: Instalment) -> str:
        """The word for an instalment's state."""
        if part.settled is not None:
            principal = part.charged["principal"]
            whole = principal > 0 and part.waived["principal"] == principal
            return "refunded" if whole else "settled"
        return {"overdue": "overdue", "due": "due", "in_advance": "upcoming"}[self.class_of(part)]

    def close_paid(self) -> None:
        """R-0022, R-0024, R-0046, R-0061."""
        for part in self.parts:
            if part.settled is None and part.left() == 0:
                part.settled = self.day
        if any(part.settled is None for part in self.parts):
            return
        cost = sum(part.paid[c] for part in self.parts for c in ("penalty", "fee", "interest"))
        if self.closed is None:
            self.closed = self.day
        if self.returned == self.terms.principal:
            self.status, self.rebated = "refunded", cost
        elif self.status == "active":
            self.status = "settled"
            if self.terms.cap:
                self.rebated = max(0, cost - self.cost_limit())

    # events

    def pay(self, amount: int, target: str, number: int, _source: str, _effect: str) -> None:
        """R-0026, R-0030 to R-0033, R-0050."""
        if target == "settle" and self.status == "active":
            keeps = self.settle_keeps()
            if amount >= self.settle_total(keeps):
                for part, (interest, fee) in zip(self.parts, keeps):
                    if part.settled is None:
                        part.waived["interest"] = part.charged["interest"] - interest
                        part.waived["fee"] = part.charged["fee"] - fee
        taken = {"overdue": ("overdue",), "due": ("overdue", "due"),
                 "in_advance": ("in_advance",)}.get(target, ("overdue", "due", "in_advance"))
        open_parts = [part for i, part in enumerate(self.parts, 1)
                      if part.settled is None and (target != "instalment" or i == number)]
        for group in self.terms.classes:
            if group not in taken:
                continue
            members = [part for part in open_parts if self.class_of(part) == group]
            if self.terms.vertical:
                turns = [(part, c) for c in self.terms.allocation for part in members]
            else:
                turns = [(part, c) for part in members for c in self.terms.allocation]
            for part, component in turns:
                share = min(amount, part.owed(component))
                part.paid[component] += share
                amount -= share
        self.overpaid += amount

    def settle_keeps(self) -> list[tuple[int, int]]:
        """R-0051 to R-0054: interest and fee kept, by instalment."""
        rule, keeps = self.terms.settle, []
        for part, row in zip(self.parts, self.rows):
            if part.settled is not None:
                keeps.append([part.net("interest"), part.net("fee")])
                continue
            length = row.period.days
            elapsed = min(length, max(0, (self.day - row.period.start).days))
            extension = min(part.extension_fee, part.net("fee"))
            interest, fee = part.net("interest"), part.net("fee") - extension
            share = Fraction(elapsed, length)
            if rule in ("by_day", "remaining_fees"):
                interest = rounded(interest * share, self.terms.rounding)
            if rule == "by_day":
                fee = rounded(fee * share, self.terms.rounding)
            if rule == "current_period" and elapsed == 0:
                interest = fee = 0
            keeps.append([max(interest, part.paid["interest"]),
                          max(fee + extension, part.paid["fee"])])
        if self.terms.cap:
            self.cut_to_cap(keeps)
        return [tuple(keep) for keep in keeps]

    def cut_to_cap(self, keeps: list[list[int]]) -> None:
        """R-0054."""
        cost = sum(map(sum, keeps)) + sum(part.net("penalty") for part in self.parts)
        excess = max(0, cost - self.cost_limit())
        for part, keep in zip(reversed(self.parts), reversed(keeps)):
            for index, component in ((1, "fee"), (0, "interest")):
                cut = min(excess, keep[index] - part.paid[component])
                keep[index] -= cut
                excess -= cut

    def settle_total(self, keeps: list[tuple[int, int]]) -> int:
        """R-0050."""
        return sum(part.owed("principal") + part.owed("penalty") +
                   interest - part.paid["interest"] + fee - part.paid["fee"]
                   for part, (interest, fee) in zip(self.parts, keeps))

    def waive(self, component: str, amount: int, number: int) -> None:
        """R-0027, R-0057."""
        for i, part in enumerate(self.parts, 1):
            if number in (0, i):
                share = min(amount, part.owed(component))
                part.waived[component] += share
                amount -= share

    def extend(self, number: int, days: int) -> None:
        """R-0027, R-0043, R-0045, R-0058, R-0059."""
        part, terms = self.parts[number - 1], self.terms
        if part.settled is not None:
            return
        later = part.due + timedelta(days)
        begin = max(part.due, self.day)
        gained = max(0, (later - begin).days)
        cost = terms.extension_fee + rounded(
            part.left() * terms.extension_rate * gained, terms.rounding)
        if terms.cap:
            weight = self.weights.until(later) - self.weights.until(begin) if gained else 0
            cost = min(cost, math.floor(terms.cap * part.owed("principal") * weight / BILLION))
        part.due = later
        part.charged["fee"] += cost
        part.extension_fee += cost
        self.extensions += 1

    def refund(self, amount: int) -> None:
        """R-0060 to R-0062."""
        price = self.terms.principal - self.returned
        before = [sum(p.net("principal") for p in self.parts[i:]) for i in range(len(self.parts))]
        left = amount
        for part in reversed(self.parts):
            share = min(left, part.owed("principal"))
            part.waived["principal"] += share
            left -= share
        after = [sum(p.net("principal") for p in self.parts[i:]) for i in range(len(self.parts))]
        self.refund_to_customer += left
        self.returned += amount
        for i, part in enumerate(self.parts):
            if part.settled is not None:
                continue
            if self.returned == self.terms.principal:
                for component in COMPONENTS:
                    part.waived[component] += part.owed(component)
            elif part.scheduled > self.day:
                if before[i] > 0:
                    self.lower(part, "interest", 0, Fraction(after[i], before[i]))
                self.lower(part, "fee", part.extension_fee, Fraction(price - amount, price))

    def lower(self, part: Instalment, component: str, fixed: int, ratio: Fraction) -> None:
        """R-0062 for one charge."""
        net = part.net(component)
        kept = min(net, fixed)
        target = max(part.paid[component],
                     kept + rounded((net - kept) * ratio, self.terms.rounding))
        part.waived[component] += net - target

    def happen(self, event: tuple, void: bool) -> None:
        """One event: (kind, day, …)."""
        kind, day = event[0], event[1]
        self.pass_to(day)
        if kind == "pay" and not void:
            self.pay(*event[2:])
        elif kind == "waive":
            self.waive(*event[2:])
        elif kind == "extend":
            self.extend(*event[2:])
        elif kind == "refund":
            self.refund(*event[2:])
        self.close_paid()

    # questions

    def days_overdue(self) -> int:
        """R-0070."""
        dues = [part.due for part in self.parts if part.settled is None]
        return max(0, (self.day - min(dues)).days) if dues else 0

    def bucket(self) -> str:
        """R-0071."""
        days = self.days_overdue()
        if days > 180:
            return "M6+"
        return f"M{(days + 29) // 30}"

    def bureau(self) -> str:
        """R-0073."""
        day, grace = self.day, self.terms.grace
        month = (day.year, day.month)
        if self.closed is not None:
            return "C" if (self.closed.year, self.closed.month) == month else "/"
        days = self.days_overdue()
        if days > grace:
            return str(min(7, (days + 29) // 30))
        this_month = [part for part in self.parts
                      if (part.due.year, part.due.month) == month and part.due <= day]
        if any(part.settled is not None and (part.settled - part.due).days > grace
               for part in this_month):
            return "M"
        return "N" if this_month else "*"


def told(terms: Terms, events: list[tuple]) -> Contract:
    """R-0020, R-0025: the contract after `events`, given in order of recording."""
    contract = Contract(terms)
    reversed_ones = {event[2] for event in events if event[0] == "reverse"}
    order = sorted(range(len(events)), key=lambda i: (events[i][1], i))
    for i in order:
        contract.happen(events[i], i + 2 in reversed_ones)  # the activation is event 1
    return contract
