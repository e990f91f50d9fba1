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

from changes import Changes
from life_parts import ORDINARY, Part, Stretch
from terms import BILLION, COMPONENTS, Row, Terms, part_of_year, plan_of, rounded


class Contract(Changes):
    """A contract after some events, told from the beginning."""

    def __init__(self, terms: Terms):
        self.terms = terms
        self.day = terms.start
        self.status = "active"
        self.closed: date | None = None
        self.overpaid = self.refund_to_customer = self.rebated = self.returned = 0
        self.extensions = 0
        self.charged_off = self.accelerated = False
        self.cap = terms.cap
        self.rates = terms.rates()
        self.allowance = Fraction(0)
        self.drawn = terms.principal
        self.parts = [self.part_of(row) for row in plan_of(terms)]
        self.balance = terms.principal - terms.down(terms.principal)
        self.log: list[tuple[date, int]] = [(terms.start, self.balance)]
        self.close_paid()

    @staticmethod
    def part_of(row: Row) -> Part:
        return Part(row.kind, row.period, row.due,
                    {"penalty": 0, "fee": row.fee, "interest": row.interest,
                     "principal": row.principal},
                    level=row.level, grace=row.grace, share=row.share, subsidy=row.subsidy)

    def copied(self) -> Contract:
        """An independent copy; what never changes is shared."""
        other = copy(self)
        other.rates, other.log = list(self.rates), list(self.log)
        other.parts = [replace(part, charged=dict(part.charged), paid=dict(part.paid),
                               waived=dict(part.waived), back=dict(part.back),
                               past=list(part.past))
                       for part in self.parts]
        return other

    def regular(self) -> list[Part]:
        return [part for part in self.parts if part.kind == "regular" and not part.replaced]

    def in_order(self) -> list[Part]:
        """R-0140: by scheduled day, then by number."""
        return sorted(self.parts, key=lambda part: part.scheduled)

    # time

    def weight(self, begin: date, end: date) -> int:
        """R-0044: what the days from begin to end weigh, in billionths of a year."""
        terms, total, at = self.terms, 0, begin
        for part in self.regular():
            period = part.period
            low, high = max(period.start, at), min(period.end, end)
            if low < high:
                whole = part_of_year(terms, period, period.start, period.end)
                total += (high - low).days * math.ceil(whole * BILLION / period.days)
                at = high
        year = 360 if terms.basis == "act_360" else 365
        return total + max(0, (end - at).days) * math.ceil(Fraction(BILLION, year))

    def penalty_rate(self) -> Fraction:
        """R-0201."""
        terms = self.terms
        if not terms.contract_multiple:
            return terms.penalty
        year = 365 if terms.basis == "act_365" else 360
        ceiling = Fraction(math.floor(terms.rate * terms.contract_multiple * BILLION / year),
                           BILLION)
        return min(terms.penalty, ceiling)

    def late_fee(self, owed: dict[str, int]) -> int:
        """R-0202."""
        terms = self.terms
        fee = terms.late_fee + rounded(sum(owed.values()) * terms.late_fee_rate, terms.rounding)
        return min(fee, terms.late_fee_most) if terms.late_fee_most else fee

    def penalty_until(self, part: Part, day: date) -> int:
        """R-0040 to R-0045, R-0200 to R-0203, added up from the row's whole history."""
        terms = self.terms
        base_days, compound_days, late, allowance = 0, 0, 0, Fraction(0)
        for stretch in part.past + [self.stretch(part, day)]:
            begin = max(stretch.begin, stretch.due + timedelta(terms.free_grace))
            if stretch.end > begin:
                passed = (stretch.end - begin).days
                late = late or self.late_fee(stretch.owed)
                base_days += sum(stretch.owed[c] for c in terms.penalty_on) * passed
                compound_days += stretch.owed["interest"] * passed
            allowance += stretch.allowance
        penalty = late + rounded(base_days * self.penalty_rate(), terms.rounding)
        penalty += rounded(compound_days * terms.compound, terms.rounding)
        if self.cap:
            penalty = min(penalty, math.floor(allowance / BILLION))
        return max(part.charged["penalty"], penalty + part.added_penalty)

    def stretch(self, part: Part, day: date) -> Stretch:
        """The days since the last event."""
        made = Stretch(self.day, day, part.due, {c: part.owed(c) for c in ORDINARY})
        begin = max(self.day, part.due)
        if self.cap and begin < day:
            made.allowance = self.cap * made.owed["principal"] * self.weight(begin, day)
        return made

    def pass_to(self, day: date) -> None:
        """R-0021."""
        if day <= self.day:
            return
        if self.status == "active" and self.cap:
            owed = sum(part.owed("principal") for part in self.parts)
            self.allowance += self.cap * owed * self.weight(self.day, day)
        for part in self.parts:
            if part.settled is None:
                part.charged["penalty"] = self.penalty_until(part, day)
                part.past.append(self.stretch(part, day))
        for part in sorted(self.regular(), key=lambda p: p.scheduled):
            if self.day < part.scheduled <= day:
                self.move_balance(part.scheduled, -part.net("principal"))
        self.day = day

    def move_balance(self, day: date, amount: int) -> None:
        if amount:
            self.balance += amount
            self.log.append((day, self.balance))

    def cost_limit(self) -> int:
        """R-0046."""
        return math.floor(self.allowance / BILLION) + self.terms.count

    # states

    def class_of(self, part: Part) -> str:
        """R-0023."""
        if self.day > part.due:
            return "overdue"
        return "due" if self.day >= part.due - timedelta(self.terms.window) else "in_advance"

    def state_of(self, part: Part) -> str:
        """The word for an instalment's state."""
        if part.settled is not None:
            principal = part.charged["principal"]
            whole = principal > 0 and part.waived["principal"] == principal
            return "refunded" if whole else "settled"
        return {"overdue": "overdue", "due": "due", "in_advance": "upcoming"}[self.class_of(part)]

    def close_rows(self) -> None:
        for part in self.parts:
            if part.settled is None and part.left() == 0:
                part.settled = self.day

    def close_paid(self) -> None:
        """R-0022, R-0024, R-0046, R-0061."""
        self.close_rows()
        if any(part.settled is None for part in self.parts):
            return
        cost = sum(part.paid[c] for part in self.parts for c in ("penalty", "fee", "interest"))
        if self.closed is None:
            self.closed = self.day
        if self.returned == self.drawn:
            self.status, self.rebated = "refunded", cost
        elif self.status == "active":
            self.status = "settled"
            if self.cap:
                self.rebated = max(0, cost - self.cost_limit())

    # events

    def pay(self, amount: int, target: str, number: int, source: str, effect: str) -> None:
        """R-0026, R-0030 to R-0033, R-0050."""
        if target == "settle" and self.status == "active":
            keeps = self.settle_keeps()
            if amount >= self.settle_total(keeps):
                for part, (interest, fee) in zip(self.parts, keeps):
                    if part.settled is None:
                        part.waived["interest"] = part.charged["interest"] - interest
                        part.waived["fee"] = part.charged["fee"] - fee
        classes = {"overdue": ("overdue",), "due": ("overdue", "due"),
                   "in_advance": ("in_advance",), "principal": ("overdue", "due")}
        taken = classes.get(target, ("overdue", "due", "in_advance"))
        if target == "instalment" and number > len(self.parts):
            left = amount
        else:
            only = self.parts[number - 1] if target == "instalment" else None
            left = self.spread(amount, taken, only, source)
        if target == "principal" and self.status == "active":
            left = self.prepay(left, effect)
        self.overpaid += left

    def spread(self, amount: int, taken: tuple, only: Part | None, source: str) -> int:
        """R-0030, R-0031, R-0210 to R-0215; returns what did not fit."""
        terms = self.terms
        vertical, advance, classes, order = terms.overrides.get(
            source, (terms.vertical, terms.advance, terms.classes, terms.allocation))
        if terms.principal_first and self.days_overdue() > terms.principal_first:
            order = ("principal", *(c for c in order if c != "principal"))
        open_parts = [part for part in self.in_order()
                      if part.settled is None and (only is None or part is only)]
        groups = {name: [part for part in open_parts if self.class_of(part) == name]
                  for name in classes}
        for name in classes:
            members = groups[name] if name in taken else []
            if name == "in_advance" and advance == "evenly":
                amount = self.spread_evenly(amount, members, order)
                continue
            if name == "in_advance" and advance == "last":
                members = members[::-1]
            if vertical:
                turns = [(part, c) for c in order for part in members]
            else:
                turns = [(part, c) for part in members for c in order]
            for part, component in turns:
                amount -= self.put(part, component, amount)
        self.close_rows()
        return amount

    @staticmethod
    def put(part: Part, component: str, amount: int) -> int:
        share = min(amount, part.owed(component))
        part.paid[component] += share
        return share

    def spread_evenly(self, amount: int, members: list[Part], order: tuple) -> int:
        """R-0212."""
        while amount > 0:
            members = [part for part in members if part.left() > 0]
            if not members:
                break
            each, used = amount // len(members), 0
            for i, part in enumerate(members):
                share = each if i + 1 < len(members) else amount - each * (len(members) - 1)
                for component in order:
                    put = self.put(part, component, share)
                    share -= put
                    used += put
            amount -= used
        return amount

    def elapsed(self, part: Part) -> tuple[int, int]:
        """R-0051; a row without a period is past."""
        bullet = self.terms.method == "bullet" and part.kind == "regular"
        start = self.terms.start if bullet else part.period.start
        length = (part.scheduled - start).days
        if length == 0:
            return 1, 1
        return min(length, max(0, (self.day - start).days)), length

    def settle_keeps(self) -> list[tuple[int, int]]:
        """R-0051 to R-0054: interest and fee kept, by row."""
        rule, keeps = self.terms.settle, []
        for part in self.parts:
            if part.settled is not None:
                keeps.append([part.net("interest"), part.net("fee")])
                continue
            elapsed, length = self.elapsed(part)
            extension = min(part.extension_fee + part.added_fee, part.net("fee"))
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
        if self.cap:
            self.cut_to_cap(keeps)
        return [tuple(keep) for keep in keeps]

    def cut_to_cap(self, keeps: list[list[int]]) -> None:
        """R-0054."""
        cost = sum(map(sum, keeps)) + sum(part.net("penalty") for part in self.parts)
        excess = max(0, cost - self.cost_limit())
        pairs = sorted(zip(self.parts, keeps), key=lambda pair: pair[0].scheduled)
        for part, keep in reversed(pairs):
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
        only = self.parts[number - 1] if number else None
        for part in self.in_order():
            if only is None or part is only:
                share = min(amount, part.owed(component))
                part.waived[component] += share
                amount -= share

    def extend(self, number: int, days: int) -> None:
        """R-0027, R-0043, R-0045, R-0058, R-0059."""
        if number > len(self.parts):
            return
        part, terms = self.parts[number - 1], self.terms
        if part.settled is not None:
            return
        later = part.due + timedelta(days)
        begin = max(part.due, self.day)
        gained = max(0, (later - begin).days)
        cost = terms.extension_fee + rounded(
            part.left() * terms.extension_rate * gained, terms.rounding)
        if self.cap:
            weight = self.weight(begin, later) if gained else 0
            cost = min(cost, math.floor(self.cap * part.owed("principal") * weight / BILLION))
        part.due = later
        part.charged["fee"] += cost
        part.extension_fee += cost
        self.extensions += 1

    def refund(self, amount: int) -> None:
        """R-0060 to R-0062."""
        self.cut()
        price = self.drawn - self.returned
        order = self.in_order()
        coming = {id(p): sum(q.net("principal") for q in order[i:]) for i, p in enumerate(order)}
        left = amount
        for part in reversed(order):
            share = min(left, part.owed("principal"))
            part.waived["principal"] += share
            left -= share
            if part.scheduled > self.day:
                self.move_balance(self.day, -share)
        after = {id(p): sum(q.net("principal") for q in order[i:]) for i, p in enumerate(order)}
        self.refund_to_customer += left
        self.returned += amount
        for part in self.parts:
            if part.settled is not None:
                continue
            if self.returned == self.drawn:
                for component in ("penalty", "fee", "interest"):
                    part.waived[component] += part.owed(component)
            elif part.scheduled > self.day:
                if coming[id(part)] > 0:
                    self.lower(part, "interest", 0,
                               Fraction(after[id(part)], coming[id(part)]))
                self.lower(part, "fee", part.extension_fee + part.added_fee,
                           Fraction(price - amount, price))

    def lower(self, part: Part, component: str, fixed: int, ratio: Fraction) -> None:
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
        if kind not in ("reverse", "day") and not void and self.can_still(kind):
            getattr(self, "cap_change" if kind == "cap" else kind)(*event[2:])
        self.close_paid()

    def can_still(self, kind: str) -> bool:
        """R-0027: whether the event's circumstances still let it be."""
        if kind in ("pay", "waive", "extend", "cap"):
            return True
        if kind == "refund":
            return not self.charged_off and self.status not in ("written_off", "sold")
        if kind in ("draw", "charge", "charge_back"):
            return self.status in ("active", "settled")
        return self.status == "active"

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
