"""`fenqi verify` as a command; `--prove`, by a checker that shares nothing with the program."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from datetime import date, timedelta
from pathlib import Path

PROGRAM = os.environ.get("FENQI_PROGRAM", "fenqi")
CHECKER = Path(__file__).resolve().parents[2] / "tools/check_proof.py"
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def number_of(kind: str, customer: int, payment: int) -> str:
    """A public number, by its description in src/base/public_number.h."""
    text = kind
    for value in (customer, payment):
        text += "".join(BASE32[value >> 5 * place & 31] for place in range(12, -1, -1))
    product = 36
    for character in text:
        product = ((product + BASE36.index(character)) % 36 or 36) * 2 % 37
    return text + BASE36[(37 - product) % 36]


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def root_over(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if len(leaves) < 2:
        return sha256(b"\0", leaves[0]) if leaves else sha256()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1", root_over(leaves[:split]), root_over(leaves[split:]))


class Proof(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory(prefix="fenqi-proof-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.data = Path(cls.folder.name) / "data"
        cls.command("demo", "load", "--customers", "8")
        with sqlite3.connect(cls.data / "fenqi.db") as database:
            day = database.execute(
                "SELECT value FROM setting WHERE name = 'business_date'").fetchone()[0]
            cls.payments = database.execute(
                "SELECT customer_id, payment_id FROM payment WHERE state = 3 AND entry < 3"
                " ORDER BY business_day").fetchall()
        cls.today = date.fromisoformat(day)
        cls.command("day-end", "--date", str(cls.today + timedelta(days=1)))

    @classmethod
    def command(cls, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([PROGRAM, *words, "--data", cls.data], capture_output=True, text=True,
                              timeout=100, check=False)

    def prove(self, customer: int, payment: int) -> list[dict]:
        done = self.command("verify", "--prove", number_of("P", customer, payment))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def holds(self, proof: dict, key: str = "") -> tuple[bool, str]:
        done = subprocess.run(
            [sys.executable, CHECKER, "--public-key", key or proof["seal"]["public_key"]],
            input=json.dumps(proof) + "\n", capture_output=True, text=True, timeout=60, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode == 0, done.stdout

    def test_every_payment_is_proven(self) -> None:
        self.assertGreater(len(self.payments), 5)
        for customer, payment in self.payments[:: max(1, len(self.payments) // 12)]:
            proofs = self.prove(customer, payment)
            self.assertGreater(len(proofs), 0)
            for proof in proofs:
                self.assertEqual(self.holds(proof)[0], True, self.holds(proof)[1])
                self.assertEqual(proof["entry"]["customer_id"], str(customer))

    def test_the_root_is_the_one_over_the_rows(self) -> None:
        proof = self.prove(*self.payments[-1])[0]
        with sqlite3.connect(self.data / "fenqi.db") as database:
            leaves = [row[0] for row in database.execute(
                "SELECT hash FROM journal_entry WHERE posted_day ="
                " CAST(julianday(?) - julianday('1970-01-01') AS INTEGER)"
                " ORDER BY created_at_us, customer_id, contract_id, number",
                (proof["entry"]["day"],))]
        self.assertEqual(len(leaves), proof["seal"]["entries"])
        self.assertEqual(leaves[proof["leaf"]].hex(), proof["entry"]["hash"])
        self.assertEqual(root_over(leaves).hex(), proof["seal"]["root"])

    def test_nothing_in_a_proof_can_be_changed(self) -> None:
        proof = max((self.prove(*pair)[0] for pair in self.payments[:12]),
                    key=lambda one: len(one["path"]))
        self.assertGreater(len(proof["path"]), 0)

        def changed(change) -> dict:
            copy = json.loads(json.dumps(proof))
            change(copy)
            return copy

        def flip(text: str) -> str:
            return ("1" if text[0] == "0" else "0") + text[1:]

        def more(one: dict) -> None:
            one["entry"]["lines"][0][1] += 1
            one["entry"]["lines"][1][1] -= 1

        changes = {
            "not what was hashed": [
                more,
                lambda one: one["entry"].update(number=one["entry"]["number"] + 1),
                lambda one: one["entry"].update(customer_id="7"),
                lambda one: one["entry"].update(contract_id="7"),
                lambda one: one["entry"].update(hash_before=flip(one["entry"]["hash_before"])),
                lambda one: one["entry"].update(day=str(self.today - timedelta(days=400))),
                lambda one: one["entry"].update(hash=flip(one["entry"]["hash"]))],
            "does not balance": [lambda one: one["entry"]["lines"].pop()],
            "does not lead": [
                lambda one: one["path"].pop(),
                lambda one: one["path"].append(one["path"][0]),
                lambda one: one["path"].__setitem__(0, flip(one["path"][0])),
                lambda one: one.update(leaf=one["leaf"] + one["seal"]["entries"]),
                lambda one: one["seal"].update(root=flip(one["seal"]["root"]))],
            "signature is not": [
                lambda one: one["seal"].update(previous=flip(one["seal"]["previous"])),
                lambda one: one["seal"].update(signature=flip(one["seal"]["signature"]))],
        }
        for why, ways in changes.items():
            for place, way in enumerate(ways):
                with self.subTest(why=why, place=place):
                    ok, said = self.holds(changed(way))
                    self.assertFalse(ok, said)
                    self.assertIn(why, said)
        ok, said = self.holds(proof, flip(proof["seal"]["public_key"]))
        self.assertFalse(ok, said)
        self.assertIn("another key", said)

    def test_what_cannot_be_proven_is_said(self) -> None:
        done = self.command("verify", "--prove", "P123")
        self.assertEqual(done.returncode, 2)
        done = self.command("verify", "--prove", number_of("P", 5, 5))
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("no entry of that number", done.stderr)

    def test_differences_are_lines_and_rebuild_mends_what_is_derived(self) -> None:
        clean = self.command("verify")
        self.assertEqual(clean.returncode, 0, clean.stdout)
        self.assertRegex(clean.stdout, r"^debits and credits are [1-9]\d*\.\d\d yuan each\n"
                         r"\d+ contracts with .* 0 differences\n$")
        with sqlite3.connect(self.data / "fenqi.db") as database:
            customer, contract, order = database.execute(
                "SELECT customer_id, contract_id, order_id FROM contract LIMIT 1").fetchone()
            database.execute("UPDATE contract SET left_fen = left_fen + 1 WHERE customer_id = ?"
                             " AND contract_id = ?", (customer, contract))
        for words in ("verify",), ("rebuild", "--check"), ("rebuild",):
            done = self.command(*words)
            self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
            self.assertIn(f"order {number_of('D', customer, order)}: state or columns differ",
                          done.stdout)
            self.assertIn(" 1 differences", done.stdout)
        self.assertEqual(self.command("verify", "--threads", "1").stdout, clean.stdout)

    def test_books_that_were_changed_prove_nothing(self) -> None:
        customer, payment = self.payments[0]
        with sqlite3.connect(self.data / "fenqi.db") as database:
            database.execute("UPDATE merkle_root SET entry_count = entry_count + 1")
            database.commit()
            try:
                done = self.command("verify", "--prove", number_of("P", customer, payment))
                self.assertEqual((done.returncode, done.stdout), (1, ""))
                self.assertIn("not those of the signed root", done.stderr)
            finally:
                database.execute("UPDATE merkle_root SET entry_count = entry_count - 1")


if __name__ == "__main__":
    unittest.main()
