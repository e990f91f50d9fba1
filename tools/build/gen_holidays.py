"""Turns spec/cn_holidays.tsv into the table of src/engine/calendar.c.

Usage: gen_holidays.py cn_holidays.tsv cn_holidays.inc

Refuses days that are told twice by the notices of one year, days of other years than the notice's
and the one before, years without an address, and gaps between years.
"""

import datetime
import sys

EPOCH = datetime.date(1970, 1, 1)


def fail(text: str) -> None:
    sys.exit(f"gen_holidays: {text}")


def rows_of(path: str) -> tuple[set[int], list[tuple[datetime.date, int, bool, str]]]:
    noticed: set[int] = set()
    days = []
    with open(path, encoding="utf-8") as handle:
        for line in handle:
            if line.startswith("#") or not line.strip():
                continue
            kind, year, value, festival = line.rstrip("\n").split("\t")
            if kind == "notice":
                if not value.startswith(("http://www.gov.cn/", "https://www.gov.cn/")):
                    fail(f"a notice stands on www.gov.cn: {value}")
                noticed.add(int(year))
            elif kind in ("off", "work"):
                days.append((datetime.date.fromisoformat(value), int(year), kind == "off",
                             festival))
            else:
                fail(f"unknown row {line!r}")
    return noticed, sorted(days)


def check(noticed: set[int], days: list[tuple[datetime.date, int, bool, str]]) -> None:
    years = {year for _, year, _, _ in days}
    if not years or years != noticed or years != set(range(min(years), max(years) + 1)):
        fail("every year from the first to the last has a notice and days")
    if len({(day, year) for day, year, _, _ in days}) != len(days):
        fail("a notice tells a day twice")
    for day, year, _, _ in days:
        if day.year not in (year - 1, year):
            fail(f"the notice of {year} arranges {day}")


def main(source: str, output: str) -> None:
    noticed, days = rows_of(source)
    check(noticed, days)
    with open(output, "w", encoding="utf-8") as out:
        out.write("/* Generated from spec/cn_holidays.tsv. */\n")
        out.write(f"enum {{ CN_YEAR_FIRST = {min(noticed)}, CN_YEAR_LAST = {max(noticed)} }};\n")
        out.write("static const struct arranged_day cn_days[] = {\n")
        for day, year, off, festival in days:
            out.write(f"    {{{(day - EPOCH).days}, {year}, {str(off).lower()}}}, "
                      f"/* {day} {festival} */\n")
        out.write("};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
