"""Migrations go forward over data: from every earlier migration, and from every released version.

A released version is a folder of tests/scale/released with sqlite.sql and postgres.sql: schema and
rows of a demo shop as that version left them, written by `./dev released NAME`.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import unittest
from pathlib import Path

from dev.paths import ROOT
from dev.released import RELEASED
from dev.scale_test import ScaleTest

sys.path.insert(0, str(ROOT / "tools" / "build"))
from gen_migrations import read_migration  # noqa: E402  (the build's own reading of sql/)

MIGRATIONS = [read_migration(path) for path in
              sorted(path for path in (ROOT / "sql/migrations").iterdir() if path.is_dir())]
RECORD = ("CREATE TABLE schema_migration (number INTEGER NOT NULL, name TEXT NOT NULL,"
          " checksum TEXT NOT NULL, applied_at_us BIGINT NOT NULL, PRIMARY KEY (number));")
VALUES = {"INTEGER": "1", "BIGINT": "1", "TEXT": "'x'", "BLOB": "x'01'",
          "integer": "1", "bigint": "1", "text": "'x'", "bytea": "'\\x01'"}


class Sqlite:
    """A database file, spoken to beside the program."""

    dialect = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._file = folder / "fenqi.db"
        self.url = f"sqlite:{self._file}"

    def run(self, text: str) -> None:
        with sqlite3.connect(self._file) as file:
            file.executescript(text)
        file.close()

    def rows(self, text: str) -> list[list[str]]:
        with sqlite3.connect(self._file) as file:
            found = [[str(cell) for cell in row] for row in file.execute(text)]
        file.close()
        return found

    def tables(self) -> dict[str, list[tuple[str, str]]]:
        """Columns and types of every table."""
        return {name: [(row[1], row[2]) for row in self.rows(f"PRAGMA table_info({name})")]
                for name, in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'"
                                       " AND name NOT LIKE 'sqlite_%'")}


class Postgres:
    """A database of the private server, spoken to by psql."""

    dialect = "postgres"

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, text: str) -> None:
        self._psql(text)

    def rows(self, text: str) -> list[list[str]]:
        return [line.split("|") for line in self._psql(text).splitlines()]

    def _psql(self, text: str) -> str:
        done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.url],
                              input=text, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout

    def tables(self) -> dict[str, list[tuple[str, str]]]:
        """Columns and types of every table."""
        found: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in self.rows(
                "SELECT table_name, column_name, data_type FROM information_schema.columns"
                " JOIN information_schema.tables USING (table_schema, table_name)"
                " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
                " ORDER BY ordinal_position"):
            found.setdefault(table, []).append((column, kind))
        return found


class Forward(ScaleTest):
    def counts(self, database: Sqlite | Postgres) -> dict[str, str]:
        """Rows of every table but the record of migrations."""
        return dict(database.rows(" UNION ALL ".join(
            f"SELECT '{table}', COUNT(*) FROM {table}" for table in database.tables()
            if table != "schema_migration")))

    def fill(self, database: Sqlite | Postgres) -> None:
        """One row in every table that is empty."""
        counts, inserts = self.counts(database), []
        for table, columns in database.tables().items():
            if counts.get(table) == "0":
                names = ", ".join(name for name, _ in columns)
                values = ", ".join(VALUES[kind] for _, kind in columns)
                inserts.append(f"INSERT INTO {table} ({names}) VALUES ({values});")
        database.run("\n".join(inserts))

    def forward(self, database: Sqlite | Postgres) -> None:
        """Migrates; every row of before is there afterwards."""
        before = self.counts(database)
        words = ("--database", database.url, "--data", self.folder / "data")
        self.assertEnds(0, self.fenqi("migrate", *words), "0 pending")
        after = self.counts(database)
        self.assertEqual({table: after.get(table) for table in before}, before)

    def from_every_migration(self, make) -> None:
        for count in range(1, len(MIGRATIONS)):
            database = make(count)
            database.run(RECORD)
            for number, migration in enumerate(MIGRATIONS[:count], 1):
                database.run(migration[database.dialect] + ";")
                database.run("INSERT INTO schema_migration VALUES "
                             f"({number}, '{migration['name']}', '{migration['checksum']}', 1)")
                self.fill(database)
            with self.subTest(after=MIGRATIONS[count - 1]["name"]):
                self.forward(database)

    def test_from_every_migration_on_sqlite(self) -> None:
        def make(count: int) -> Sqlite:
            folder = self.folder / str(count)
            folder.mkdir()
            return Sqlite(folder)

        self.from_every_migration(make)

    def test_from_every_migration_on_postgres(self) -> None:
        self.from_every_migration(lambda _: Postgres(self.database("forward")))

    def from_every_release(self, make) -> None:
        for release in sorted(path for path in RELEASED.iterdir() if path.is_dir()):
            database = make(release.name)
            database.run((release / f"{database.dialect}.sql").read_text("utf-8"))
            with self.subTest(release.name):
                self.forward(database)
                words = ("--database", database.url, "--data", self.folder / "data")
                self.assertEnds(0, self.fenqi("verify", *words))
                self.assertEnds(0, self.fenqi("rebuild", "--check", *words))

    def test_from_every_release_on_sqlite(self) -> None:
        def make(name: str) -> Sqlite:
            folder = self.folder / name
            folder.mkdir()
            return Sqlite(folder)

        self.from_every_release(make)

    def test_from_every_release_on_postgres(self) -> None:
        self.from_every_release(lambda _: Postgres(self.database("released")))


if __name__ == "__main__":
    unittest.main()
