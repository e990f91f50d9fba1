"""`fenqi product add`: what a product file may say, "terms" included."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ.get("FENQI_PROGRAM", "fenqi")
PRODUCT = {"code": "level-12", "name_zh": "等额本息", "name_en": "Level", "lender_zh": "某某",
           "lender_en": "Example", "penalty_daily_rate_ppb": 500000,
           "offers": [{"instalment_count": 12, "annual_rate_ppb": 72000000}]}


class Products(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="fenqi-product-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.place = ("--data", str(self.folder / "data"),
                      "--database", f"sqlite:{self.folder / 'fenqi.db'}")
        (self.folder / "data").mkdir()
        self.run_program("migrate", "--database", self.place[3])

    def run_program(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60,
                              check=False)

    def add(self, **members: object) -> subprocess.CompletedProcess:
        path = self.folder / "product.json"
        path.write_text(json.dumps({**PRODUCT, **members}), "utf-8")
        return self.run_program("product", "add", str(path), *self.place)

    def test_terms_of_the_engine(self) -> None:
        for version, terms in enumerate((
                None, {"method": "flat"}, {"due_roll": "following", "day_basis": "act_365"},
                {"interest_on": "outstanding", "penalty": {"late_fee": "20.00"}},
                {"allocation": {"vertical": True}, "multiple": "1.00"}), 1):
            done = self.add(**({} if terms is None else {"terms": terms}))
            self.assertEqual((done.stderr, done.stdout),
                             ("", f"product level-12 version {version}\n"), terms)

    def test_wrong_terms_name_their_place(self) -> None:
        for terms, said in (
                ({"colour": 1}, "terms.colour: no such field"),
                ({"penalty": {"late_fee": 20}}, "terms.penalty.late_fee: an amount is a text"),
                ({"principal": "1.00"}, "terms.principal: comes from the order"),
                ({"charges": []}, "terms.charges: the cost table cannot say it"),
                ({"period_unit": "week"}, "terms: the cost table cannot say"),
                ({"interest_free_count": 13}, "is refused: interest_free_count"),
                ([], "terms: must be an object")):
            done = self.add(terms=terms)
            self.assertEqual((done.returncode, done.stdout), (2, ""), terms)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
