"""Step 3: pay what is due by card, an amount by WeChat Pay, too much, and from the balance."""

from __future__ import annotations

from ..client import Unexpected, expect_equal, new_key, until
from .scene import Scene, yuan


def walk(scene: Scene) -> str:
    """The step."""
    client, order_id = scene.customer, scene.order_id
    first = scene.order(client, order_id)["instalments"][0]
    scene.go_to(first["due_day"])
    due = scene.purpose("due", order_id)
    preview = scene.preview(client, due)
    expect_equal("what is due", preview["amount_fen"], first["total_fen"])

    card_line = _by_card(scene, due, preview["amount_fen"])
    wechat_line = _by_wechat(scene)
    balance_line = _too_much_then_from_the_balance(scene)
    return f"{card_line}; {wechat_line}; {balance_line}"


def _by_card(scene: Scene, due: dict, amount_fen: int) -> str:
    """Pay what is due by a bound card; the same key pays once."""
    client = scene.customer
    source = scene.bind(client, scene.sandbox.good_card(scene.random))
    method = {"kind": "bank_card", "funding_source_id": source}
    body = {"purpose": due, "method": method, "expected_amount_fen": amount_fen}
    client.refused("amount_changed", "POST", "/payments",
                   {**body, "expected_amount_fen": amount_fen + 1}, key=new_key())
    for bad in (0, -1, 2**53):
        client.refused("field_invalid", "POST", "/payments",
                       {**body, "expected_amount_fen": bad}, key=new_key())
    client.refused("idempotency_key_required", "POST", "/payments", body)
    key = new_key()
    payment = client.expect(201, "POST", "/payments", body, key=key).json
    again = client.expect(201, "POST", "/payments", body, key=key).json
    expect_equal("the same key's payment", again["payment_id"], payment["payment_id"])
    client.refused("idempotency_key_reused", "POST", "/payments",
                   {**body, "expected_amount_fen": amount_fen + 1}, key=key)
    scene.finished(client, payment["payment_id"])
    scene.card_payment = payment["payment_id"]
    row = scene.order(client, scene.order_id)["instalments"][0]
    expect_equal("instalment 1", (row["state"], row["left_fen"]), ("paid", 0))
    expect_equal("taken at the bank", scene.sandbox.taken(payment["payment_id"]), amount_fen)
    client.refused("nothing_owed", "POST", "/payment-previews", {"purpose": due})
    return f"card {yuan(amount_fen)}, instalment 1 paid"


def _by_wechat(scene: Scene, amount_fen: int = 12_345) -> str:
    """An amount of one's own by a scanned code; a second collection waits for the first."""
    client, order_id = scene.customer, scene.order_id
    purpose = scene.purpose("amount", order_id, amount_fen=amount_fen)
    payment = scene.pay(client, purpose, {"kind": "wechat_native"}).json

    def with_code() -> dict | None:
        found = client.get(f"/payments/{payment['payment_id']}")
        return found if found["action"]["kind"] == "scan_qr" else None

    waiting = until("the QR code", with_code)
    client.refused("payment_in_progress", "POST", "/payments", {
        "purpose": purpose, "method": {"kind": "wechat_native"},
        "expected_amount_fen": amount_fen}, key=new_key())
    picture = client.expect(200, "GET", f"/payments/{waiting['payment_id']}/qr.svg")
    if b"<svg" not in picture.body:
        raise Unexpected("the QR picture is no SVG")
    scene.sandbox.pay_wechat(waiting["payment_id"])
    done = scene.finished(client, waiting["payment_id"])
    scene.wechat_payment = done["payment_id"]
    row = scene.order(client, order_id)["instalments"][1]
    expect_equal("paid of instalment 2", row["paid_fen"], amount_fen)
    return f"WeChat {yuan(amount_fen)} by QR code, a second one refused meanwhile"


def _too_much_then_from_the_balance(scene: Scene) -> str:
    """What is collected beyond the debt becomes credit balance and pays the next time."""
    client, order_id = scene.customer, scene.order_id
    before = client.get("/account")["credit_balance_fen"]
    small = scene.shop_order(scene.phone, 30_000,
                             scene.logins["shop"]["products"]["interest_free"])
    scene.accept(client, small, 3)
    left = scene.order(client, small["order_id"])["settlement"]["total_fen"]
    preview = scene.preview(client, scene.purpose("amount", small["order_id"], amount_fen=left))
    extra = min(2_000, preview["max_fen"] - left)
    amount = left + extra
    payment = scene.pay(client, scene.purpose("amount", small["order_id"], amount_fen=amount),
                        {"kind": "wechat_h5"}).json
    scene.sandbox.pay_wechat(payment["payment_id"])
    done = scene.finished(client, payment["payment_id"])
    expect_equal("settled order", client.get(f"/orders/{small['order_id']}")["state"], "settled")
    balance = client.get("/account")["credit_balance_fen"]
    expect_equal("credit balance", balance - before, done["excess_fen"])
    if not balance:
        return f"a second order of {yuan(left)} settled by WeChat H5"
    paid = scene.pay(client, scene.purpose("amount", order_id, amount_fen=balance),
                     {"kind": "credit_balance"}).json
    scene.finished(client, paid["payment_id"])
    expect_equal("credit balance at last", client.get("/account")["credit_balance_fen"], 0)
    return (f"a second order settled by WeChat H5 with {yuan(extra)} too much, which became "
            "balance and was paid from there")
