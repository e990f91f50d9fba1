"""A screen that has not changed is not sent again, and one that has is never held back."""

from __future__ import annotations

from dev.apitests import ApiTest


class Etag(ApiTest):
    def test_an_orders_screen(self) -> None:
        client, phone = self.scene.register()
        product = self.scene.logins["shop"]["products"]["equal_instalment"]
        order = self.scene.shop_order(phone, 300_000, product)
        self.scene.accept(client, order, 6)
        path = f"/orders/{order['order_id']}"
        first = client.call("GET", path)
        self.assertEqual(first.status, 200)
        etag = first.headers["etag"]
        self.assertEqual(first.headers["cache-control"], "private, no-cache")
        for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
            again = client.call("GET", path, headers={"If-None-Match": known})
            self.assertEqual((again.status, again.body), (304, b""), known)
            self.assertEqual(again.headers["etag"], etag)
        self.assertEqual(client.call("GET", path, headers={"If-None-Match": '"other"'}).status, 200)
        # what stands beside the order is on its screen too: automatic repayment is switched on
        autopay = client.expect(200, "GET", "/autopay")
        client.expect(200, "PUT", "/autopay", {
            "enabled": True, "funding_source_ids": ["credit_balance"],
            "consent_version": autopay.json["consent"]["version"],
        }, headers={"If-Match": autopay.headers["etag"]})
        changed = client.call("GET", path, headers={"If-None-Match": etag})
        self.assertEqual(changed.status, 200)
        self.assertNotEqual(changed.headers["etag"], etag)
        # a session that has ended gets nothing, whatever it knows
        stranger = self.scene.client()
        self.assertEqual(stranger.call("GET", path, headers={"If-None-Match": etag}).status, 401)
