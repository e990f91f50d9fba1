"""Made-up cards are well formed: the check digits of docs/channels/sandbox.md's own examples."""

from __future__ import annotations

import random
import re
import unittest

from dev.paths import ROOT
from dev.sandbox_client import GOOD, made_up_card, with_identity_check, with_luhn


class Cards(unittest.TestCase):
    def test_luhn_digit_of_the_documented_cards(self) -> None:
        text = (ROOT / "docs/channels/sandbox.md").read_text("utf-8")
        numbers = re.findall(r"`(6299\d{12})`", text)
        self.assertGreater(len(numbers), 10)
        for number in numbers:
            self.assertEqual(with_luhn(number[:-1]), number)

    def test_identity_number_of_the_standard(self) -> None:
        # The example in GB 11643-1999.
        self.assertEqual(with_identity_check("11010519491231002"), "11010519491231002X")

    def test_made_up_card(self) -> None:
        card = made_up_card(GOOD, random.Random(7))
        self.assertRegex(card.number, r"^629999000000\d{4}$")
        self.assertRegex(card.identity_number, r"^999999\d{11}[0-9X]$")
        self.assertRegex(card.phone, r"^1\d{10}$")


if __name__ == "__main__":
    unittest.main()
