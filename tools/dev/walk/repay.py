"""Step 3: pay what is due by card, an amount by WeChat Pay, early settlement, and the balance."""

from __future__ import annotations

from ..client import Unexpected, expect_equal, new_key
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
    balance_line = _from_the_balance(scene)
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

    waiting = scene.to_be_paid(client, payment["payment_id"], "scan_qr")
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


def _from_the_balance(scene: Scene) -> str:
    """Goods go back after a settled order: the money becomes balance and pays the next time."""
    client, order_id = scene.customer, scene.order_id
    small = scene.shop_order(scene.phone, 30_000,
                             scene.logins["shop"]["products"]["interest_free"])
    scene.accept(client, small, 3)
    settle = scene.purpose("settle", small["order_id"])
    payment = scene.pay(client, settle, {"kind": "wechat_h5"}).json
    scene.to_be_paid(client, payment["payment_id"], "redirect")
    scene.sandbox.pay_wechat(payment["payment_id"])
    scene.finished(client, payment["payment_id"])
    expect_equal("settled order", client.get(f"/orders/{small['order_id']}")["state"], "settled")

    refund = {"shop_refund_no": "CHECK-R1", "amount_fen": 2_000, "reason": "少发一件配件"}
    path = f"/shop/orders/{small['shop_order_no']}/refunds"
    scene.shop.refused("refund_too_large", "POST", path, {**refund, "amount_fen": 30_001},
                       key=new_key())
    scene.shop.expect(201, "POST", path, refund, key=new_key())
    balance = client.get("/account")["credit_balance_fen"]
    expect_equal("credit balance after the refund", balance, 2_000)
    paid = scene.pay(client, scene.purpose("amount", order_id, amount_fen=balance),
                     {"kind": "credit_balance"}).json
    scene.finished(client, paid["payment_id"])
    expect_equal("credit balance at last", client.get("/account")["credit_balance_fen"], 0)
    return (f"a second order settled early by WeChat H5 ({yuan(payment['amount_fen'])}), "
            f"{yuan(balance)} refunded by the shop became balance and was paid from there")
