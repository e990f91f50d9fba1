"""Who may ask what: every operation of the contract, asked by the wrong caller."""

from __future__ import annotations

from dev.apitests import ApiTest, Served
from dev.client import Client, new_key

from every_operation import callers, operations


class Access(ApiTest):
    def setUp(self) -> None:
        super().setUp()
        self.operations = operations(Served.recorder.contract)

    def test_nobody_gets_past_a_login(self) -> None:
        for operation in self.operations:
            if operation.callers:
                with self.subTest(f"{operation.method} {operation.template}"):
                    answer = operation.ask(self.scene.client(), body={} if operation.has_body
                                           else None)
                    self.assertEqual((answer.status, answer.code), (401, "not_logged_in"))

    def test_a_made_up_session_is_nobody(self) -> None:
        client = self.scene.client()
        client.cookies = {"fenqi_session": "A" * 43, "fenqi_staff": "B" * 43}
        for path in ("/orders", "/staff/me"):
            client.refused("not_logged_in", "GET", path)

    def test_a_wrong_shop_key_is_nobody(self) -> None:
        client = Client(Served.stack.url, Served.recorder, "fk_" + "0" * 40)
        client.refused("not_logged_in", "GET", "/shop/orders/X")

    def test_one_kind_of_caller_is_not_another(self) -> None:
        clients = callers(self.scene)
        for operation in self.operations:
            for kind, client in clients.items():
                if operation.callers and kind not in operation.callers:
                    with self.subTest(f"{kind}: {operation.method} {operation.template}"):
                        answer = operation.ask(client, body={} if operation.has_body else None)
                        self.assertIn(answer.status, (401, 403))

    def test_cookie_callers_need_the_token_to_change_anything(self) -> None:
        clients = callers(self.scene)
        for operation in self.operations:
            if operation.csrf:
                with self.subTest(f"{operation.method} {operation.template}"):
                    client = clients[operation.callers[0]]
                    client.csrf, kept = "A" * 43, client.csrf
                    answer = operation.ask(client, body={} if operation.has_body else None)
                    client.csrf = kept
                    self.assertEqual((answer.status, answer.code), (403, "csrf_invalid"))

    def test_an_ended_session_stays_ended(self) -> None:
        client, _ = self.scene.register()
        cookies = dict(client.cookies)
        client.expect(204, "DELETE", "/account/sessions/current")
        client.cookies = cookies
        client.refused("not_logged_in", "GET", "/orders")

    def test_other_peoples_things_do_not_exist(self) -> None:
        owner, phone = self.scene.register()
        order = self.scene.shop_order(
            phone, 120_000, self.scene.logins["shop"]["products"]["equal_instalment"])
        self.scene.accept(owner, order, 3)
        order_id = order["order_id"]
        payment = self.scene.pay(
            owner, self.scene.purpose("amount", order_id, amount_fen=1_000),
            {"kind": "wechat_native"}).json["payment_id"]
        source = self.scene.bind(owner, self.scene.sandbox.good_card(self.scene.random))
        stranger, _ = self.scene.register()
        purpose = {"kind": "amount", "order_ids": [order_id], "amount_fen": 1_000}
        asked = (
            ("GET", f"/orders/{order_id}", None),
            ("GET", f"/orders/{order_id}/settlement-quote", None),
            ("GET", f"/orders/{order_id}/extension", None),
            ("POST", f"/orders/{order_id}/extension-requests",
             {"instalment_number": 1, "days": 7, "expected_cost_fen": 0, "reason": "x"}),
            ("POST", "/payment-previews", {"purpose": purpose}),
            ("POST", "/payments", {"purpose": purpose, "method": {"kind": "wechat_native"},
                                   "expected_amount_fen": 1_000}),
            ("GET", f"/payments/{payment}", None),
            ("GET", f"/payments/{payment}/receipt.pdf", None),
            ("GET", f"/payments/{payment}/qr.svg", None),
            ("POST", f"/payments/{payment}/cancel", None),
            ("POST", f"/funding-sources/{source}/confirm", {"sms_code": "123456"}),
            ("DELETE", f"/funding-sources/{source}", None),
            ("POST", "/autopay/test", {"funding_source_id": source}),
        )
        before = owner.get(f"/orders/{order_id}")["instalments"], owner.get("/payments")["items"]
        for method, path, body in asked:
            with self.subTest(f"{method} {path}"):
                answer = stranger.call(method, path, body, key=new_key())
                self.assertEqual(answer.status, 404, answer.body)
        after = owner.get(f"/orders/{order_id}")["instalments"], owner.get("/payments")["items"]
        self.assertEqual(after, before)
