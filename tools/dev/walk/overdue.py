"""Step 6: what is owed late and why, what a day costs, a part payment, an extension by staff."""

from __future__ import annotations

from ..client import expect_equal, new_key
from .scene import Scene, days_after, yuan

LATE_DAYS = 20


def walk(scene: Scene) -> str:
    """The step."""
    client, phone = scene.register("周晚")
    order = scene.shop_order(phone, 240_000, scene.logins["shop"]["products"]["equal_instalment"])
    scene.accept(client, order, 6)
    order_id = order["order_id"]
    first = scene.order(client, order_id)["instalments"][0]
    scene.go_to(days_after(first["due_day"], LATE_DAYS - 1))
    yesterday = scene.order(client, order_id)
    scene.go_to(days_after(first["due_day"], LATE_DAYS))
    late = scene.order(client, order_id)
    info = late["overdue"]
    expect_equal("days overdue", (info["days"], late["state"]), (LATE_DAYS, "overdue"))
    expect_equal("overdue lines", sum(l["amount_fen"] for l in info["lines"]), info["amount_fen"])
    expect_equal("what the last day cost",
                 info["penalty_fen"] - yesterday["overdue"]["penalty_fen"],
                 yesterday["overdue"]["daily_cost_fen"])
    expect_equal("overdue = instalment + penalty", info["amount_fen"],
                 first["total_fen"] + info["penalty_fen"])

    part = 10_000
    preview = scene.preview(client, scene.purpose("amount", order_id, amount_fen=part))
    source = scene.bind(client, scene.sandbox.good_card(scene.random))
    payment = scene.pay(client, scene.purpose("amount", order_id, amount_fen=part),
                        {"kind": "bank_card", "funding_source_id": source}).json
    scene.finished(client, payment["payment_id"])
    after = scene.order(client, order_id)["overdue"]
    expect_equal("overdue after a part payment", after["amount_fen"], info["amount_fen"] - part)
    expect_equal("as the preview said", after["amount_fen"], preview["overdue_after_fen"])

    extension = _extend(scene, client, order_id)
    return (f"{LATE_DAYS} days late: {yuan(info['amount_fen'])} with {yuan(info['penalty_fen'])} "
            f"penalty, {yuan(info['daily_cost_fen'])} a day, {len(info['facts'])} facts ahead; "
            f"{yuan(part)} paid left {yuan(after['amount_fen'])}; {extension}")


def _extend(scene: Scene, client, order_id: str) -> str:
    """Ask for an extension where one is possible; staff approve; the due day moves."""
    offer = client.get(f"/orders/{order_id}/extension")
    if not offer["eligible"]:
        # The rules may forbid it: then the reason must be there and asking is refused.
        expect_equal("a reason is given", bool(offer["reason_zh"] and offer["reason_en"]), True)
        client.refused("extension_not_eligible", "POST", f"/orders/{order_id}/extension-requests", {
            "instalment_number": 1, "days": 7, "expected_cost_fen": 0, "reason": "工资晚发"},
            key=new_key())
        return f"extension not possible ({offer['reason_zh']}), asking refused"
    choice = offer["choices"][0]
    body = {"instalment_number": choice["instalment_number"], "days": choice["days"],
            "expected_cost_fen": choice["cost_fen"], "reason": "工资晚发一周"}
    path = f"/orders/{order_id}/extension-requests"
    client.refused("extension_cost_changed", "POST", path,
                   {**body, "expected_cost_fen": choice["cost_fen"] + 1}, key=new_key())
    request = client.expect(201, "POST", path, body, key=new_key()).json
    client.refused("extension_waiting", "POST", path, body, key=new_key())
    staff = scene.staff()
    waiting = staff.get("/staff/extension-requests")["items"]
    number = request["extension_request_id"]
    expect_equal("staff see the request",
                 number in [w["request"]["extension_request_id"] for w in waiting], True)
    decision = f"/staff/extension-requests/{number}/decision"
    staff.refused("note_required", "POST", decision, {"decision": "reject", "note": ""},
                  key=new_key())
    staff.expect(200, "POST", decision, {"decision": "approve", "note": "同意"}, key=new_key())
    row = next(r for r in scene.order(client, order_id)["instalments"]
               if r["number"] == choice["instalment_number"])
    expect_equal("the moved due day", row["due_day"], choice["new_due_day"])
    return f"extension of {choice['days']} days asked for and approved, due {row['due_day']}"
