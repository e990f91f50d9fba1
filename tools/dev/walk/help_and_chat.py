"""Step 7: answers by the customer's own state, and a live chat with staff over the event stream."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

from ..client import PREFIX, Client, Unexpected, expect_equal, new_key
from ..stack import SERVICE_PHONE
from .scene import Scene


def walk(scene: Scene) -> str:
    """The step."""
    client = scene.customer
    shown = client.get("/help")
    topics = shown["topics"]
    expect_equal("the operator's line, in the help", shown["phone"], SERVICE_PHONE)
    expect_equal("and beside an order", scene.order(client, scene.order_id)["phone"], SERVICE_PHONE)
    relevant = [t for t in topics if t["relevant"]]
    expect_equal("relevant questions come first", topics[:len(relevant)], relevant)

    after = client.get("/chat")["last_number"]
    message = {"client_id": new_key(), "text": "你好，我想问一下下个月的还款日。",
               "order_id": scene.order_id}
    sent = client.expect(201, "POST", "/chat/messages", message).json
    twice = client.expect(201, "POST", "/chat/messages", message).json
    expect_equal("the same client_id is stored once", twice["number"], sent["number"])
    client.refused("message_conflict", "POST", "/chat/messages", {**message, "text": "别的"})

    staff, me = scene.staff(), scene.customer.get("/account")["customer_id"]
    inbox = staff.get("/staff/conversations", filter="waiting")["items"]
    expect_equal("staff see the conversation", me in [c["customer_id"] for c in inbox], True)
    room = f"/staff/conversations/{me}"
    staff.expect(200, "POST", f"{room}/assign", {
        "staff_id": staff.get("/staff/me")["staff_id"]})
    beside = staff.get(room)["customer"]["orders"]
    expect_equal("orders beside the chat", scene.order_id in [o["order_id"] for o in beside], True)
    answer = {"client_id": new_key(), "text": "您好，下一期还款日请看订单详情。", "note": False}
    staff.expect(201, "POST", f"{room}/messages", answer)
    staff.expect(201, "POST", f"{room}/messages",
                 {"client_id": new_key(), "text": "客户态度友好", "note": True})

    events = client.get("/events", after=after, wait=5)["events"]
    texts = [e["message"]["text"] for e in events if e["kind"] == "m"]
    expect_equal("what the customer hears", texts, [message["text"], answer["text"]])
    numbers = [e["number"] for e in events]
    expect_equal("numbers ascend", numbers, sorted(set(numbers)))
    streamed = _stream(client, scene.stack.url, numbers[0])
    expect_equal("resumed stream", streamed, numbers[1:])
    client.expect(204, "POST", "/chat/read", {"number": numbers[-1]})
    staff.expect(200, "POST", f"{room}/close", {})
    return (f"{len(relevant)} of {len(topics)} answers chosen for the customer; message and answer "
            f"over {len(numbers)} events, stream resumed after number {numbers[0]}, "
            "note of staff kept from the customer")


def _stream(client: Client, url: str, after: int) -> list[int]:
    """Numbers that the event stream gives when it is resumed after a number."""
    parts = urlsplit(url)
    wanted = [e["number"] for e in client.get("/events", after=after, wait=0)["events"]]
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", f"{PREFIX}/events", headers={
            "Cookie": "; ".join(f"{k}={v}" for k, v in client.cookies.items()),
            "Accept": "text/event-stream", "Last-Event-ID": str(after)})
        response = connection.getresponse()
        if not response.headers.get("Content-Type", "").startswith("text/event-stream"):
            raise Unexpected(f"/events answered {response.status} instead of a stream")
        numbers: list[int] = []
        while len(numbers) < len(wanted):
            line = response.readline().decode().rstrip("\r\n")
            if line.startswith("data:"):
                event = json.loads(line[5:])
                if event["kind"] not in ("hb", "t"):
                    numbers.append(event["number"])
        return numbers
    finally:
        connection.close()
