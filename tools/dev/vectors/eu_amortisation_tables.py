"""The European Commission's amortisation tables (no rounding of periods), as kind
`amortisation_table`.

What the tables leave out is read off their inputs: the length of a period and how the rate counts
from the first full row, the odd first period as the whole number of days that its interest stands
for, and the plan from the payments shown, the number of years and their total.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Iterable, NamedTuple

FILE = "eu_amortisation_tables.json"
KIND = "amortisation_table"

_CENT = Decimal("0.01")
_PERIODS = [Fraction(1, 12), Fraction(1), Fraction(1, 4), Fraction(1, 2)]


class Row(NamedTuple):
    """What a row shows."""

    number: int | None
    initial: Decimal
    rate: Decimal  # percent a year
    interest: Decimal
    amortised: Decimal
    repayment: Decimal
    final: Decimal


def _near(left, right, within=_CENT) -> bool:
    return abs(Decimal(left) - Decimal(right)) <= within


def _raw(number: int | None, cells: list[str]) -> Row | None:
    """A row with further columns: those that the arithmetic of a row points out."""
    percent = next((at for at, cell in enumerate(cells) if cell.endswith("%")), None)
    if percent != 4:
        return None
    try:
        numbers = [Decimal(cell.rstrip("%")) for cell in cells]
    except ArithmeticError:
        return None
    initial, final, interest = numbers[0], numbers[3], numbers[5]
    for at in (6, 7):  # costs that are not financed may stand before
        amortised, paid, repayment = numbers[at:at + 3]
        if (_near(initial - amortised, final) and _near(amortised + paid, repayment)
                and _near(paid, interest)):
            return Row(number, initial, numbers[4], interest, amortised, repayment, final)
    return None


def _row(row: dict) -> Row | None:
    number = int(row["k"]) if str(row.get("k", "")).isdigit() else None
    if "raw" in row:
        return _raw(number, row["raw"])
    names = ("initial", "rate_pct", "interest", "amortised", "repayment", "final")
    if any(name not in row for name in names):
        return None
    return Row(number, *(Decimal(row[name]) for name in names))


def _interest(row: Row, length: Fraction, effective: bool) -> Decimal:
    rate = row.rate / 100
    share = Decimal(length.numerator) / Decimal(length.denominator)
    return row.initial * (((1 + rate) ** share - 1) if effective else rate * share)


def _convention(rows: list[Row]) -> tuple[Fraction, bool] | None:
    """Length of a period in years and whether the rate is an effective one."""
    full = [row for row in rows if row.number != 1 and row.rate > 0] or \
        [row for row in rows if row.rate > 0]
    if not full:
        return (_PERIODS[0], False) if rows else None
    clearest = max(full, key=lambda row: row.interest)
    for effective in (False, True):
        for length in _PERIODS:
            if _near(_interest(clearest, length, effective), clearest.interest):
                return length, effective
    return None


def _first_length(row: Row, length: Fraction, effective: bool) -> Fraction:
    """The first period: the usual one, or with whole days more or less, or days alone."""
    if row.rate == 0 or _near(_interest(row, length, effective), row.interest):
        return length
    for year in (365, 366):
        for days in range(-31, 32):
            odd = length + Fraction(days, year)
            if odd > 0 and _near(_interest(row, odd, effective), row.interest,
                                 Decimal("0.005")):
                return odd
    return next((Fraction(days, 365) for days in range(1, 365)
                 if _near(_interest(row, Fraction(days, 365), effective), row.interest,
                          Decimal("0.005"))), length)


def _years(table: dict) -> tuple[list[tuple[int, list[Decimal]]], int]:
    """(year, its sums; the total as year 0) of the usual columns, and how many others."""
    found, others = [], 0
    for cells in table.get("years", ()):
        label = cells[0].split()
        if len(cells) in (12, 13) and (label[0] == "Total" or len(label) == 2):
            year = 0 if label[0] == "Total" else int(label[1])
            found.append((year, [Decimal(cells[at]) for at in (2, 5, 7)]))
        else:
            others += 1
    return found, others


def _method(rows: list[Row], years: list[tuple[int, list[Decimal]]],
            length: Fraction, first: Fraction) -> tuple[str, int] | None:
    """The plan of the whole table, where the rows and the total determine it."""
    if not years or rows[0].number != 1:
        return None
    totals = [sums for year, sums in years if year == 0]
    complete = rows[-1].number == len(rows) and rows[-1].final == 0
    periods = len(rows) if complete else int(max(year for year, _ in years) / length)
    if not totals or not 0 < periods <= 600 or len({row.rate for row in rows}) != 1:
        return None
    interest, amortised, repaid = totals[0]
    principal = rows[0].initial
    if not _near(amortised, principal) or not _near(interest + amortised, repaid):
        return None
    per_year = Decimal(length.denominator) / length.numerator
    rate = rows[0].rate / 100 / per_year
    if rate > 0 and len({row.repayment for row in rows}) == 1:
        share = Decimal(first.numerator) / Decimal(first.denominator) * per_year
        payment = principal * (1 + rate * share) / (1 + rate) * rate / (1 - (1 + rate) ** -periods)
        whole = payment * periods
        if _near(payment, rows[0].repayment) and _near(whole, repaid, Decimal("0.02")):
            return "equal_instalment", periods
    if all(_near(row.amortised, principal / periods) for row in rows) and first == length:
        if _near(interest, principal * rate * (periods + 1) / 2, Decimal("0.02")):
            return "equal_principal", periods
    if all(row.amortised == 0 for row in rows if row.number != periods) and first == length:
        if _near(interest, principal * rate * periods, Decimal("0.02")):
            return "interest_only", periods
    return None


def _carried(principal: Decimal, payments: list[Decimal], rates: list[Decimal]) -> Decimal:
    """What is paid as interest over a plan that ends with nothing owed."""
    owed = principal
    for payment, rate in zip(payments, rates):
        owed = owed * (1 + rate) - payment
    return sum(payments) - principal if abs(owed) < _CENT else Decimal(-1)


def _fits(rows: list[Row], payments: list[Decimal], interest: Decimal, total: Decimal) -> bool:
    """Whether a plan gives the payments shown and the total."""
    shown = all(_near(payments[row.number - 1], row.repayment) for row in rows if row.number)
    return shown and _near(interest, total, Decimal("0.02"))


def _relevelled(rows: list[Row], periods: int, total: Decimal) -> list[str] | None:
    """A level payment, found anew whenever the rate changes within the rows shown."""
    changes = [row for before, row in zip(rows, rows[1:]) if row.rate != before.rate]
    numbers = [row.number for row in rows]
    if not changes or numbers != list(range(1, len(rows) + 1)):
        return None
    owed, payments, rates = rows[0].initial, [], []
    for number in range(1, periods + 1):
        row = rows[min(number, len(rows)) - 1]
        rate = row.rate / 1200
        if number == 1 or row in changes and row.number == number:
            payment = owed * rate / (1 - (1 + rate) ** -(periods - number + 1))
        owed = owed * (1 + rate) - payment
        payments.append(payment)
        rates.append(rate)
    if not _fits(rows, payments, _carried(rows[0].initial, payments, rates), total):
        return None
    return [f"plan relevelled {rows[0].initial} {periods} {rows[0].rate}",
            *(f"change {row.number} {row.rate}" for row in changes)]


def _graded(rows: list[Row], periods: int, total: Decimal) -> list[str] | None:
    """Payments that change by the same percentage from year to year."""
    second = [row for row in rows if row.number == 13]
    rate = rows[0].rate / 1200
    if not second or rate == 0 or len({row.rate for row in rows}) != 1:
        return None
    ratio = (second[0].repayment / rows[0].repayment).quantize(_CENT)
    steps = [ratio ** (number // 12) for number in range(periods)]
    worth = sum(step * (1 + rate) ** -(at + 1) for at, step in enumerate(steps))
    payments = [rows[0].initial / worth * step for step in steps]
    interest = _carried(rows[0].initial, payments, [rate] * periods)
    if not _fits(rows, payments, interest, total):
        return None
    return [f"plan graded {rows[0].initial} {periods} {rows[0].rate} {ratio}"]


def _stepwise(rows: list[Row], years: list[tuple[int, list[Decimal]]],
              length: Fraction) -> list[str] | None:
    """A plan whose payments change in a way that the rows show."""
    totals = [sums for year, sums in years if year == 0]
    if not totals or rows[0].number != 1 or length != Fraction(1, 12):
        return None
    if not _near(totals[0][1], rows[0].initial):
        return None
    periods = 12 * max(year for year, _ in years)
    if not 0 < periods <= 600 or any(row.rate == 0 for row in rows):
        return None
    return (_relevelled(rows, periods, totals[0][0]) or _graded(rows, periods, totals[0][0]))


def _parts(rows: list[dict]) -> list[list[dict]]:
    """Tables that follow each other under one heading: each begins where the numbers fall back."""
    parts: list[list[dict]] = [[]]
    last = -1
    for row in rows:
        number = int(row["k"]) if str(row.get("k", "")).isdigit() else last + 1
        if number <= last:
            parts.append([])
        parts[-1].append(row)
        last = number
    return parts


def _part(shown: list[dict], years: list[tuple[int, list[Decimal]]]) -> Iterable[str]:
    rows = [row for row in map(_row, shown) if row is not None]
    convention = _convention(rows)
    if convention is None:
        rows = []
    else:
        length, effective = convention
        yield f"period {length} {'effective' if effective else 'nominal'}"
        first = length
        if rows[0].number == 1:
            first = _first_length(rows[0], length, effective)
            if first != length:
                yield f"first_period {first}"
        method = None if effective else _method(rows, years, length, first)
        if method:
            yield f"plan {method[0]} {rows[0].initial} {method[1]} {rows[0].rate}"
        elif not effective and first == length:
            yield from _stepwise(rows, years, length) or ()
    for row in rows:
        yield (f"row {row.number or 0} {row.initial} {row.rate} {row.repayment} : {row.interest}"
               f" {row.amortised} {row.final}")
    if len(shown) > len(rows):
        yield f"other_rows {len(shown) - len(rows)}"


def _table(table: dict) -> Iterable[list[str]]:
    years, other_years = _years(table)
    parts = _parts(table["rows"])
    for number, part in enumerate(parts):
        lines = list(_part(part, years if len(parts) == 1 else []))
        if number == 0:
            lines += [f"year {year} " + " ".join(map(str, sums)) for year, sums in years]
            if other_years:
                lines.append(f"other_years {other_years}")
        yield lines


def convert(data) -> Iterable[str]:
    """One case a table."""
    for table in data["tables"]:
        for number, lines in enumerate(_table(table)):
            if lines:
                yield f"case {table['id']}" + (f"-{number + 1}" if number else "")
                yield f"source {table['source']}"
                yield from lines
                yield ""
