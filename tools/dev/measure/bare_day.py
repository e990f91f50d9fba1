"""The bare day-end: selects the same contracts by index, bulk-writes the same rows.

Which rows these are is taken from what the product wrote: everything that differs between the
database before and after its day-end. The work itself is done by the database, a statement a table.
"""

from __future__ import annotations

import sqlite3
import subprocess
import time
from pathlib import Path

from ..console import DevError, Stage
from .world import BigCluster

# Reads every byte of the contracts with something to do, found by the index on their action's day.
_SELECT = ("SELECT count(*), sum(length(terms)), sum(length(state)) FROM contract"
           " WHERE next_action_day <= {day}")
_PRAGMAS = ("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
            "PRAGMA wal_autocheckpoint = 16384")
CHUNK = 5000


def due_count(file: Path, day: int) -> int:
    """Contracts with something to do on `day`."""
    with sqlite3.connect(file) as database:
        return database.execute(_SELECT.format(day=day)).fetchone()[0]


def _columns(database: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    info = list(database.execute(f"PRAGMA main.table_info({table})"))
    return [row[1] for row in info], [row[1] for row in sorted(info, key=lambda r: r[5]) if row[5]]


def on_sqlite(before: Path, after: Path, day: int) -> tuple[float, int]:
    """Seconds and rows; uses `before` up."""
    changes = before.with_suffix(".changes")
    with Stage("compare the databases before and after"):
        tables = _sqlite_changes(before, after, changes)
    rows = 0
    began = time.monotonic()
    # from opening to closing, which copies the log into the file, as the product's process does
    database = sqlite3.connect(before, isolation_level=None)
    database.executescript(_PRAGMAS)
    database.execute("ATTACH ? AS changes", (str(changes),))
    database.execute(_SELECT.format(day=day)).fetchone()
    for table in tables:
        last = database.execute(f"SELECT max(rowid) FROM changes.{table}").fetchone()[0]
        for start in range(0, last, CHUNK):
            rows += database.execute(
                f"INSERT OR REPLACE INTO main.{table} SELECT * FROM changes.{table}"
                " WHERE rowid > ? AND rowid <= ?", (start, start + CHUNK)).rowcount
    database.close()
    return time.monotonic() - began, rows


def _sqlite_changes(before: Path, after: Path, changes: Path) -> list[str]:
    """A database with the rows that are new or different; the names of its tables."""
    database = sqlite3.connect(after, isolation_level=None)
    database.execute("ATTACH ? AS before", (str(before),))
    database.execute("ATTACH ? AS changes", (str(changes),))
    names = [name for (name,) in database.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    tables = []
    for table in names:
        columns, keys = _columns(database, table)
        same = " AND ".join(f"b.{column} IS a.{column}" for column in columns)
        database.execute(
            f"CREATE TABLE changes.{table} AS SELECT a.* FROM main.{table} a WHERE NOT EXISTS"
            f" (SELECT 1 FROM before.{table} b WHERE {same}) ORDER BY {', '.join(keys)}")
        if database.execute(f"SELECT 1 FROM changes.{table} LIMIT 1").fetchone():
            tables.append(table)
    database.close()
    return tables


def psql(url: str, text: str) -> str:
    """Runs SQL; what it gives, unaligned."""
    done = subprocess.run(["psql", url, "-v", "ON_ERROR_STOP=1", "-qtA"], input=text, text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise DevError(f"psql failed\n{text[:400]}\n{done.stderr}")
    return done.stdout.strip()


class OnPostgres:
    """The same there: knows what the product wrote by the number of its first transaction."""

    def __init__(self, cluster: BigCluster, url: str) -> None:
        self.product = url
        self.bare = cluster.copy(url, "bare")
        self._first = int(psql(url, "SELECT txid_current()"))

    def run(self, day: int, folder: Path) -> tuple[float, int]:
        """Seconds and rows, after the product's own run."""
        statements, rows = [], 0
        with Stage("carry over what the product wrote"):
            psql(self.bare, "CREATE SCHEMA changes")
            names = psql(self.product, "SELECT tablename FROM pg_tables"
                         " WHERE schemaname = 'public'")
            for table in names.splitlines():
                count = self._carry(table, folder)
                if count:
                    rows += count
                    statements.append(self._statement(table))
            psql(self.bare, "ANALYZE")
            psql(self.bare, "CHECKPOINT")
        began = time.monotonic()
        psql(self.bare, ";\n".join([_SELECT.format(day=day), *statements]))
        return time.monotonic() - began, rows

    def _carry(self, table: str, folder: Path) -> int:
        where = f"FROM public.{table} WHERE xmin::text::bigint > {self._first}"
        count = int(psql(self.product, f"SELECT count(*) {where}"))
        if count:
            file = folder / "changes.copy"
            psql(self.product, f"\\copy (SELECT * {where}) TO '{file}' (FORMAT binary)")
            psql(self.bare, f"CREATE TABLE changes.{table} (LIKE public.{table})")
            psql(self.bare, f"\\copy changes.{table} FROM '{file}' (FORMAT binary)")
            file.unlink()
        return count

    def _statement(self, table: str) -> str:
        keys = psql(self.bare, "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON"
                    " a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) WHERE i.indisprimary"
                    f" AND i.indrelid = 'public.{table}'::regclass").splitlines()
        names = psql(self.bare, "SELECT attname FROM pg_attribute WHERE attnum > 0 AND NOT"
                     f" attisdropped AND attrelid = 'public.{table}'::regclass").splitlines()
        rest = [name for name in names if name not in keys]
        update = ("UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in rest)
                  if rest else "NOTHING")
        order = ", ".join(keys)
        return (f"INSERT INTO public.{table} SELECT * FROM changes.{table} ORDER BY {order}"
                f" ON CONFLICT ({order}) DO {update}")
