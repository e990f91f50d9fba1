"""The rows that one repayment writes, read from a database before and after it.

The bare programs of bench/floor write the same rows, so that they follow the schema by themselves;
bench/floor/rows.h says what the file looks like.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from ..console import DevError
from .world import Server, World

CONTRACTS = 60
_AN_ID = 10 ** 17  # ids carry a time in their upper bits; no amount, day or time is as large


@dataclass
class Written:
    """The file for the bare programs, and the same in words."""

    file: Path
    words: list[str]


def capture(world: World) -> Written:
    """Lets the product make one repayment and notes down what it wrote."""
    portfolio = world.portfolio("sample", CONTRACTS)
    first = portfolio.customers.read_text("utf-8").splitlines()[0]
    only = portfolio.folder / "one"
    only.write_text(first + "\n", encoding="utf-8")
    with Server(portfolio, portfolio.sqlite) as server:
        server.portfolio.customers = only
        for name in ("warm", "before", "after"):
            if name != "before":
                one_repayment(server)
            if name != "warm":
                _snapshot(portfolio.file, portfolio.folder / f"{name}.db")
    cells = first.split("\t")
    ids = {int(cells[3]): "customer", int(cells[4]): "order", int(cells[5]): "contract"}
    written = portfolio.folder / "rows"
    words = _compare(portfolio.folder / "before.db", portfolio.folder / "after.db", ids, written)
    return Written(written, words)


def one_repayment(server: Server) -> None:
    """Exactly one: the second request of the connection would come after its pause."""
    answer = server.load(connections=1, milliseconds=1500, pause=9000000)
    if answer["good"] != 1:
        raise DevError(f"the sample repayment was not made: {answer}")


def _snapshot(file: Path, to: Path) -> None:
    with sqlite3.connect(file) as source, sqlite3.connect(to) as target:
        source.backup(target)


def _tables(database: sqlite3.Connection) -> list[str]:
    return [name for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY name")]


def _rows(database: sqlite3.Connection, table: str, keys: list[int]) -> dict[tuple, tuple]:
    return {tuple(row[i] for i in keys): row for row in database.execute(f"SELECT * FROM {table}")}


def _compare(before: Path, after: Path, ids: dict[int, str], file: Path) -> list[str]:
    words, lines, counted = [], [], -1
    fresh: dict[int, str] = {}
    with sqlite3.connect(before) as old, sqlite3.connect(after) as new:
        for table in _tables(new):
            columns = list(new.execute(f"PRAGMA table_info({table})"))
            keys = [i for i, column in enumerate(columns) if column[5]]
            was, now = _rows(old, table, keys), _rows(new, table, keys)
            for key, row in now.items():
                if was.get(key) == row:
                    continue
                kind = "update" if key in was else "insert"
                lines.append(f"row {kind} {table}")
                named = any(isinstance(row[i], str) or _is_new(row[i], ids) for i in keys)
                counted += kind == "insert" and not named
                count = f"count{counted}" if kind == "insert" and not named else ""
                lines += [_column(column, value, count, ids, fresh)
                          for column, value in zip(columns, row)]
                words.append(f"{kind} {table} ({_size(row)} bytes)")
    if not lines:
        raise DevError("the sample repayment wrote nothing")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return words


def _size(row: tuple) -> int:
    return sum(len(value.encode()) if isinstance(value, str) else
               len(value) if isinstance(value, bytes) else 8 for value in row)


def _is_new(value: object, ids: dict[int, str]) -> bool:
    return isinstance(value, int) and value > _AN_ID and value not in ids


def _column(column: tuple, value: object, count: str, ids: dict[int, str],
            fresh: dict[int, str]) -> str:
    name, declared, key = column[1], column[2].upper(), bool(column[5])
    types = {"BIGINT": "long", "INTEGER": "int", "TEXT": "text", "BLOB": "bytes"}
    role = "same"
    if isinstance(value, int) and value in ids:
        role = ids[value]
    elif _is_new(value, ids):
        role = fresh.setdefault(value, f"fresh{len(fresh)}")
    elif key and isinstance(value, str):
        role = "unique"
    elif key and count:
        role = count
    if value is None:
        text = "-"
    elif isinstance(value, str):
        text = value.encode().hex()
    elif isinstance(value, bytes):
        text = value.hex()
    else:
        text = str(value)
    return f"col {name} {types[declared]} {int(key)} {role} {text}"
