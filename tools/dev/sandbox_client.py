"""A person on the provider's side: reads the bank's SMS, pays at the cashier, sees the
account. Uses the sandbox's control interface (docs/channels/sandbox.md)."""

from __future__ import annotations

import http.client
import json
import random
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

# Behaviours of test cards: 6299 9900 BBBB NNNC.
GOOD, NO_MONEY, FROZEN, SLOW, UNKNOWN_THEN_PAID = "0000", "0001", "0002", "0003", "0004"


@dataclass(frozen=True)
class Card:
    """A made-up bank card with its made-up holder."""

    number: str
    identity_number: str
    phone: str


def with_luhn(digits: str) -> str:
    """The digits and their Luhn digit."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return digits + str(-total % 10)


def with_identity_check(digits: str) -> str:
    """Seventeen digits of an identity number and their check character (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return digits + "10X98765432"[total % 11]


def made_up_card(behaviour: str, chance: random.Random) -> Card:
    """A card of a behaviour; its region code 999999 belongs to nobody."""
    number = with_luhn(f"62999900{behaviour}{chance.randrange(1000):03d}")
    identity = with_identity_check(f"99999919900101{chance.randrange(1000):03d}")
    return Card(number, identity, f"199{chance.randrange(10**8):08d}")


class SandboxClient:
    """The control interface of a running sandbox."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url)

    def _ask(self, method: str, path: str, form: dict[str, object] | None = None) -> dict:
        connection = http.client.HTTPConnection(
            self._address.hostname or "", self._address.port or 80, timeout=15)
        try:
            connection.request(method, path, body=urlencode(form) if form is not None else None,
                               headers={"Content-Type": "application/x-www-form-urlencoded"})
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status >= 400:
            raise RuntimeError(f"sandbox: {method} {path}: {response.status} "
                               f"{body[:200].decode('utf-8', 'replace')}")
        return json.loads(body)

    @staticmethod
    def good_card(chance: random.Random) -> Card:
        """Plenty of money."""
        return made_up_card(GOOD, chance)

    @staticmethod
    def empty_card(chance: random.Random) -> Card:
        """Never enough money."""
        return made_up_card(NO_MONEY, chance)

    def bank_code(self, card: Card) -> str:
        """The latest code that the bank sent to the card's phone; empty when none was sent."""
        items = self._ask("GET", f"/control/sms?mobile={card.phone}")["items"]
        return items[0]["code"] if items else ""

    def pay_wechat(self, number: str) -> None:
        """The payer confirms in WeChat."""
        self._ask("POST", f"/control/trades/{number}/pay", {})

    def trade(self, number: str) -> dict | None:
        """A trade of the sandbox's book by our number."""
        trades = self._ask("GET", f"/control/trades/{number}")["trades"]
        return trades[0] if trades else None

    def taken(self, number: str) -> int:
        """What moved under a number, in fen, refunds taken off."""
        return sum(m["amount_fen"] for m in self.book(number)["movements"])

    def book(self, number: str = "") -> dict:
        """The sandbox's own account of what moved."""
        return self._ask("GET", "/control/book" + (f"?out_no={number}" if number else ""))

    def trouble(self, kind: str, **more: object) -> None:
        """Plan a trouble (docs/channels/sandbox.md, Control)."""
        self._ask("POST", "/control/faults", {"kind": kind, **more})

    def clear_troubles(self) -> None:
        """No planned trouble is left."""
        self._ask("POST", "/control/faults/clear", {})
