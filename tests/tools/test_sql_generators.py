"""The generators of queries and migrations: what they turn, and what they refuse."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD_TOOLS = ROOT / "tools" / "build"
sys.path.insert(0, str(BUILD_TOOLS))

from many_rows import kind_of, many_rows, tables_of  # noqa: E402
from migration_steps import statements, steps  # noqa: E402
from sql_dialect import (  # noqa: E402  (the path is set above)
    c_string, for_postgres, for_sqlite, parameter_numbers, statement_count)


class Dialect(unittest.TestCase):
    def test_parameters(self) -> None:
        text = "SELECT '$7', \"$8\" -- $9\n FROM t WHERE a = $1 /* $6 */ AND b = $12"
        self.assertEqual(parameter_numbers(text), {1, 12})
        self.assertEqual(for_sqlite(text), "SELECT '$7', \"$8\" FROM t WHERE a = ?1 AND b = ?12")
        self.assertEqual(for_postgres(text), "SELECT '$7', \"$8\" FROM t WHERE a = $1 AND b = $12")

    def test_types_and_marked_comments(self) -> None:
        text = ("CREATE TABLE t (\n  a BIGINT, b BLOB, c TEXT DEFAULT 'BLOB  x', PRIMARY KEY (a)\n)"
                " /*sqlite: WITHOUT ROWID */;\nCREATE TABLE u (a INTEGER) /*postgres: WITH"
                " (fillfactor = 70) */;")
        self.assertEqual(for_sqlite(text),
                         "CREATE TABLE t ( a INTEGER, b BLOB, c TEXT DEFAULT 'BLOB  x', PRIMARY KEY"
                         " (a) ) WITHOUT ROWID, STRICT;\nCREATE TABLE u (a INTEGER) STRICT;")
        self.assertEqual(for_postgres(text),
                         "CREATE TABLE t ( a BIGINT, b BYTEA, c TEXT DEFAULT 'BLOB  x', PRIMARY KEY"
                         " (a) );\nCREATE TABLE u (a INTEGER) WITH (fillfactor = 70);")

    def test_statements_are_counted_outside_strings(self) -> None:
        self.assertEqual(statement_count("SELECT ';' ; -- x;\n"), 1)
        self.assertEqual(statement_count("SELECT 1"), 1)
        self.assertEqual(statement_count("SELECT 1; SELECT 2"), 2)
        self.assertEqual(statement_count("-- nothing\n"), 0)

    def test_c_strings(self) -> None:
        self.assertEqual(c_string('a\\"?\nb'), '"a\\\\\\"\\?\\n"\n    "b"')


class ManyRows(unittest.TestCase):
    """The form of a statement that takes an array a parameter."""

    def test_forms(self) -> None:
        for text, count, kind, tables, form in (
                ("SELECT a FROM t WHERE b = $1 ORDER BY c LIMIT $2", 2, "READS", {"t"},
                 "SELECT given.place, q.* FROM (SELECT {rows}, generate_subscripts($1, 1) AS place)"
                 " AS given CROSS JOIN LATERAL (SELECT a FROM t WHERE b = given.p1"
                 " ORDER BY c LIMIT given.p2 OFFSET 0) AS q"),
                ("INSERT INTO t (a, b) VALUES ($1, '$2 ON')", 1, "APPENDS", {"t"},
                 "INSERT INTO t (a, b) SELECT given.p1, '$2 ON' FROM (SELECT {rows}) AS given"),
                ("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = excluded.b", 1,
                 "CHANGES", {"t"}, "INSERT INTO t (a) SELECT given.p1 FROM (SELECT {rows})"
                 " AS given ON CONFLICT (a) DO UPDATE SET b = excluded.b"),
                ("UPDATE t SET a = $2 WHERE b = $1", 2, "CHANGES", {"t"},
                 "UPDATE t SET a = given.p2 FROM (SELECT {rows}) AS given"
                 " WHERE b = given.p1"),
                ("DELETE FROM t WHERE b = $1", 1, "CHANGES", {"t"},
                 "DELETE FROM t USING (SELECT {rows}) AS given WHERE b = given.p1"),
                ("SELECT a FROM t JOIN u ON t.b = u.b WHERE t.c = $1", 1, "READS", {"t", "u"}, ""),
                ("SELECT a FROM t, u AS v WHERE t.c = $1", 1, "READS", {"t", "u"}, "")):
            self.assertEqual(kind_of(text), kind, text)
            self.assertEqual(tables_of(text), tables, text)
            if form:
                self.assertEqual(many_rows(text, count), form)

    def test_what_has_no_such_form(self) -> None:
        for text, count in (
                ("SELECT a FROM t", 0),
                ("INSERT INTO t (a) VALUES ($1) RETURNING b", 1),
                ("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = $1", 1),
                ("UPDATE t SET a = $1", 1),
                ("SELECT '{' FROM t WHERE a = $1", 1)):
            self.assertIsNone(many_rows(text, count), text)
        self.assertEqual(kind_of("UPDATE t SET a = $1 RETURNING b"), "ANSWERS")


class Generators(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fenqi-generators-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.input = self.folder / "in"
        self.input.mkdir()

    def run_tool(self, name: str, *outputs: str) -> subprocess.CompletedProcess:
        paths = [str(self.folder / output) for output in outputs]
        return subprocess.run([sys.executable, BUILD_TOOLS / name, self.input, *paths],
                              capture_output=True, text=True, check=False)

    def queries(self, **files: str) -> subprocess.CompletedProcess:
        for name, text in files.items():
            (self.input / f"{name}.sql").write_text(text, "utf-8")
        return self.run_tool("gen_queries.py", "query.h", "query.inc", "query.d")

    def test_queries(self) -> None:
        done = self.queries(
            order_load="-- Loads one.\nSELECT a FROM t WHERE b = $1 AND c = $2 AND d = $1;\n",
            order_list="-- Lists.\n-- scan: few rows.\nSELECT a FROM t\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        header = (self.folder / "query.h").read_text()
        self.assertLess(header.index("QUERY_ORDER_LIST"), header.index("QUERY_ORDER_LOAD"))
        table = (self.folder / "query.inc").read_text()
        self.assertIn('"SELECT a FROM t WHERE b = \\?1 AND c = \\?2 AND d = \\?1"', table)
        self.assertIn("2, QUERY_READS, UINT64_C(0x1), false}", table)
        self.assertIn("0, QUERY_READS, UINT64_C(0x1), true}", table)
        depfile = (self.folder / "query.d").read_text()
        self.assertIn(f"query.h: {self.input} ", depfile)
        self.assertIn("order_load.sql", depfile)

    def test_queries_that_break_a_rule(self) -> None:
        for name, text, why in (
                ("Order_load", "-- x\nSELECT 1", "small letters"),
                ("no_comment", "SELECT 1", "first line"),
                ("two", "-- x\nSELECT 1; SELECT 2", "exactly one"),
                ("none", "-- x\n", "exactly one"),
                ("gap", "-- x\nSELECT $1, $3", "without a gap")):
            with self.subTest(name):
                done = self.queries(**{name: text})
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(f"{name}.sql", done.stderr)
                self.assertIn(why, done.stderr)
                (self.input / f"{name}.sql").unlink()

    def migration(self, name: str, text: str, note: bool = True) -> subprocess.CompletedProcess:
        (self.input / name).mkdir(exist_ok=True)
        (self.input / name / "up.sql").write_text(text, "utf-8")
        if note:
            (self.input / name / "note.md").write_text("# note\n", "utf-8")
        return self.run_tool("gen_migrations.py", "m.inc", "m.d")

    def checksum(self) -> str:
        return re.search(r'"([0-9a-f]{64})"', (self.folder / "m.inc").read_text()).group(1)

    def test_a_comment_does_not_change_a_migration(self) -> None:
        self.assertEqual(self.migration("0001_core", "CREATE TABLE t (a BIGINT);").returncode, 0)
        first = self.checksum()
        self.migration("0001_core", "-- why\nCREATE TABLE t (\n    a BIGINT -- key\n);\n")
        self.assertEqual(self.checksum(), first)
        self.migration("0001_core", "CREATE TABLE t (a INTEGER);")
        self.assertNotEqual(self.checksum(), first)

    def test_migrations_that_break_a_rule(self) -> None:
        self.assertIn("NNNN_name", self.migration("1_core", "SELECT 1;").stderr)
        shutil.rmtree(self.input / "1_core")
        self.assertIn("note.md is missing", self.migration("0001_core", "SELECT 1;", False).stderr)
        shutil.rmtree(self.input / "0001_core")
        self.migration("0001_core", "SELECT 1;")
        self.assertIn("same number", self.migration("0001_more", "SELECT 1;").stderr)

    def test_the_table_of_placements_is_in_an_order_that_works(self) -> None:
        source = self.folder / "d.tsv"
        source.write_text("# why\na\tcustomer\tcustomer_id\tx\ncustomer\tcustomer\tcustomer_id\tx\n"
                          "b\tdirectory\tkey\tx\nc\treference\t-\tx\nd\tlocal\t-\tx\n")
        subprocess.run([sys.executable, BUILD_TOOLS / "gen_distribution.py", source,
                        self.folder / "d.inc"], check=True)
        self.assertEqual((self.folder / "d.inc").read_text().splitlines()[2:-1], [
            '{"c", NULL, NULL},', '{"customer", "customer_id", NULL},',
            '{"a", "customer_id", "customer"},', '{"b", "key", NULL},'])


class Steps(unittest.TestCase):
    """What `fenqi migrate --plan` says of a statement."""

    def test_effects(self) -> None:
        for text, table, sqlite, postgres in (
                ("CREATE TABLE t (a BIGINT, b TEXT)", "t", "NEW", "NEW"),
                ("CREATE UNIQUE INDEX i ON t (a)", "t", "READS", "READS"),
                ("ALTER TABLE t ADD COLUMN a BIGINT", "t", "BRIEF", "BRIEF"),
                ("ALTER TABLE t ADD COLUMN a BIGINT NOT NULL DEFAULT 0", "t", "BRIEF", "BRIEF"),
                ("ALTER TABLE t ADD COLUMN a BIGINT DEFAULT abs(random())", "t",
                 "REWRITES", "REWRITES"),
                ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "t", "UNKNOWN", "READS"),
                ("ALTER TABLE t DROP COLUMN a", "t", "REWRITES", "BRIEF"),
                ("ALTER TABLE t RENAME COLUMN a TO b", "t", "BRIEF", "BRIEF"),
                ("ALTER TABLE t ALTER COLUMN a TYPE BIGINT", "t", "UNKNOWN", "REWRITES"),
                ("ALTER TABLE t ALTER COLUMN a SET NOT NULL", "t", "UNKNOWN", "READS"),
                ("ALTER TABLE t ALTER COLUMN a DROP DEFAULT", "t", "UNKNOWN", "BRIEF"),
                ("UPDATE t SET a = 1", "t", "ROWS", "ROWS"),
                ("INSERT INTO t SELECT a FROM u", "t", "ROWS", "ROWS"),
                ("DELETE FROM t", "t", "ROWS", "ROWS"),
                ("DROP TABLE t", "t", "DROPS", "DROPS"),
                ("VACUUM", "", "UNKNOWN", "UNKNOWN")):
            with self.subTest(text):
                self.assertEqual([one[1:] for one in steps(text, "sqlite")], [(table, sqlite)])
                self.assertEqual([one[1:] for one in steps(text, "postgres")], [(table, postgres)])

    def test_statements_are_told_apart(self) -> None:
        self.assertEqual(statements("-- x;\nUPDATE t\n  SET a = ';';\nDROP TABLE u;"),
                         ["UPDATE t SET a = ';'", "DROP TABLE u"])

    def test_a_long_statement_is_told_in_short(self) -> None:
        text = steps("UPDATE t SET " + ", ".join(f"column_{i} = {i}" for i in range(20)), "sqlite")
        self.assertTrue(text[0][0].endswith(" ..."))
        self.assertLessEqual(len(text[0][0]), 96)
        self.assertEqual(steps("CREATE TABLE t (a BIGINT)", "sqlite")[0][0], "CREATE TABLE t")


if __name__ == "__main__":
    unittest.main()
