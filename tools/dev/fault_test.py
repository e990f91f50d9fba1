"""Every trouble that the sandbox can make around one payment: the money moves once.

Answers that are late, lost, broken or forged before and after the money moved; results that are
unknown; notifications that are lost, doubled, forged, stale or cut. After each the payment has
come to its end, the provider's own book shows exactly its amount, and at the end the books of both
sides agree.
"""

from __future__ import annotations

from .client import Unexpected, new_key, until
from .console import DevError
from .context import Context
from .crash_test import CUSTOMERS, Crashes
from .results import Result
from .stack import Stack
from .walk.scene import FINAL

SEED = 20261123
ANSWERS = ("timeout_before", "timeout_after", "error_before", "error_after", "reset_before",
           "reset_after", "answer_forged")
NOTICES = ("notify_lost", "notify_duplicate", "notify_forged_signature", "notify_forged_amount",
           "notify_forged_merchant", "notify_stale", "notify_truncated")


class Faults(Crashes):
    """One customer; each round pays a little of one order with one trouble planned."""

    def trouble(self, number: int, kind: str, channel: str) -> None:
        """Plan one trouble, pay by that channel, look what moved."""
        amount = 1_000 + number
        operation = {"card": "pay", "wechat": "order"}[channel]
        where = {} if kind.startswith("notify") else {"operation": operation}
        self.scene.sandbox.clear_troubles()
        self.scene.sandbox.trouble(kind, channel=channel, count=1, **where)
        payment = self._pay_to_the_end(channel, amount)
        moved = self.scene.sandbox.taken(payment["payment_id"])
        if (payment["state"], moved) != ("succeeded", amount):
            raise Unexpected(f"{kind} at {channel}: the payment of {amount} fen is "
                             f"{payment['state']}, and {moved} fen moved")
        self.paid_fen += amount

    def _pay_to_the_end(self, channel: str, amount: int) -> dict:
        method = {"kind": "wechat_native"}
        if channel == "card":
            method = {"kind": "bank_card", "funding_source_id": self.card}
        body = {"purpose": self.scene.purpose("amount", self.order_id, amount_fen=amount),
                "method": method, "expected_amount_fen": amount}
        made = self.client.expect(201, "POST", "/payments", body, key=new_key()).json
        path = f"/payments/{made['payment_id']}"
        if channel == "wechat":
            # A customer can only scan what is shown: a lost address must be asked for again.
            until("the QR code", lambda: self.client.get(path)["action"]["kind"] == "scan_qr",
                  seconds=60)
            self.scene.sandbox.pay_wechat(made["payment_id"])

        def ended() -> dict | None:
            payment = self.client.get(path)
            return payment if payment["state"] in FINAL else None

        return until("the end of the payment", ended, seconds=60, every=0.1)


def run(context: Context) -> list[Result]:
    """The step: every trouble at both channels, on SQLite."""
    rounds = [(kind, channel) for kind in ANSWERS + NOTICES for channel in ("card", "wechat")
              if (kind, channel) != ("timeout_before", "wechat")]  # twelve seconds of waiting
    rounds.append(("unknown", "card"))
    title = f"{len(rounds)} troubles of the payment providers: each payment moves its money once"
    with Stack(context.built("plain"), context.folder("faults"), "") as stack:
        try:
            stack.start(CUSTOMERS)
            faults = Faults(stack, SEED)
            for number, (kind, channel) in enumerate(rounds, 1):
                faults.trouble(number, kind, channel)
            faults.books_agree()
            stack.stop()
            stack.command("verify")
            stack.command("rebuild", "--check")
        except (Unexpected, DevError) as error:
            logs = "\n".join(f"--- {child.name}\n{child.tail(15)}" for child in stack.children)
            return [Result(title, False, f"{error}\n{logs}")]
    return [Result(title, True)]
