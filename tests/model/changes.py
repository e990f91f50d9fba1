"""The events that change the plan of what is to come (R-0155 to R-0191). Exports: Changes."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from life_parts import Part, nothing
from terms import (MONTH_ENDS, Period, Row, factor_pieces, rolled, rounded, share_of, solve,
                   split_subsidy, to_multiple)
import days as day_rules


class Changes:
    """What Contract does when its plan changes."""

    # the plan anew

    def coming(self) -> list[Part]:
        """Regular instalments scheduled after today, in the order of their periods."""
        return [part for part in self.parts
                if part.kind == "regular" and not part.replaced and part.scheduled > self.day]

    def open_coming(self) -> list[Part]:
        return [part for part in self.coming() if part.settled is None and part.due >= self.day]

    def borne(self, period: Period, until: date, balance: int) -> Fraction:
        """What the period bears: the log until today, `balance` from today until `until`."""
        total, terms = Fraction(0), self.terms
        ends = [day for day, _ in self.log[1:]] + [self.day]
        for (begin, amount), end in zip(self.log, ends):
            low, high = max(begin, period.start), min(end, period.end)
            if low < high and amount:
                total += amount * factor_pieces(terms, self.rates, period, low, high)
        low, high = max(self.day, period.start), min(until, period.end)
        if low < high and balance:
            total += balance * factor_pieces(terms, self.rates, period, low, high)
        return total

    def derive(self) -> None:
        """R-0155."""
        terms, left, carried = self.terms, self.balance, 0
        coming = self.coming()
        still_open = self.open_coming()
        for i, part in enumerate(coming):
            if part not in still_open:
                left -= part.net("principal")
                continue
            last = part is still_open[-1]
            bearing = 0 if self.accelerated else left
            whole = rounded(self.borne(part.period, date.max, bearing), terms.rounding)
            customer, part.subsidy = split_subsidy(terms, whole)
            customer, carried = customer + carried, 0
            if part.level and not last and customer > part.level:
                carried, customer = customer - part.level, part.level
            added = part.moved + part.back["interest"]
            if customer + added < part.gone("interest"):
                carried += customer + added - part.gone("interest")
                customer = part.gone("interest") - added
            part.charged["interest"] = customer + added
            reserved = sum(p.paid["principal"] if p in still_open else p.net("principal")
                           for p in coming[i + 1:])
            principal = part.charged["principal"]
            if part.level:
                principal = part.level - customer - part.subsidy
            most = part.waived["principal"] + left - reserved
            principal = most if last else min(principal, most)
            part.charged["principal"] = max(principal, part.gone("principal"))
            left -= part.net("principal")

    def room(self) -> int:
        """What the open instalments to come have to repay."""
        return self.balance - sum(part.net("principal") for part in self.coming()
                                  if part.settled is not None)

    def solve_anew(self) -> None:
        """R-0157."""
        parts = self.open_coming()
        if not parts:
            return
        rows = [Row("regular", part.period, part.due, grace=part.grace, share=part.share,
                    principal=part.charged["principal"]) for part in parts]
        rows[-1].grace = False
        solve(self.terms, self.rates, rows, self.room(), False)
        for part, row in zip(parts, rows):
            part.level = row.level
            part.charged["principal"] = row.principal + part.waived["principal"]
        self.derive()
        if self.terms.method in ("equal_instalment", "balloon"):
            self.adjust(parts, rows[0].level)

    def adjust(self, parts: list[Part], level: int) -> None:
        """R-0146 on the plan as it stands."""
        terms, last, n = self.terms, parts[-1], len(parts)

        def difference(at: int) -> int:
            return last.charged["principal"] + last.charged["interest"] + last.subsidy - at

        def derive_at(other: int) -> None:
            for part in parts:
                part.level = other
            self.derive()

        for _ in range(terms.adjustments):
            d = difference(level)
            other = to_multiple(Fraction(n * level + d, n), terms.multiple, terms.rounding)
            if n == 1 or abs(d) <= n // 2 or other == level:
                return
            derive_at(other)
            if abs(difference(other)) >= abs(d):
                derive_at(level)
                return
            level = other

    def replan(self, effect: str) -> None:
        if effect == "fewer_instalments":
            self.derive()
        else:
            self.solve_anew()

    # events

    def new_part(self, kind: str, period: Period, due: date, **charged: int) -> Part:
        part = Part(kind, period, due, {**nothing(), **charged})
        self.parts.append(part)
        return part

    def draw(self, amount: int) -> None:
        """R-0171."""
        down = self.terms.down(amount)
        self.drawn += amount
        here = Period(self.day, self.day)
        if down:
            self.new_part("down_payment", here, self.day, principal=down)
        charges = self.terms.draw_charges(amount, ("on_drawdown",))
        if charges:
            self.new_part("up_front", here, self.day, fee=charges)
        self.cut()
        self.reopen()
        for part in self.coming():
            if not any(part.gone(component) for component in part.charged):
                part.settled = None
        self.move_balance(self.day, amount - down)
        self.solve_anew()
        self.derive()
        self.place_rest()

    def reopen(self) -> None:
        if self.status == "settled":
            self.status, self.closed, self.rebated = "active", None, 0

    def cut(self) -> None:
        """The plan changes today: a stretch of R-0143 ends."""
        if self.log[-1][0] < self.day:
            self.log.append((self.day, self.balance))

    def place_rest(self) -> None:
        """R-0171: drawn principal that no instalment can take."""
        taken = sum(part.net("principal") - part.back["principal"] for part in self.parts)
        cancelled = sum(part.waived["principal"] for part in self.parts)
        rest = self.drawn - cancelled - taken
        if rest > 0:
            row = self.added_row(max([self.day, *(p.scheduled for p in self.regular())]))
            row.charged["principal"] += rest
            row.settled = None

    def row_of_day(self, day: date) -> Part:
        """R-0172."""
        regular = self.regular()
        for i, part in enumerate(regular):
            if part.period.start < day <= part.scheduled or (i == 0 and day == part.period.start):
                return part
        return self.added_row(day)

    def added_row(self, day: date) -> Part:
        for part in self.parts:
            if part.kind == "added":
                if day > part.scheduled:
                    part.period, part.due = Period(day, day), day
                return part
        return self.new_part("added", Period(day, day), day)

    def charge(self, component: str, day: date, amount: int) -> None:
        """R-0172."""
        self.reopen()
        part = self.row_of_day(day)
        part.charged[component] += amount
        if component == "fee":
            part.added_fee += amount
        else:
            part.added_penalty += amount
        part.settled = None

    def charge_back(self, amount: int, stated: tuple | None = None) -> None:
        """R-0173."""
        self.cut()
        self.reopen()
        regular = self.regular()
        after = [part for part in regular if part.scheduled > self.day]
        here = [part for part in regular if part.scheduled == self.day]
        part = after[0] if after else here[0] if here else self.added_row(self.day)
        shares = nothing()
        for component in self.terms.credit_order:
            most = sum(p.paid[component] - p.back[component] for p in self.parts)
            shares[component] = min(amount - sum(shares.values()), max(0, most))
        shares["principal"] += amount - sum(shares.values())
        for component, share in shares.items():
            part.charged[component] += share
            part.back[component] += share
        part.added_penalty += shares["penalty"]
        part.added_fee += shares["fee"]
        part.level += shares["principal"] if part.level else 0
        part.settled = None
        self.move_balance(self.day, shares["principal"])

    def rate(self, rate: Fraction, effect: str) -> None:
        """R-0175."""
        self.cut()
        self.set_rate(self.day, rate)
        self.replan(effect)

    def set_rate(self, day: date, rate: Fraction) -> None:
        """From the day on, until the next step that was agreed before."""
        self.rates = sorted([s for s in self.rates if s[0] != day] + [(day, rate)],
                            key=lambda step: step[0])

    def pause_interest(self, begin: date, days: int) -> None:
        """R-0176."""
        self.cut()
        end = begin + timedelta(days)
        after = [rate for day, rate in self.rates if day <= end][-1]
        self.rates = [step for step in self.rates if step[0] < begin] + [(begin, Fraction(0)),
                                                                        (end, after)] + \
            [step for step in self.rates if step[0] > end]
        self.derive()

    def move(self, number: int, first: date | None, added: int) -> None:
        if number > len(self.parts) or self.parts[number - 1] not in self.open_coming():
            return
        self.cut()
        parts = [part for part in self.parts[number - 1:] if part.kind == "regular"]
        days = [part.scheduled + timedelta(added) if first is None else self.whole_after(first, i)
                for i, part in enumerate(parts)]
        terms, start = self.terms, parts[0].period.start
        for i, (part, day) in enumerate(zip(parts, days)):
            by_days = part.period.by_days
            if i == 0 and terms.basis == "by_month":
                whole = day_rules.due_day(start, terms.unit, terms.length, 1,
                                          MONTH_ENDS.get(terms.due_rule, "clamp"))
                by_days = day != whole
            part.period = Period(start, day, by_days, part.period.free)
            part.due = rolled(day, terms.roll, terms.known_to)
            start = day
        self.derive()

    def due_day(self, number: int, day: date) -> None:
        """R-0177."""
        self.move(number, day, 0)

    def whole_after(self, day: date, k: int) -> date:
        terms = self.terms
        return day_rules.due_day(day, terms.unit, terms.length, k,
                                 MONTH_ENDS.get(terms.due_rule, "clamp"))

    def pause(self, number: int, days: int) -> None:
        """R-0177."""
        self.move(number, None, days)

    def prepay(self, amount: int, effect: str) -> int:
        """R-0178; returns what is beyond."""
        room = sum(part.owed("principal") for part in self.open_coming())
        share = min(amount, room)
        if share <= 0:
            return amount
        self.cut()
        here = Period(self.day, self.day)
        row = self.new_part("prepayment", here, self.day, principal=share)
        row.paid["principal"] = share
        self.move_balance(self.day, -share)
        self.replan(effect)
        return amount - share

    def cut_coming(self) -> None:
        """Coming interest to what has accrued (R-0052 by day)."""
        for part in self.open_coming():
            elapsed, length = self.elapsed(part)
            kept = rounded(part.net("interest") * Fraction(elapsed, length), self.terms.rounding)
            part.charged["interest"] = part.waived["interest"] + max(kept, part.paid["interest"])

    def accelerate(self) -> None:
        """R-0181."""
        self.accelerated = True
        self.cut()
        self.cut_coming()
        for part in self.parts:
            if part.settled is None:
                part.due = min(part.due, self.day)

    def charge_off(self) -> None:
        """R-0190."""
        self.charged_off = True
        rule = self.terms.charge_off_rule
        if rule == "zero_interest":
            self.pause_interest(self.day, 36525)
        elif rule == "accelerate":
            self.accelerate()

    def close_as(self, status: str) -> None:
        for part in self.parts:
            for component in part.charged:
                part.waived[component] += part.owed(component)
        self.status, self.closed = status, self.day

    def write_off(self) -> None:
        self.close_as("written_off")

    def sell(self, _price: int) -> None:
        self.close_as("sold")

    def cap_change(self, cap: Fraction) -> None:
        """R-0191."""
        self.cap = cap

    def take_off(self, parts: list[Part], components: tuple[str, ...]) -> dict[str, int]:
        """R-0179: what is owed of these components, which is owed there no longer."""
        moved = nothing()
        for part in parts:
            part.level = 0 if part.kind == "regular" else part.level
            for component in components:
                moved[component] += part.owed(component)
                part.charged[component] = part.gone(component)
            if "penalty" in components:
                part.past, part.added_penalty = [], part.charged["penalty"]
        self.close_rows()
        return moved

    def spread_in(self, moved: dict[str, int], components: tuple[str, ...]) -> None:
        """In equal parts, rounded down; the last takes the rest."""
        parts = self.open_coming()
        for component in components:
            each = moved[component] // len(parts)
            for i, part in enumerate(parts):
                share = each if i + 1 < len(parts) else moved[component] - each * (len(parts) - 1)
                part.charged[component] += share
                part.moved += share if component == "interest" else 0
                part.added_fee += share if component == "fee" else 0
                part.added_penalty += share if component == "penalty" else 0

    def re_age(self, count: int, first: date) -> None:
        """R-0179."""
        self.cut()
        self.cut_coming()
        parts = [part for part in self.parts if part.settled is None]
        moved = self.take_off(parts, ("penalty", "fee", "interest", "principal"))
        terms, start = self.terms, self.day
        for part in self.regular():
            part.replaced = True
        for k in range(count):
            day = self.whole_after(first, k)
            odd = k == 0 and terms.basis == "by_month" and day != self.whole_after(start, 1)
            part = self.new_part("regular", Period(start, day, odd),
                                 rolled(day, terms.roll, terms.known_to))
            part.share = share_of(terms, terms.count + 1)
            start = day
        self.move_balance(self.day, moved["principal"] - self.balance)
        self.spread_in(moved, ("penalty", "fee", "interest"))
        self.solve_anew()

    def re_amortise(self) -> None:
        """R-0180."""
        coming = self.open_coming()
        if not coming:
            return
        self.cut()
        parts = [part for part in self.parts
                 if part.settled is None and part.due <= self.day and part not in coming]
        gone = sum(part.owed("principal") for part in parts
                   if part.kind != "regular" or part.scheduled <= self.day)
        moved = self.take_off(parts, ("interest", "principal"))
        self.move_balance(self.day, gone)
        self.spread_in(moved, ("interest",))
        coming = self.open_coming()
        if [rate for day, rate in self.rates if day <= self.day][-1] > 0:
            self.solve_anew()
            return
        left = moved["principal"]
        each = to_multiple(Fraction(left, len(coming)), self.terms.multiple,
                           self.terms.principal_rounding)
        for part in coming:
            share = left if part is coming[-1] else min(left, each)
            part.charged["principal"] += share
            part.level += share if part.level else 0
            left -= share
        self.derive()
