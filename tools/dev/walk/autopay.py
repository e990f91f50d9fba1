"""Step 4: sources in order, a debit that fails, the fallback that works, the notice at once."""

from __future__ import annotations

from ..client import expect_equal, until
from .scene import Scene, yuan


def walk(scene: Scene) -> str:
    """The step."""
    client, order_id = scene.customer, scene.order_id
    empty = scene.sandbox.empty_card(scene.random)
    first = scene.bind(client, empty)
    second = scene.bind(client, scene.sandbox.good_card(scene.random))
    answer = client.expect(200, "GET", "/autopay")
    etag, screen = answer.headers["etag"], answer.json
    change = {"enabled": True, "funding_source_ids": [first, second],
              "consent_version": screen["consent"]["version"]}
    client.refused("consent_required", "PUT", "/autopay", {**change, "consent_version": None},
                   headers={"If-Match": etag})
    client.expect(200, "PUT", "/autopay", change, headers={"If-Match": etag})
    client.refused("version_conflict", "PUT", "/autopay", change, headers={"If-Match": etag})
    screen = client.get("/autopay")
    chosen = [s["source"]["funding_source_id"] for s in screen["sources"] if s["position"]]
    expect_equal("order of sources", chosen, [first, second])
    row = scene.order(client, order_id)["instalments"][1]
    expect_equal("first day of the timeline", screen["timeline"][0]["day"], row["due_day"])

    scene.run_day_end(row["due_day"])

    def paid() -> dict | None:
        found = scene.order(client, order_id)["instalments"][1]
        return found if found["state"] == "paid" else None

    until("the automatic debit", paid, seconds=60)
    debits = [p for p in client.get("/payments", order=order_id)["items"]
              if p["entry"] == "autopay"]
    expect_equal("debits, newest first", [d["state"] for d in debits], ["succeeded", "failed"])
    expect_equal("the working debit", debits[0]["amount_fen"], row["left_fen"])
    notices = client.get("/notices")["items"]
    told = [n for n in notices if n["payment_id"] == debits[1]["payment_id"]]
    expect_equal("notices of the failed debit", len(told), 1)

    answer = client.expect(200, "GET", "/autopay")
    client.expect(200, "PUT", "/autopay", {"enabled": False, "funding_source_ids": [],
                                           "consent_version": None},
                  headers={"If-Match": answer.headers["etag"]})
    expect_equal("switched off", client.get("/autopay")["enabled"], False)
    return (f"on {row['due_day']} {yuan(debits[1]['amount_fen'])} failed ({debits[1]['reason_zh']}"
            f") and was told, the second source paid it; switched off; 2 refusals")
