"""Kill −9 of server and sandbox at seeded moments of a payment, then start again and look.

Twenty rounds: a payment by card or WeChat Pay is under way when the server, the sandbox or both are
killed. After the restart the client repeats its request under the same Idempotency-Key, as a real
one would. Then: what was acknowledged is there, the payment comes to an end, and the sandbox's own
book shows that exactly the amount moved once, or nothing for a failed payment. At the end the books
of both sides agree and `fenqi rebuild --check` finds no difference.
"""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import Counter

from .client import Unexpected, expect_equal, new_key, until
from .conformance import Contract, Recorder
from .console import DevError
from .context import Context
from .crash_sim import simulate
from .paths import OPENAPI
from .results import Result
from .stack import Stack
from .walk import Scene
from .walk.scene import FINAL

ROUNDS = 20     # one payment, one kill
SIMULATED = 20  # kills under load, as ./dev sim crash
SEED = 20261122
CUSTOMERS = 8
LATEST_KILL_S = 0.03
LOST = (OSError, http.client.HTTPException)


class Crashes:
    """One customer with one long order; each round pays a little of it under fire."""

    def __init__(self, stack: Stack, seed: int) -> None:
        self.stack = stack
        self.chance = random.Random(seed)
        self.scene = Scene(stack, Recorder(Contract(OPENAPI)), seed)
        self.client, phone = self.scene.register("高可靠")
        order = self.scene.shop_order(
            phone, 900_000, self.scene.logins["shop"]["products"]["equal_instalment"])
        self.scene.accept(self.client, order, 24)
        self.order_id = order["order_id"]
        self.card = self.scene.bind(self.client, self.scene.sandbox.good_card(self.chance))
        self.ends: Counter[str] = Counter()
        self.struck: Counter[str] = Counter()
        self.paid_fen = 0

    def round(self, number: int) -> None:
        """One payment, one kill."""
        amount = 1_000 + number
        kind = self.chance.choice(("bank_card", "bank_card", "wechat_native"))
        victims = self.chance.choice((("server",), ("server",), ("sandbox",),
                                      ("server", "sandbox")))
        delay = self.chance.uniform(0, LATEST_KILL_S)
        try:
            payment = self._pay(kind, amount, victims, delay)
        except (Unexpected, *LOST) as error:
            raise Unexpected(f"round {number} ({kind} {amount} fen, kill {'+'.join(victims)} after "
                             f"{delay * 1000:.0f} ms): {error}") from error
        self.ends[payment["state"]] += 1
        moved = self.scene.sandbox.taken(payment["payment_id"])
        wanted = amount if payment["state"] == "succeeded" else 0
        if payment["state"] == "succeeded":
            self.paid_fen += amount
        if moved != wanted:
            raise Unexpected(f"round {number} ({kind}, kill {'+'.join(victims)} after "
                             f"{delay * 1000:.0f} ms): payment {payment['payment_id']} of {amount} "
                             f"fen is {payment['state']}, but {moved} fen moved")

    def _pay(self, kind: str, amount: int, victims: tuple[str, ...], delay: float) -> dict:
        method = {"kind": kind}
        if kind == "bank_card":
            method["funding_source_id"] = self.card
        body = {"purpose": self.scene.purpose("amount", self.order_id, amount_fen=amount),
                "method": method, "expected_amount_fen": amount}
        key, acknowledged = new_key(), []

        def ask() -> None:
            try:
                answer = self.client.call("POST", "/payments", body, key=key, timeout=10)
                if answer.status == 201:
                    acknowledged.append(answer.json["payment_id"])
            except LOST:
                pass

        if kind == "bank_card":
            self._under_fire(ask, victims, delay)
        else:
            ask()
            self._under_fire(lambda: self._scan(acknowledged[0]), victims, delay)
        payment = self._repeat(body, key)
        self.struck["before the answer" if not acknowledged else "before the end"
                    if payment["state"] not in FINAL else "after the end"] += 1
        if acknowledged:
            expect_equal("the acknowledged payment", payment["payment_id"], acknowledged[0])
        return self._to_the_end(payment["payment_id"], kind)

    def _scan(self, payment_id: str) -> None:
        """The customer scans and pays, whatever happens to either side meanwhile."""
        try:
            if self.scene.sandbox.trade(payment_id):
                self.scene.sandbox.pay_wechat(payment_id)
        except (RuntimeError, *LOST):
            pass

    def _under_fire(self, work, victims: tuple[str, ...], delay: float) -> None:
        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(delay)
        for victim in victims:
            getattr(self.stack, victim).kill()
        thread.join()
        if "sandbox" in victims:
            self.stack.start_sandbox()
        if "server" in victims:
            self.stack.start_server()

    def _repeat(self, body: dict, key: str) -> dict:
        """The same request under the same key until it is answered."""
        def ask() -> dict | None:
            try:
                return self.client.expect(201, "POST", "/payments", body, key=key).json
            except LOST:
                return None

        return until("the repeated request", ask, seconds=30)

    def _to_the_end(self, payment_id: str, kind: str) -> dict:
        """Follow it; a WeChat order is scanned (again) as soon as the provider knows it."""
        def ask() -> dict | None:
            payment = self.client.get(f"/payments/{payment_id}")
            if payment["state"] in FINAL:
                return payment
            if kind == "wechat_native":
                self._scan(payment_id)
            return None

        return until(f"the end of payment {payment_id}", ask, seconds=120, every=0.2)

    def books_agree(self) -> None:
        """All that moved at the providers is what Fenqi calls succeeded."""
        moved = sum(m["amount_fen"] for m in self.scene.sandbox.book()["movements"]
                    if m["out_no"] in self._own())
        expect_equal("moved at the providers", moved, self.paid_fen)
        order = self.scene.order(self.client, self.order_id)
        expect_equal("paid of the order", order["paid_fen"], self.paid_fen)

    def _own(self) -> set[str]:
        found, cursor = set(), None
        while True:
            page = self.client.get("/payments", limit=100, cursor=cursor)
            found |= {item["payment_id"] for item in page["items"]}
            cursor = page["next_cursor"]
            if not cursor:
                return found


def _run_on(context: Context, rounds: int) -> list[Result]:
    title = f"[sqlite] {rounds} kills at seeded moments of a payment (seed {SEED})"
    # A killed worker's item is free again after its lease: a short one, or each round takes 2 min.
    with Stack(context.built("plain"), context.folder("crash-sqlite"), "",
               serve_options=("--worker-lease", "3")) as stack:
        try:
            stack.start(CUSTOMERS)
            crashes = Crashes(stack, SEED)
            for number in range(1, rounds + 1):
                crashes.round(number)
            crashes.books_agree()
            stack.stop()
            stack.command("rebuild", "--check")
        except (Unexpected, DevError) as error:
            logs = "\n".join(f"--- {child.name}\n{child.tail(15)}" for child in stack.children)
            return [Result(title, False, f"{error}\n{logs}")]
    ends = ", ".join(f"{count} {state}" for state, count in sorted(crashes.ends.items()))
    struck = ", ".join(f"{count} {when}" for when, count in sorted(crashes.struck.items()))
    in_time = crashes.struck.total() - crashes.struck["after the end"]
    return [Result(f"{title}: {ends}; struck {struck}; books agree", in_time >= rounds // 3,
                   "too few kills hit a payment on its way")]


def run(context: Context) -> list[Result]:
    """The step: one payment at a time on SQLite, then many customers at once on both databases."""
    results = _run_on(context, ROUNDS)
    for database in ("sqlite", "postgres"):
        results.append(simulate(context.built("plain"), context.folder(f"sim-{database}"),
                                database, SIMULATED, SEED))
    return results
