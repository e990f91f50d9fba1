"""Holds the engine's day counts, due days and rolls against the model in days.py; prints TAP.

Usage: compare_days.py DRIVER CN_HOLIDAYS_TSV QUESTIONS
"""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from days import (CONVENTIONS, MONTH_ENDS, ROLLS, UNITS, Calendar, Context, due_day, part_of_year,
                  rolled)

EPOCH = date(1970, 1, 1)
NONE = -2**31
CALENDARS = ("none", "weekends", "china")


def number(day: date | None) -> int:
    return NONE if day is None else (day - EPOCH).days


class Questions:
    """Questions for the driver with the answers of the model."""

    def __init__(self, table: Path, seed: int) -> None:
        self.dice = random.Random(seed)
        self.calendars = [Calendar(kind, table) for kind in CALENDARS]

    def day(self) -> date:
        """Often at an end of February or of a year, where conventions differ."""
        day = date(1999, 1, 1) + timedelta(days=self.dice.randrange(12000))
        pick = self.dice.randrange(5)
        if pick == 0:
            return date(day.year, 3, 1) - timedelta(days=self.dice.randrange(3))
        if pick == 1:
            return date(day.year, 12, 30) + timedelta(days=self.dice.randrange(3))
        if pick == 2:
            return date(day.year, day.month, 1) - timedelta(days=1)
        return day

    def part(self) -> tuple[str, Fraction]:
        convention = self.dice.randrange(len(CONVENTIONS))
        first = self.day()
        last = self.day() if self.dice.randrange(4) == 0 else first + timedelta(
            days=self.dice.randrange(800))
        context = Context()
        if self.dice.randrange(2) == 0:
            start = first - timedelta(days=self.dice.randrange(200))
            end = start + timedelta(days=self.dice.choice((31, 91, 182, 365, 366)))
            context = Context(start, end, self.dice.choice((0, 1, 3, 6, 12)),
                              last if self.dice.randrange(2) else None)
        answer = part_of_year(CONVENTIONS[convention], first, last, context)
        asked = (convention, number(first), number(last), number(context.start),
                 number(context.end), context.months, number(context.termination))
        return f"part {' '.join(map(str, asked))}", answer

    def step(self) -> tuple[str, int]:
        anchor, unit, rule = self.day(), self.dice.randrange(4), self.dice.randrange(3)
        length, k = self.dice.randint(1, 6), self.dice.randint(-12, 60)
        answer = due_day(anchor, UNITS[unit], length, k, MONTH_ENDS[rule])
        return f"step {number(anchor)} {unit} {length} {k} {rule}", number(answer)

    def roll(self) -> tuple[str, int]:
        kind, rule, year = (self.dice.randrange(3), self.dice.randrange(len(ROLLS)),
                            self.dice.randint(2013, 2028))
        day = date(2014, 1, 1) + timedelta(days=self.dice.randrange(5000))
        answer = rolled(lambda d: self.calendars[kind].is_worked(d, year), day, ROLLS[rule])
        return f"roll {kind} {year} {number(day)} {rule}", number(answer)


def told(word: str, line: str) -> Fraction | int:
    numbers = [int(part) for part in line.split()]
    return Fraction(*numbers) if word == "part" else numbers[0]


def main(driver: str, table: str, count: str) -> int:
    questions = Questions(Path(table), 20261122)
    failed = 0
    print("1..3")
    for place, word in enumerate(("part", "step", "roll"), 1):
        asked = [getattr(questions, word)() for _ in range(int(count))]
        sent = "".join(f"{line}\n" for line, _ in asked)
        out = subprocess.run([driver], input=sent, capture_output=True, text=True,
                             check=True).stdout.splitlines()
        wrong = [f"# {line}: {got}, the model says {answer}"
                 for (line, answer), got in zip(asked, out) if told(word, got) != answer]
        bad = bool(wrong) or len(out) != len(asked)
        failed += bad
        print("\n".join([*wrong[:10],
                         f"{'not ' if bad else ''}ok {place} - {word}: {len(asked)} questions"]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
