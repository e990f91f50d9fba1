"""Customers who pay without a pause and remember every acknowledgement, for `./dev sim crash`.

A customer pays one small amount after the other. Each payment is noted before it is sent; when the
answer is lost or the server says that it cannot (5xx), the same request goes again under the same
Idempotency-Key until it is acknowledged or refused. What was acknowledged must be there for ever.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from .client import Client, Unexpected, expect_equal, new_key, until
from .walk import Scene
from .walk.scene import FINAL

LOST = (OSError, http.client.HTTPException)
PRINCIPAL_FEN = 5_000_000
PAGE = 100


class Unrecorded:
    """A recorder that looks at nothing: here the money is looked at, thousands of times."""

    def answer(self, *_: object) -> None:
        """One answer."""


@dataclass
class Attempt:
    """One payment that a customer wanted."""

    key: str
    body: dict
    sent: int = 0
    payment_id: str = ""  # once acknowledged
    refused: str = ""     # the code of a refusal: then it must not be there

    @property
    def amount(self) -> int:
        return self.body["expected_amount_fen"]


@dataclass
class Customer:
    """One customer with one long order, paying by one method."""

    scene: Scene
    kind: str  # credit_balance, bank_card, wechat_native
    chance: random.Random
    client: Client = field(init=False)
    order_id: str = field(init=False)
    attempts: list[Attempt] = field(default_factory=list)
    balance_fen: int = 0  # what the credit balance began with
    before: set[str] = field(init=False)  # payments that filled the balance
    trouble: str = ""     # what must never happen, and did

    def __post_init__(self) -> None:
        scene = self.scene
        self.client, phone = scene.register("高可靠")
        products = scene.logins["shop"]["products"]
        self._card = ""
        if self.kind == "bank_card":
            self._card = scene.bind(self.client, scene.sandbox.good_card(self.chance))
        if self.kind == "credit_balance":
            self.balance_fen = self._fill_balance(phone, products["interest_free"])
        order = scene.shop_order(phone, PRINCIPAL_FEN, products["equal_instalment"])
        scene.accept(self.client, order, 24)
        self.order_id = order["order_id"]
        self.before = {item["payment_id"] for item in self.listed()}

    def _fill_balance(self, phone: str, product: str) -> int:
        """An order is settled and its goods go back: its amount is the customer's balance."""
        scene = self.scene
        order = scene.shop_order(phone, PRINCIPAL_FEN, product)
        scene.accept(self.client, order, 3)
        settle = scene.purpose("settle", order["order_id"])
        payment = scene.pay(self.client, settle, {"kind": "wechat_native"}).json
        scene.to_be_paid(self.client, payment["payment_id"], "scan_qr")
        scene.sandbox.pay_wechat(payment["payment_id"])
        scene.finished(self.client, payment["payment_id"])
        scene.shop.expect(201, "POST", f"/shop/orders/{order['shop_order_no']}/refunds", {
            "shop_refund_no": f"R{self.chance.randrange(10**9)}", "amount_fen": PRINCIPAL_FEN,
            "reason": "退货"}, key=new_key())
        return self.client.get("/account")["credit_balance_fen"]

    # ---- paying --------------------------------------------------------------------------------

    def live(self, stop: threading.Event) -> None:
        """Pay until told to stop; what is not acknowledged then stays to be repeated."""
        try:
            while not stop.is_set():
                attempt = self._open_attempt()
                if not self.push(attempt):
                    stop.wait(0.02)
                elif self.kind != "credit_balance" and self.acknowledged:
                    self._follow(self.acknowledged[-1], stop)  # also one of an earlier round
                stop.wait(self.chance.uniform(0, 0.04))  # or a long run pays the whole order off
        except (Unexpected, RuntimeError) as error:
            self.trouble = str(error)

    def _open_attempt(self) -> Attempt:
        """The one that has no answer yet, or a new one."""
        if self.attempts and not (self.attempts[-1].payment_id or self.attempts[-1].refused):
            return self.attempts[-1]
        amount = self.chance.randint(100, 140)
        method = {"kind": self.kind}
        if self._card:
            method["funding_source_id"] = self._card
        self.attempts.append(Attempt(new_key(), {
            "purpose": Scene.purpose("amount", self.order_id, amount_fen=amount),
            "method": method, "expected_amount_fen": amount}))
        return self.attempts[-1]

    def push(self, attempt: Attempt) -> bool:
        """Send it once (more); whether there is an answer that counts."""
        attempt.sent += 1
        try:
            answer = self.client.call("POST", "/payments", attempt.body, key=attempt.key,
                                      timeout=20)
        except LOST:
            return False
        if answer.status >= 500 or answer.code == "idempotency_in_progress":
            return False
        if answer.status != 201:
            if attempt.payment_id:
                raise Unexpected(f"payment {attempt.payment_id} was acknowledged; its request "
                                 f"again gives {answer.status} {answer.code}")
            attempt.refused = answer.code
            return True
        found = answer.json["payment_id"]
        if attempt.payment_id and found != attempt.payment_id:
            raise Unexpected(f"one request was acknowledged as {attempt.payment_id}, then as "
                             f"{found}")
        attempt.payment_id = found
        return True

    def _follow(self, attempt: Attempt, stop: threading.Event) -> None:
        """Until the payment has come to its end, or for now."""
        while not stop.is_set():
            try:
                if self.step(attempt) in FINAL:
                    return
            except (*LOST, Unexpected):
                pass
            stop.wait(0.03)

    def step(self, attempt: Attempt) -> str:
        """Its state; a WeChat order is scanned as soon as the provider knows it."""
        state = self.client.get(f"/payments/{attempt.payment_id}")["state"]
        sandbox = self.scene.sandbox
        if self.kind == "wechat_native" and state not in FINAL:
            try:
                if sandbox.trade(attempt.payment_id):
                    sandbox.pay_wechat(attempt.payment_id)
            except RuntimeError:
                pass  # it was paid already
        return state

    def tell(self) -> str:
        """How many attempts ended how, for a failure's text."""
        ends = Counter(attempt.refused or ("acknowledged" if attempt.payment_id else "no answer")
                       for attempt in self.attempts)
        return f"{self.kind}: " + ", ".join(f"{n} {end}" for end, n in sorted(ends.items()))

    # ---- looking -------------------------------------------------------------------------------

    @property
    def acknowledged(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.payment_id]

    def repeat_open(self) -> None:
        """What had no answer is sent again until it has one."""
        attempt = self.attempts[-1] if self.attempts else None
        if attempt and not attempt.payment_id and not attempt.refused:
            until("an answer to a repeated request", lambda: self.push(attempt), seconds=60)

    def look(self, recent: int) -> None:
        """The newest acknowledged payments are there, once, as they were wanted."""
        known = self.acknowledged
        newest = known[-recent:]
        listed = self.listed(len(newest) + 5)
        for attempt in newest:
            found = [item for item in listed if item["payment_id"] == attempt.payment_id]
            if len(found) != 1:
                raise Unexpected(f"payment {attempt.payment_id} was acknowledged and is in the "
                                 f"list {len(found)} times")
            expect_equal(f"amount of {attempt.payment_id}", found[0]["amount_fen"], attempt.amount)
        if self.kind == "credit_balance":
            left = self.client.get("/account")["credit_balance_fen"]
            expect_equal("credit balance", left,
                         self.balance_fen - sum(attempt.amount for attempt in known))
        if known:
            attempt = self.chance.choice(known)
            until("a repeated request", lambda: self.push(attempt), seconds=30)

    def listed(self, count: int = 10**9) -> list[dict]:
        """Payments of the main order, newest first."""
        found, cursor = [], None
        while len(found) < count:
            page = self.client.get("/payments", limit=PAGE, cursor=cursor)
            found += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                break
        return found

    def settle_accounts(self) -> int:
        """At the end: every payment at its end, the list and the order say the same; how much."""
        for attempt in self.acknowledged[-3:]:
            until(f"the end of {attempt.payment_id}", lambda a=attempt: self.step(a) in FINAL,
                  seconds=120)
        listed = {item["payment_id"]: item for item in self.listed()}
        known = self.acknowledged
        expect_equal("payments acknowledged, each under its own number",
                     len({attempt.payment_id for attempt in known}), len(known))
        paid = 0
        for attempt in known:
            item = listed.pop(attempt.payment_id, None)
            if item is None:
                raise Unexpected(f"payment {attempt.payment_id} was acknowledged and is lost")
            succeeded = item["state"] == "succeeded"
            paid += attempt.amount if succeeded else 0
            if self.kind != "credit_balance":
                expect_equal(f"moved at the provider for {attempt.payment_id}",
                             self.scene.sandbox.taken(attempt.payment_id),
                             attempt.amount if succeeded else 0)
        for payment_id in self.before:
            listed.pop(payment_id, None)
        if listed:
            raise Unexpected(f"{self.kind}: payments that nobody was told of: "
                             f"{[(p['payment_id'], p['amount_fen']) for p in listed.values()]}")
        expect_equal("paid of the order",
                     self.client.get(f"/orders/{self.order_id}")["paid_fen"], paid)
        return paid


def live_for(customers: list[Customer], seconds: float, strike) -> None:
    """All pay; after `seconds` comes the strike; then they pay until each had one more answer."""
    stop = threading.Event()
    threads = [threading.Thread(target=customer.live, args=(stop,)) for customer in customers]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    try:
        strike()
        before = [len(customer.acknowledged) for customer in customers]
        until("payments after the restart", lambda: all(
            customer.trouble or customer.kind != "credit_balance"
            or len(customer.acknowledged) > count
            for customer, count in zip(customers, before, strict=True)), seconds=60, every=0.02)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    for customer in customers:
        if customer.trouble:
            raise Unexpected(customer.trouble)
