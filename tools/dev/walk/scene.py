"""What the steps share: the running stack, who is who, and the moves that several steps make."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field

from ..client import Answer, Client, Unexpected, expect_equal, new_key, until
from ..conformance import Recorder
from ..sandbox_client import Card, SandboxClient
from ..stack import Stack
from ..webhook_receiver import Receiver, why_refused

FINAL = ("succeeded", "failed", "cancelled")


def yuan(fen: int) -> str:
    """¥1,234.56"""
    return f"¥{fen // 100:,}.{fen % 100:02d}"


@dataclass
class Scene:
    """One walk: on one database, with one recorder and one source of chance."""

    stack: Stack
    recorder: Recorder
    seed: int = 1
    hooks: Receiver | None = None  # what the shop is told, when somebody listens for it
    customer: Client = field(init=False)
    phone: str = ""
    password: str = ""
    order_id: str = ""
    card_payment: str = ""
    wechat_payment: str = ""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.sandbox = SandboxClient(self.stack.sandbox_url)
        self.logins = self.stack.logins()
        self.shop = Client(self.stack.url, self.recorder, self.logins["shop"]["api_key"])
        self.customer = self.client()
        self._staff: Client | None = None

    # ---- people --------------------------------------------------------------------------------

    def client(self) -> Client:
        """A browser that nobody has used yet."""
        return Client(self.stack.url, self.recorder)

    def new_phone(self) -> str:
        """A made-up number that the demo shop does not use."""
        return "199" + "".join(self.random.choice("0123456789") for _ in range(8))

    def code(self, phone: str) -> str:
        """The latest one-time code sent to a phone, from the demo's page of codes."""
        items = self.client().get("/demo/codes", phone=phone)["items"]
        if not items:
            raise Unexpected(f"no code was sent to {phone}")
        return items[0]["code"]

    def register(self, name: str = "陈小满") -> tuple[Client, str]:
        """A new customer, logged in, and the phone."""
        client, phone = self.client(), self.new_phone()
        client.expect(202, "POST", "/account/codes", {"phone": phone, "purpose": "register"})
        client.expect(201, "POST", "/account/register", {
            "phone": phone, "code": self.code(phone), "name": name, "accepted_terms": True})
        return client, phone

    def staff(self) -> Client:
        """A member of staff who may do everything, logged in once."""
        if self._staff is None:
            self._staff = self.client()
            admin = next(s for s in self.logins["staff"] if s["role"] == "admin")
            self._staff.expect(201, "POST", "/staff/sessions", {
                "login": admin["login"], "password": admin["password"]})
        return self._staff

    # ---- orders --------------------------------------------------------------------------------

    def shop_order(self, phone: str, amount_fen: int, product: str) -> dict:
        """An order that the shop makes for a customer."""
        number = f"CHK-{self.random.randrange(10**9):09d}"
        return self.shop.expect(201, "POST", "/orders", {
            "shop_order_no": number, "phone": phone, "amount_fen": amount_fen,
            "product_code": product,
            "goods": [{"name": "手机 128GB 星空蓝", "quantity": 1, "amount_fen": amount_fen}]},
            key=new_key()).json

    def accept(self, client: Client, order: dict, count: int) -> dict:
        """Accept the cost table of an order on its checkout page; hands back the table."""
        token = order["checkout_url"].rstrip("/").rsplit("/", 1)[-1]
        page = client.get(f"/checkout/{token}")
        table = next(t for t in page["terms"] if t["instalment_count"] == count)
        client.expect(201, "POST", f"/checkout/{token}/accept", {
            "instalment_count": count, "cost_table_hash": table["hash"],
            "read_ms": page["reading_s"] * 1000 + 200}, key=new_key())
        return table

    def order(self, client: Client, order_id: str) -> dict:
        """The detail screen, with its own arithmetic checked."""
        order = client.get(f"/orders/{order_id}")
        for row in order["instalments"]:
            where = f"instalment {row['number']}"
            parts = sum(row[f"{c}_fen"] for c in ("principal", "interest", "fee", "penalty"))
            expect_equal(f"{where}: parts", parts, row["total_fen"])
            expect_equal(f"{where}: total − paid", row["total_fen"] - row["paid_fen"],
                         row["left_fen"])
            expect_equal(f"{where}: why", sum(l["amount_fen"] for l in row["why"]),
                         row["left_fen"])
        expect_equal("why of what is owed", sum(l["amount_fen"] for l in order["why"]),
                     order["owed_now_fen"])
        if order["settlement"]:
            expect_equal("settlement lines",
                         sum(l["amount_fen"] for l in order["settlement"]["lines"]),
                         order["settlement"]["total_fen"])
        return order

    def told_shop(self, order_id: str, kind: str) -> str:
        """Wait for the shop's webhook about an order and check its signature."""
        if self.hooks is None:
            return "nobody listened for webhooks"
        receiver = self.hooks
        found = until(f"the webhook {kind}", lambda: receiver.of_order(order_id, kind))
        why = why_refused(self.logins["shop"]["webhook_secret"], found[0].headers, found[0].body)
        if why:
            raise Unexpected(f"webhook {kind}: {why}")
        errors = self.recorder.contract.errors(
            {"$ref": "#/components/schemas/ShopEvent"}, found[0].event)
        if errors:
            raise Unexpected(f"webhook {kind}: {errors[0]}")
        return f"the shop was told by a signed webhook ({kind})"

    # ---- money ---------------------------------------------------------------------------------

    def bind(self, client: Client, card: Card) -> str:
        """Bind a card by the bank's SMS; hands back the funding source."""
        holder = client.get("/account")["name"]
        pending = client.expect(201, "POST", "/funding-sources", {
            "card_number": card.number, "name": holder,
            "identity_number": card.identity_number, "phone": card.phone}).json
        source = pending["funding_source_id"]
        sms = until("the bank's SMS", lambda: self.sandbox.bank_code(card))
        client.expect(200, "POST", f"/funding-sources/{source}/confirm", {"sms_code": sms})
        return source

    @staticmethod
    def purpose(kind: str, *orders: str, amount_fen: int | None = None) -> dict:
        """A PaymentPurpose."""
        purpose = {"kind": kind, "order_ids": list(orders)}
        return purpose if amount_fen is None else {**purpose, "amount_fen": amount_fen}

    def preview(self, client: Client, purpose: dict) -> dict:
        """The pay screen; its allocation adds up to the amount."""
        preview = client.expect(200, "POST", "/payment-previews", {"purpose": purpose}).json
        expect_equal("preview: allocation + excess",
                     sum(l["total_fen"] for l in preview["allocation"]) + preview["excess_fen"],
                     preview["amount_fen"])
        return preview

    def pay(self, client: Client, purpose: dict, method: dict, key: str = "") -> Answer:
        """Pay what the preview says."""
        preview = self.preview(client, purpose)
        return client.expect(201, "POST", "/payments", {
            "purpose": purpose, "method": method,
            "expected_amount_fen": preview["amount_fen"]}, key=key or new_key())

    @staticmethod
    def to_be_paid(client: Client, payment_id: str, kind: str) -> dict:
        """Wait until the customer can act: `scan_qr` or `redirect`."""
        def ask() -> dict | None:
            payment = client.get(f"/payments/{payment_id}")
            return payment if payment["action"]["kind"] == kind else None

        return until(f"the action '{kind}'", ask)

    def finished(self, client: Client, payment_id: str, wanted: str = "succeeded") -> dict:
        """Follow a payment to its end, which must be this one."""
        def ask() -> dict | None:
            payment = client.get(f"/payments/{payment_id}")
            return payment if payment["state"] in FINAL else None

        payment = until(f"the end of payment {payment_id}", ask)
        expect_equal(f"payment {payment_id}", payment["state"], wanted)
        if wanted == "succeeded":
            expect_equal("allocation + excess",
                         sum(l["total_fen"] for l in payment["allocation"])
                         + payment["excess_fen"], payment["amount_fen"])
        return payment

    # ---- days ----------------------------------------------------------------------------------

    def today(self) -> str:
        """The business date."""
        return self.client().get("/status")["business_date"]

    def run_day_end(self, day: str) -> None:
        """`fenqi day-end --date DAY`, while the server runs."""
        self.stack.command("day-end", "--date", day, "--mode", "demo", "--channels",
                           str(self.stack.channels))
        expect_equal("business date", self.today(), day)

    def go_to(self, day: str) -> None:
        """Run the day-end up to a day, as staff does."""
        staff = self.staff()
        staff.expect(202, "POST", "/staff/day-end", {"date": day}, key=new_key())

        def done() -> bool:
            state = staff.get("/staff/day-end")
            last = state["runs"][0] if state["runs"] else {"state": "running", "message": None}
            if last["state"] == "stopped" or "failed" in (last["message"] or ""):
                raise Unexpected(f"the day-end: {last['state']}, {last['message']}")
            return not state["running"] and state["business_date"] == day

        until(f"the day-end of {day}", done, seconds=180, every=0.2)


def days_after(day: str, count: int) -> str:
    """A day so many days later."""
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=count)).isoformat()
