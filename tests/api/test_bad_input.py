"""Bad input to every operation that takes a body: a clear refusal, and nothing changes."""

from __future__ import annotations

import json

from dev.apitests import ApiTest, Served
from dev.client import Client, new_key

from every_operation import Operation, caller_of, callers, operations

# Body, and the codes that may refuse it.
DECODE = {"malformed_json", "field_unknown", "field_missing", "field_type", "field_invalid"}
BODIES: tuple[tuple[str, bytes, set[str]], ...] = (
    ("nothing at all", b"", {"malformed_json"}),
    ("cut off", b'{"a": ', {"malformed_json"}),
    ("not JSON", b"amount=1", {"malformed_json"}),
    ("single quotes", b"{'a': 1}", {"malformed_json"}),
    ("a comment", b'{"a": 1 /* x */}', {"malformed_json"}),
    ("a comma too many", b'{"a": 1,}', {"malformed_json"}),
    ("NaN", b'{"a": NaN}', {"malformed_json"}),
    ("two documents", b"{} {}", {"malformed_json"}),
    ("a key twice", b'{"a": 1, "a": 2}', {"field_duplicate"}),
    ("not UTF-8", b'{"a": "\xff\xfe"}', {"malformed_json"}),
    ("GBK bytes", '{"a": "分期"}'.encode("gbk"), {"malformed_json"}),
    ("half a surrogate pair", b'{"a": "\\ud800"}', {"malformed_json"}),
    ("a zero character", b'{"a": "\\u0000"}', DECODE),
    ("a byte-order mark", b"\xef\xbb\xbf{}", DECODE),
    ("200 levels deep", b'{"a":' * 200 + b"1" + b"}" * 200, DECODE),
    ("a number too large for 64 bits", b'{"a": 99999999999999999999}', DECODE),
    ("an array", b"[]", DECODE),
    ("a string", b'"text"', DECODE),
    ("null", b"null", DECODE),
    ("an unknown field", b'{"nonsense": 1}', DECODE),
)


class BadInput(ApiTest):
    def setUp(self) -> None:
        super().setUp()
        self.clients = callers(self.scene)
        self.bodies = [o for o in operations(Served.recorder.contract) if o.json_body]

    def ask(self, operation: Operation, raw: bytes):
        client = caller_of(operation, self.clients, self.scene)
        return operation.ask(client, raw=raw)

    def test_bodies_that_cannot_be_read(self) -> None:
        before = self.snapshot()
        for operation in self.bodies:
            for what, raw, codes in BODIES:
                with self.subTest(f"{operation.method} {operation.template}: {what}"):
                    answer = self.ask(operation, raw)
                    # A path that names nothing may be told before its body is read.
                    allowed = codes | ({answer.code} if "{" in operation.template
                                       and answer.status == 404 else set())
                    self.assertIn(answer.code, allowed, answer.body[:300])
                    self.assertLess(answer.status, 500)
        self.assertEqual(self.snapshot(), before)

    def test_bodies_that_are_too_large(self) -> None:
        raw = b'{"a": "' + b"x" * (2 * 1024 * 1024) + b'"}'
        for operation in self.bodies:
            with self.subTest(f"{operation.method} {operation.template}"):
                try:
                    answer = self.ask(operation, raw)
                except (ConnectionError, OSError):
                    continue  # refused while we were still sending: also an answer
                self.assertEqual((answer.status, answer.code), (413, "body_too_large"))

    def test_wrong_type_of_every_field(self) -> None:
        contract = Served.recorder.contract
        for operation in self.bodies:
            if "{" in operation.template:
                continue
            node = contract.document["paths"][operation.template][operation.method.lower()]
            schema = contract.resolved(
                node["requestBody"]["content"]["application/json"]["schema"])
            for field, kind in schema.get("properties", {}).items():
                wrong: object = ["x"] if contract.resolved(kind).get("type") != "array" else "x"
                with self.subTest(f"{operation.method} {operation.template}: {field}"):
                    answer = self.ask(operation, json.dumps({field: wrong}).encode())
                    self.assertIn(answer.code, DECODE, answer.body[:300])
                    self.assertEqual(answer.status, 400)
                    self.assertIn("field", answer.json)

    def snapshot(self) -> tuple:
        """What the customer has: bad input must not change it."""
        customer: Client = self.clients["customer"]
        orders = customer.get("/orders")
        return (orders["items"], customer.get("/payments")["items"],
                customer.get("/funding-sources")["items"], customer.get("/account")["name"])


class Paths(ApiTest):
    def test_unknown_paths_and_methods(self) -> None:
        client = self.scene.client()
        client.refused("not_found", "GET", "/no-such-thing")
        client.refused("method_not_allowed", "DELETE", "/status")
        for path in ("/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/orders/%00", "/orders/..%2f"):
            answer = client.call("GET", path)
            self.assertIn(answer.status, (400, 401, 404), path)

    def test_numbers_with_a_mistyped_character(self) -> None:
        customer, phone = self.scene.register()
        order = self.scene.shop_order(
            phone, 60_000, self.scene.logins["shop"]["products"]["interest_free"])
        self.scene.accept(customer, order, 3)
        number = order["order_id"]
        for at in (1, 5, 14, 20, 27):
            other = "Z" if number[at] != "Z" else "Y"
            with self.subTest(f"character {at}"):
                customer.refused("order_not_found", "GET",
                                 f"/orders/{number[:at]}{other}{number[at + 1:]}")

    def test_bad_query_values(self) -> None:
        customer, _ = self.scene.register()
        for path in ("/orders?limit=0", "/orders?limit=101", "/orders?limit=x", "/orders?limit=-1",
                     "/orders?state=nonsense", "/orders?cursor=abc", "/payments?entry=x",
                     "/events?after=-1&wait=0",
                     "/events?after=9007199254740993&wait=0", "/events?after=0&wait=99"):
            with self.subTest(path):
                answer = customer.call("GET", path)
                self.assertEqual((answer.status, answer.code), (400, "field_invalid"))
        customer.refused("malformed_request", "GET", "/orders?cursor=%F0%9F")
        customer.refused("order_not_found", "GET", "/payments?order=123")


class Amounts(ApiTest):
    """0, −1, 2^53 and worse wherever money comes in."""

    BAD = (0, -1, 2**53, 2**63 - 1, 1.5, "100", None, True)

    def test_payments(self) -> None:
        customer, phone = self.scene.register()
        order = self.scene.shop_order(
            phone, 90_000, self.scene.logins["shop"]["products"]["equal_instalment"])
        self.scene.accept(customer, order, 3)
        orders = [order["order_id"]]
        for bad in self.BAD:
            with self.subTest(repr(bad)):
                purpose = {"kind": "amount", "order_ids": orders, "amount_fen": bad}
                for path, body in (("/payment-previews", {"purpose": purpose}),
                                   ("/payments", {"purpose": purpose, "expected_amount_fen": 100,
                                                  "method": {"kind": "wechat_native"}})):
                    answer = customer.call("POST", path, body, key=new_key())
                    # null is as good as absent: then the purpose lacks its amount.
                    self.assertIn(answer.code, ("field_invalid", "field_type", "field_missing")
                                  if bad is not None else ("field_missing", "amount_invalid"))
                    self.assertIn("amount_fen", answer.json.get("field", "amount_fen"))
        self.assertEqual(customer.get("/payments")["items"], [])

    def test_shop_orders(self) -> None:
        scene = self.scene
        for bad in self.BAD:
            with self.subTest(repr(bad)):
                body = {"shop_order_no": "BAD-AMOUNT", "phone": scene.new_phone(),
                        "amount_fen": bad, "goods": [
                            {"name": "x", "quantity": 1, "amount_fen": bad}],
                        "product_code": scene.logins["shop"]["products"]["equal_instalment"]}
                answer = scene.shop.call("POST", "/orders", body, key=new_key())
                self.assertIn(answer.code, ("field_invalid", "field_type", "field_missing"))
        scene.shop.refused("order_not_found", "GET", "/shop/orders/BAD-AMOUNT")


class Days(ApiTest):
    def test_day_end_refuses_days_that_are_none(self) -> None:
        staff, today = self.scene.staff(), self.scene.today()
        for bad in ("2026-02-30", "2026-13-01", "20261122", "2026-1-1", "", "tomorrow"):
            with self.subTest(bad):
                answer = staff.call("POST", "/staff/day-end", {"date": bad}, key=new_key())
                self.assertEqual((answer.status, answer.code), (400, "field_invalid"))
        for bad in ("1969-12-31", "2020-01-01", "9999-12-31"):
            with self.subTest(bad):
                answer = staff.call("POST", "/staff/day-end", {"date": bad}, key=new_key())
                self.assertIn(answer.code, ("date_out_of_range", "field_invalid"))
        self.assertEqual(self.scene.today(), today)


class Keys(ApiTest):
    def test_a_key_names_one_body(self) -> None:
        scene, key = self.scene, new_key()
        body = {"shop_order_no": "KEY-" + scene.new_phone(), "phone": scene.new_phone(),
                "amount_fen": 50_000, "goods": [
                    {"name": "x", "quantity": 1, "amount_fen": 50_000}],
                "product_code": scene.logins["shop"]["products"]["interest_free"]}
        first = scene.shop.expect(201, "POST", "/orders", body, key=key)
        again = scene.shop.expect(201, "POST", "/orders", body, key=key)
        self.assertEqual(first.body, again.body)
        scene.shop.refused("idempotency_key_reused", "POST", "/orders",
                           {**body, "phone": scene.new_phone()}, key=key)

    def test_a_key_is_asked_for(self) -> None:
        clients = callers(self.scene)
        for operation in operations(Served.recorder.contract):
            if operation.keyed:
                with self.subTest(operation.template):
                    client = caller_of(operation, clients, self.scene)
                    answer = client.call(operation.method, operation.path, {})
                    self.assertEqual(answer.code, "idempotency_key_required")
