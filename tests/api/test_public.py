"""What anybody can ask: receipts are proven or not, forged notifications change nothing."""

from __future__ import annotations

from dev.apitests import ApiTest
from dev.client import Client


class Verification(ApiTest):
    def test_a_receipt_that_nobody_gave(self) -> None:
        answer = self.scene.client().call("GET", f"/verify/R{'0' * 27}?h={'0' * 16}")
        if answer.status == 200:
            self.assertFalse(answer.json["genuine"])
            self.assertIsNone(answer.json["amount_fen"])
        else:
            self.assertEqual(answer.code, "not_found")


class Notifications(ApiTest):
    """Whoever knows the address can send to it; only the provider's signature makes it true."""

    WECHAT = {"Wechatpay-Timestamp": "1700000000", "Wechatpay-Nonce": "A" * 32,
              "Wechatpay-Serial": "5" * 40, "Wechatpay-Signature": "QUFBQQ=="}

    def send(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        return self.scene.client().call("POST", path, raw=body, headers=headers).status

    def test_forged_notifications_are_refused(self) -> None:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for path, body, headers in (
                ("/notify/wechat", b"{}", {}),
                ("/notify/wechat", b"not json", self.WECHAT),
                ("/notify/wechat", b'{"id": "1", "resource": {}}', self.WECHAT),
                ("/notify/card", b"", form),
                ("/notify/card", b"resp_code=S&biz_resp_code=0000&trans_id=P1&signature=00", form)):
            with self.subTest(f"{path} {body!r}"):
                self.assertEqual(self.send(path, body, headers), 400)

    def test_a_forged_success_pays_nothing(self) -> None:
        client, phone = self.scene.register()
        order = self.scene.shop_order(
            phone, 90_000, self.scene.logins["shop"]["products"]["interest_free"])
        self.scene.accept(client, order, 3)
        payment = self._open_payment(client, order["order_id"])
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        body = (f"resp_code=S&biz_resp_code=0000&trans_id={payment}&order_id=1&succ_amt=1000"
                "&member_id=100025773&terminal_id=200001173&signature=" + "ab" * 128).encode()
        self.assertEqual(self.send("/notify/card", body, form), 400)
        self.assertNotEqual(client.get(f"/payments/{payment}")["state"], "succeeded")
        self.assertEqual(client.get(f"/orders/{order['order_id']}")["paid_fen"], 0)

    def _open_payment(self, client: Client, order_id: str) -> str:
        return self.scene.pay(client, self.scene.purpose("amount", order_id, amount_fen=1_000),
                              {"kind": "wechat_native"}).json["payment_id"]
