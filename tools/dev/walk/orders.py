"""Step 2: a shop's order, the cost table, its acceptance, the list and the detail."""

from __future__ import annotations

from ..client import expect_equal, new_key
from .scene import Scene, yuan

AMOUNT_FEN = 519_900
COUNT = 12


def walk(scene: Scene) -> str:
    """The step."""
    client = scene.customer
    product = scene.logins["shop"]["products"]["equal_instalment"]
    key, number = new_key(), "CHECK-0001"
    body = {"shop_order_no": number, "phone": scene.phone, "amount_fen": AMOUNT_FEN,
            "product_code": product, "goods": [
                {"name": "轻薄笔记本 14 英寸", "quantity": 1, "amount_fen": AMOUNT_FEN - 9_900},
                {"name": "无线鼠标", "quantity": 1, "amount_fen": 9_900}]}
    scene.shop.refused("goods_sum_mismatch", "POST", "/orders",
                       {**body, "amount_fen": AMOUNT_FEN + 1}, key=new_key())
    order = scene.shop.expect(201, "POST", "/orders", body, key=key).json
    again = scene.shop.expect(201, "POST", "/orders", body, key=key).json
    expect_equal("the same key's order", again["order_id"], order["order_id"])
    scene.shop.refused("idempotency_key_reused", "POST", "/orders",
                       {**body, "amount_fen": 1}, key=key)
    scene.shop.refused("shop_order_no_taken", "POST", "/orders",
                       {**body, "phone": scene.new_phone()}, key=new_key())

    token = order["checkout_url"].rstrip("/").rsplit("/", 1)[-1]
    page = client.get(f"/checkout/{token}")
    expect_equal("numbers of instalments", [t["instalment_count"] for t in page["terms"]],
                 [3, 6, 9, 12, 24])
    table = next(t for t in page["terms"] if t["instalment_count"] == COUNT)
    _check_table(table)
    accept = {"instalment_count": COUNT, "cost_table_hash": table["hash"], "read_ms": 0}
    path = f"/checkout/{token}/accept"
    client.refused("reading_too_short", "POST", path, accept, key=new_key())
    accept["read_ms"] = page["reading_s"] * 1000 + 200
    client.refused("cost_table_changed", "POST", path,
                   {**accept, "cost_table_hash": "0" * 64}, key=new_key())
    stranger, _ = scene.register("路人甲")
    stranger.refused("checkout_not_yours", "POST", path, accept, key=new_key())
    accepted = client.expect(201, "POST", path, accept, key=new_key()).json
    scene.order_id = accepted["order_id"]

    told = scene.told_shop(scene.order_id, "order.accepted")
    listed = client.get("/orders")
    expect_equal("orders in the list", [o["order_id"] for o in listed["items"]], [scene.order_id])
    detail = scene.order(client, scene.order_id)
    rows = detail["instalments"]
    expect_equal("instalments", len(rows), COUNT)
    expect_equal("principal of all", sum(r["principal_fen"] for r in rows), AMOUNT_FEN)
    expect_equal("schedule against the accepted table",
                 [(r["due_day"], r["total_fen"]) for r in rows],
                 [(r["due_day"], r["total_fen"]) for r in table["instalments"]])
    expect_equal("hash of the stored table", detail["cost_table"]["hash"], table["hash"])
    stranger.refused("order_not_found", "GET", f"/orders/{scene.order_id}")
    quote = detail["settlement"]
    return (f"{yuan(AMOUNT_FEN)} in {COUNT} instalments of {yuan(table['each_amount_fen'])}, first "
            f"{table['first_due_day']}, cost {yuan(table['total_cost_fen'])}, IRR "
            f"{table['irr_per_billion'] / 1e7:.2f} %, settles today for "
            f"{yuan(quote['total_fen'])}; {told}; 6 refusals, another customer sees 404")


def _check_table(table: dict) -> None:
    """The table adds up in itself."""
    rows = table["instalments"]
    expect_equal("table: principal", sum(r["principal_fen"] for r in rows), table["principal_fen"])
    expect_equal("table: repayment", sum(r["total_fen"] for r in rows),
                 table["total_repayment_fen"])
    expect_equal("table: cost", table["total_repayment_fen"] - table["principal_fen"],
                 table["total_cost_fen"])
    expect_equal("table: items", sum(i["amount_fen"] or 0 for i in table["items"]),
                 table["total_cost_fen"])
    expect_equal("table: has default items", bool(table["default_items"]), True)
