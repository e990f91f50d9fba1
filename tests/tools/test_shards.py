"""The guard of statements over shards catches what a distributed table could not do."""

from __future__ import annotations

import shutil
import tempfile
import unittest
from pathlib import Path

from dev.guards import shards
from dev.guards.shards import Placement
from dev.paths import ROOT

PLACEMENTS = {one.table: one for one in (
    Placement("contract", "customer", "customer_id"),
    Placement("payment", "customer", "customer_id"),
    Placement("event_log", "customer", "user_id"),
    Placement("phone_directory", "directory", "phone_hash"),
    Placement("product", "reference", "-"),
)}
COLUMNS = {
    "contract": ["customer_id", "contract_id", "state", "code"],
    "payment": ["customer_id", "payment_id", "contract_id", "state"],
    "event_log": ["user_id", "number"],
    "phone_directory": ["phone_hash", "customer_id"],
    "product": ["code", "terms"],
}

GOOD = (
    "SELECT state FROM contract WHERE customer_id = $1 AND contract_id = $2",
    "SELECT k.state FROM contract k WHERE (k.customer_id, k.contract_id) = ($1, $2)",
    "SELECT p.state FROM payment p JOIN contract k ON k.customer_id = p.customer_id "
    "WHERE p.customer_id = $1",
    "SELECT p.state FROM payment p JOIN contract k USING (customer_id) WHERE k.customer_id = $1",
    "SELECT p.state FROM contract k LEFT JOIN payment p ON p.customer_id = k.customer_id "
    "WHERE k.customer_id = $1",
    "SELECT p.terms FROM contract k JOIN product p ON p.code = k.code WHERE k.customer_id = $1",
    "SELECT e.number FROM contract k JOIN event_log e ON e.user_id = k.customer_id "
    "WHERE k.customer_id = $1",
    "SELECT terms FROM product WHERE code = $1",
    "SELECT customer_id FROM phone_directory WHERE phone_hash = $1",
    "SELECT state FROM contract k WHERE customer_id = $1 AND EXISTS "
    "(SELECT 1 FROM payment p WHERE p.customer_id = k.customer_id)",
    "SELECT s.state FROM (SELECT customer_id, state FROM contract) s WHERE s.customer_id = $1",
    "SELECT state FROM contract WHERE customer_id = ANY($1::bigint[])",
    "SELECT u.place, q.state FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY "
    "AS u(p1, p2, place), LATERAL (SELECT k.state FROM contract k "
    "WHERE k.customer_id = u.p1 AND k.contract_id = u.p2) q",
    "INSERT INTO contract (customer_id, contract_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
    "INSERT INTO contract (customer_id, state) SELECT p1, p2 "
    "FROM unnest($1::bigint[], $2::bigint[]) AS u(p1, p2)",
    "UPDATE contract SET state = $2 WHERE customer_id = $1 RETURNING state",
    "UPDATE contract SET state = u.p2 FROM unnest($1::bigint[], $2::bigint[]) AS u(p1, p2) "
    "WHERE contract.customer_id = u.p1",
    "DELETE FROM contract WHERE customer_id = $1 AND contract_id = $2",
    "WITH k AS (SELECT state FROM contract WHERE customer_id = $1) SELECT state FROM k",
)

BAD = (
    ("SELECT state FROM contract WHERE contract_id = $1", "names no shard of contract"),
    ("SELECT state FROM contract WHERE customer_id > $1", "names no shard"),
    ("SELECT state FROM contract WHERE customer_id = $1 OR contract_id = $2", "names no shard"),
    ("SELECT state FROM contract WHERE customer_id = $1 + 1", "names no shard"),
    ("SELECT state FROM contract WHERE customer_id IN ($1, $2)", "names no shard"),
    ("SELECT state FROM contract WHERE NOT customer_id = $1", "names no shard"),
    ("SELECT p.state FROM payment p JOIN contract k ON k.contract_id = p.contract_id "
     "WHERE p.customer_id = $1", "not joined by customer_id"),
    ("SELECT p.state FROM payment p JOIN contract k ON k.contract_id = p.contract_id "
     "WHERE p.customer_id = $1 AND k.customer_id = $2", "not joined by customer_id"),
    ("SELECT p.state FROM contract k LEFT JOIN payment p ON p.customer_id = k.customer_id "
     "AND k.customer_id = $1", "names no shard"),
    ("SELECT k.state FROM contract k JOIN phone_directory d ON d.customer_id = k.customer_id "
     "WHERE k.customer_id = $1 AND d.phone_hash = $2", "lie apart"),
    ("SELECT state FROM contract WHERE customer_id = "
     "(SELECT customer_id FROM phone_directory WHERE phone_hash = $1)", "lie apart"),
    ("SELECT state FROM contract k WHERE customer_id = $1 AND EXISTS "
     "(SELECT 1 FROM payment p WHERE p.contract_id = k.contract_id)", "payment"),
    ("SELECT customer_id FROM phone_directory WHERE customer_id = $1", "names no shard"),
    ("SELECT state FROM contract WHERE customer_id = $1 UNION SELECT state FROM payment",
     "names no shard of payment"),
    ("SELECT state FROM attic WHERE customer_id = $1", "attic has no line"),
    ("INSERT INTO contract (contract_id) VALUES ($1)", "gives no customer_id"),
    ("INSERT INTO contract (customer_id, contract_id) VALUES ($1 + 1, $2)", "names no shard"),
    ("INSERT INTO contract (customer_id, state) SELECT customer_id, state FROM payment",
     "no parameter tells"),
    ("INSERT INTO contract (customer_id, state) VALUES ($1, nextval('s'))", "nextval"),
    ("INSERT INTO contract (customer_id, state) VALUES ($1, CURRENT_TIMESTAMP)", "its time"),
    ("INSERT INTO contract (customer_id, state) VALUES ($1, $2) "
     "ON CONFLICT (customer_id) DO UPDATE SET customer_id = excluded.customer_id", "is spread"),
    ("UPDATE contract SET customer_id = $2 WHERE customer_id = $1", "is spread"),
    ("UPDATE contract SET state = $1 WHERE contract_id = $2", "names no shard"),
    ("UPDATE contract SET state = p.state FROM payment p WHERE contract.customer_id = $1 "
     "AND p.contract_id = contract.contract_id", "not joined"),
    ("DELETE FROM contract WHERE contract_id = $1", "names no shard"),
    ("WITH gone AS (DELETE FROM payment WHERE customer_id = $1 RETURNING state) "
     "INSERT INTO contract (customer_id, state) VALUES ($1, $2)", "WITH part that writes"),
    ("SELECT pg_advisory_lock($1)", "pg_advisory_lock"),
    ("LISTEN outbox", "must be one SELECT"),
    ("SET statement_timeout = 1", "must be one SELECT"),
    ("SELECT state FROM contract WHERE customer_id = $1; SELECT 1", "must be one SELECT"),
    ("SELEC state", "syntax error"),
)


class Statements(unittest.TestCase):
    def problems(self, text: str, every_shard: bool = False) -> list[str]:
        return shards.statement_problems(text, PLACEMENTS, COLUMNS, every_shard)

    def test_good_ones_pass(self) -> None:
        for text in GOOD:
            with self.subTest(text):
                self.assertEqual(self.problems(text), [])

    def test_planted_ones_are_caught(self) -> None:
        for text, word in BAD:
            with self.subTest(text):
                self.assertIn(word, "; ".join(self.problems(text)))

    def test_a_job_may_look_at_every_shard(self) -> None:
        for text in ("SELECT state FROM contract WHERE contract_id > $1 ORDER BY contract_id",
                     "UPDATE contract SET state = $1 WHERE state = $2",
                     "SELECT p.state FROM payment p JOIN contract k "
                     "ON k.customer_id = p.customer_id"):
            with self.subTest(text):
                self.assertEqual(self.problems(text, True), [])

    def test_a_job_may_not_lock_or_join_apart(self) -> None:
        for text, word in (
                ("SELECT state FROM contract WHERE state = $1 FOR UPDATE", "locks"),
                ("SELECT p.state FROM payment p JOIN contract k USING (contract_id)", "not joined"),
                ("SELECT state FROM contract WHERE customer_id = $1", "works on one shard")):
            with self.subTest(text):
                self.assertIn(word, "; ".join(self.problems(text, True)))


class Tree(unittest.TestCase):
    """The real sql/ with something planted into a copy."""

    def setUp(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="fenqi-shards-"))
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(ROOT / "sql", self.root / "sql")

    def plant(self, name: str, text: str) -> None:
        path = self.root / "sql" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def assertOnly(self, word: str) -> None:
        found = shards.find(self.root)
        self.assertEqual(len(found), 1, "\n".join(map(str, found)))
        self.assertIn(word, str(found[0]))

    def migrate(self, text: str,
                placement: str | None = "planted\tcustomer\tcustomer_id\twhy\n") -> None:
        self.plant("migrations/9999_planted/up.sql", text)
        path = self.root / "sql/distribution.tsv"
        path.write_text(path.read_text("utf-8") + (placement or ""), encoding="utf-8")

    def test_the_real_tree_is_clean(self) -> None:
        self.assertEqual(shards.find(self.root), [])

    def test_a_bad_query_is_found(self) -> None:
        self.plant("queries/planted.sql",
                   "-- Planted.\nSELECT state FROM contract WHERE order_id = $1")
        found = [str(one) for one in shards.find(self.root)]
        self.assertEqual(len(found), 2, found)
        self.assertIn("sql/queries/planted.sql: names no shard of contract", found[0])
        self.assertIn("sql/queries/planted.sql: in a batch: names no shard of contract", found[1])

    def test_a_table_without_a_placement(self) -> None:
        self.migrate("CREATE TABLE planted (a BIGINT NOT NULL PRIMARY KEY);", None)
        self.assertOnly("planted: has no line")

    def test_a_placement_without_a_table(self) -> None:
        self.migrate("SELECT 1;")
        self.assertOnly("planted is no table")

    def test_a_key_across_customers(self) -> None:
        self.migrate("CREATE TABLE planted (customer_id BIGINT NOT NULL, a BIGINT,"
                     " PRIMARY KEY (customer_id), UNIQUE (a));")
        self.assertOnly("lacks customer_id")

    def test_a_key_in_another_order(self) -> None:
        self.migrate("CREATE TABLE planted (customer_id BIGINT, a BIGINT,"
                     " PRIMARY KEY (a, customer_id));")
        self.assertOnly("does not start with customer_id")

    def test_a_unique_index_across_customers(self) -> None:
        self.migrate("CREATE UNIQUE INDEX planted ON orders (shop_order_no);", None)
        self.assertOnly("lacks customer_id")

    def test_a_column_that_counts_by_itself(self) -> None:
        self.migrate("CREATE TABLE planted (customer_id BIGINT PRIMARY KEY, a BIGSERIAL);")
        self.assertOnly("serial")

    def test_an_identity(self) -> None:
        self.migrate("CREATE TABLE planted (customer_id BIGINT PRIMARY KEY,"
                     " a BIGINT GENERATED ALWAYS AS IDENTITY);")
        self.assertOnly("identity")

    def test_a_sequence(self) -> None:
        self.migrate("CREATE SEQUENCE planted;", None)
        self.assertOnly("sequences")

    def test_a_foreign_key_across_customers(self) -> None:
        self.migrate("CREATE TABLE planted (customer_id BIGINT PRIMARY KEY,"
                     " parent BIGINT REFERENCES customer (customer_id));")
        self.assertOnly("crosses shards")

    def test_foreign_keys_that_stay_on_the_shard(self) -> None:
        self.migrate("CREATE TABLE planted (customer_id BIGINT PRIMARY KEY"
                     " REFERENCES customer (customer_id), shop_id BIGINT REFERENCES shop);")
        self.assertEqual(shards.find(self.root), [])

    def test_customers_rows_on_every_machine(self) -> None:
        self.migrate("CREATE TABLE planted (customer_id BIGINT PRIMARY KEY);",
                     "planted\treference\t-\twhy\n")
        self.assertOnly("holds customers' rows")

    def test_a_placement_that_says_nothing(self) -> None:
        self.migrate("SELECT 1;", "planted\teverywhere\t-\twhy\n")
        self.assertOnly("is not a placement")


if __name__ == "__main__":
    unittest.main()
