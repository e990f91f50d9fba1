"""`fenqi migrate` from several processes at once, its plan, and the schema spread by Citus."""

from __future__ import annotations

import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor

from dev.paths import ROOT
from dev.scale_test import ScaleTest

TABLES = [line.split("\t") for line in
          (ROOT / "sql/distribution.tsv").read_text("utf-8").splitlines()
          if line and not line.startswith("#")]

# Stands in for Citus 11: the same names and parameters, but all that they do is to record the call.
# As the real ones they refuse a table that is spread already, a column that is not there, and a
# unique key without the column.
STAND_IN = """
CREATE TABLE citus_tables (table_name regclass, citus_table_type text, distribution_column text,
    colocated_with text, shard_count int);
CREATE FUNCTION create_reference_table(t regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM citus_tables WHERE table_name = t) THEN
        RAISE EXCEPTION 'table "%" is already distributed', t; END IF;
    INSERT INTO citus_tables VALUES (t, 'reference', '<none>', NULL, 1); END $$;
CREATE FUNCTION create_distributed_table(t regclass, distribution_column text,
    distribution_type text DEFAULT 'hash', colocate_with text DEFAULT 'default',
    shard_count int DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE key smallint; BEGIN
    IF EXISTS (SELECT 1 FROM citus_tables WHERE table_name = t) THEN
        RAISE EXCEPTION 'table "%" is already distributed', t; END IF;
    SELECT attnum INTO STRICT key FROM pg_attribute
        WHERE attrelid = t AND attname = distribution_column;
    IF EXISTS (SELECT 1 FROM pg_index WHERE indrelid = t AND indisunique
               AND NOT key = ANY (indkey::smallint[])) THEN
        RAISE EXCEPTION 'cannot create constraint on "%"', t; END IF;
    IF colocate_with NOT IN ('none', 'default') THEN
        PERFORM 1 FROM citus_tables WHERE table_name = colocate_with::regclass;
        IF NOT FOUND THEN RAISE EXCEPTION 'relation % is not distributed', colocate_with; END IF;
    END IF;
    INSERT INTO citus_tables
        VALUES (t, 'distributed', distribution_column, colocate_with, shard_count); END $$;
"""


def psql(url: str, text: str) -> str:
    """What one statement gives, unaligned."""
    return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url], input=text,
                          capture_output=True, text=True, check=True).stdout.strip()


class AtOnce(ScaleTest):
    def together(self, *options: str) -> None:
        with ThreadPoolExecutor(4) as pool:
            ended = list(pool.map(lambda number: self.fenqi(
                "migrate", "--data", self.folder / f"data{number}", *options), range(4)))
        for done in ended:
            self.assertEnds(0, done, "0001_core", "0 pending")

    def test_four_processes_on_sqlite(self) -> None:
        self.together("--database", f"sqlite:{self.folder / 'fenqi.db'}")

    def test_four_processes_on_postgres(self) -> None:
        url = self.database("together")
        self.together("--database", url)
        self.assertEqual(psql(url, "SELECT COUNT(*) = MAX(number) FROM schema_migration"),
                         "t")


class Plan(ScaleTest):
    def plan_of(self, url: str) -> None:
        words = ("--database", url, "--data", self.folder / "data")
        self.assertEnds(1, self.fenqi("migrate", "--plan", *words), "0001_core", "pending",
                        "CREATE TABLE customer: nobody waits")
        self.assertFalse((self.folder / "data").exists())
        self.assertEnds(1, self.fenqi("migrate", "--plan", *words))
        self.assertEnds(0, self.fenqi("migrate", *words), "applied 20", "0 pending")
        self.assertEnds(0, self.fenqi("migrate", "--plan", *words), "applied 20", "0 pending")

    def test_plan_on_sqlite(self) -> None:
        self.plan_of(f"sqlite:{self.folder / 'fenqi.db'}")

    def test_plan_on_postgres(self) -> None:
        self.plan_of(self.database("plan"))

    def test_plan_of_a_newer_database(self) -> None:
        url = self.database("newer")
        self.assertEnds(0, self.fenqi("migrate", "--database", url, "--data", self.folder))
        psql(url, "INSERT INTO schema_migration VALUES (9000, 'later', 'x', 1)")
        self.assertEnds(65, self.fenqi("migrate", "--plan", "--database", url), "9000 later")


class Distribute(ScaleTest):
    def setUp(self) -> None:
        super().setUp()
        self.url = self.database("spread")
        self.assertEnds(0, self.fenqi("migrate", "--database", self.url, "--data", self.folder))

    def distribute(self, *options: str):
        return self.fenqi("migrate", "--distribute", "--database", self.url, *options)

    def test_without_the_extension_it_says_what_to_install(self) -> None:
        self.assertEnds(66, self.distribute(), "no extension citus", "shared_preload_libraries")

    def test_the_plan_prints_every_statement_even_so(self) -> None:
        done = self.distribute("--plan", "--shards", "32")
        self.assertEnds(1, done, "SELECT create_distributed_table('customer', 'customer_id', "
                        "colocate_with => 'none', shard_count => 32);")
        for table, placement, _, _ in TABLES:
            self.assertEqual(f"_table('{table}'" in done.output, placement != "local", table)

    def test_every_table_goes_where_it_is_written(self) -> None:
        psql(self.url, STAND_IN)
        self.assertEnds(1, self.distribute("--plan"))
        self.assertEnds(0, self.distribute("--shards", "64"), "-- done: ")
        found = {row.split("|")[0]: row.split("|")[1:] for row in psql(
            self.url, "SELECT * FROM citus_tables").splitlines()}
        for table, placement, column, _ in TABLES:
            beside = "customer" if placement == "customer" and table != "customer" else "none"
            wanted = {"local": None, "reference": ["reference", "<none>", "", "1"]}.get(
                placement, ["distributed", column, beside, "64" if beside == "none" else ""])
            self.assertEqual(found.get(table), wanted, table)

    def test_what_was_interrupted_is_taken_up(self) -> None:
        psql(self.url, STAND_IN + "SELECT create_reference_table('setting');"
             "SELECT create_distributed_table('customer', 'customer_id', shard_count => 8);")
        self.assertEnds(1, self.distribute("--plan"),
                        "-- done: SELECT create_reference_table('setting')")
        self.assertEnds(0, self.distribute())
        self.assertEnds(0, self.distribute())
        self.assertEnds(0, self.distribute("--plan"))

    def test_a_table_that_is_somewhere_else_is_refused(self) -> None:
        psql(self.url, STAND_IN + "SELECT create_reference_table('orders');")
        self.assertEnds(75, self.distribute(), "orders", "undistribute_table")

    def test_a_failure_names_the_table_and_keeps_the_rest(self) -> None:
        psql(self.url, STAND_IN + "ALTER TABLE notice ADD COLUMN x INTEGER UNIQUE;")
        self.assertEnds(65, self.distribute(), "table notice", "cannot create constraint")
        self.assertEqual(psql(self.url, "SELECT citus_table_type FROM citus_tables "
                              "WHERE table_name = 'customer'::regclass"), "distributed")
        psql(self.url, "ALTER TABLE notice DROP COLUMN x")
        self.assertEnds(0, self.distribute())

    def test_two_at_once_do_it_once(self) -> None:
        psql(self.url, STAND_IN)
        with ThreadPoolExecutor(2) as pool:
            for done in pool.map(lambda _: self.distribute(), range(2)):
                self.assertEnds(0, done)

    def test_sqlite_is_one_file(self) -> None:
        self.assertEnds(65, self.fenqi("migrate", "--distribute", "--data", self.folder / "d"),
                        "only a PostgreSQL database")


if __name__ == "__main__":
    unittest.main()
