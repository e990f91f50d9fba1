"""WeChat Pay APIv3 of the sandbox, over sockets."""

import base64
import json
import time
import unittest
import urllib.parse

from merchant import Receiver, Sandbox, WeChat, gcm_open


class WeChatTest(unittest.TestCase):
    """One sandbox for all; every test has numbers of its own."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.sandbox = Sandbox("--notify-retry-scale", "0.005")
        cls.wechat = WeChat(cls.sandbox)
        cls.receiver = Receiver()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.receiver.close()
        code = cls.sandbox.close()
        if code != 0:
            raise AssertionError(f"the sandbox ended with {code}")

    def setUp(self) -> None:
        self.sandbox.control("faults/clear", _post=1)

    def paid(self, number: str, path: str, fen: int = 12345, **more) -> None:
        """Orders, scans, pays."""
        status, order = self.wechat.order(number, fen=fen,
                                          notify_url=self.receiver.url + path, **more)
        self.assertEqual(status, 200, order)
        handle = order["code_url"].split("pr=")[1]
        status, _, _ = self.sandbox.call(
            "POST", "/cashier/native",
            urllib.parse.urlencode({"handle": handle, "action": "pay"}).encode())
        self.assertEqual(status, 200)

    def test_order_query_pay_notify(self) -> None:
        status, order = self.wechat.order("NATIVE0001", notify_url=self.receiver.url + "/n1",
                                          attach="合同1")
        self.assertEqual(status, 200)
        self.assertRegex(order["code_url"], r"^weixin://wxpay/bizpayurl\?pr=\w{9}$")
        status, seen = self.wechat.query("NATIVE0001")
        self.assertEqual((status, seen["trade_state"]), (200, "NOTPAY"))
        self.assertNotIn("transaction_id", seen)
        handle = order["code_url"].split("pr=")[1]
        _, _, page = self.sandbox.call("GET", f"/cashier/native?pr={handle}")
        self.assertIn("¥123.45", page.decode())
        self.sandbox.call("POST", "/cashier/native", f"handle={handle}&action=pay".encode())
        status, seen = self.wechat.query("NATIVE0001")
        self.assertEqual((status, seen["trade_state"], seen["trade_type"], seen["attach"]),
                         (200, "SUCCESS", "NATIVE", "合同1"))
        self.assertEqual(seen["amount"], {"total": 12345, "payer_total": 12345, "currency": "CNY",
                                          "payer_currency": "CNY"})
        (_, headers, body), = self.receiver.wait(1, "/n1")
        notice, resource = self.wechat.read_notice(headers, body)
        self.assertEqual(notice["event_type"], "TRANSACTION.SUCCESS")
        self.assertEqual(resource, seen)
        by_id = self.wechat.call("GET", f"/v3/pay/transactions/id/{seen['transaction_id']}"
                                        f"?mchid={self.wechat.config['mchid']}")
        self.assertEqual(by_id, (200, seen))

    def test_same_number(self) -> None:
        first = self.wechat.order("SAME0001")
        self.assertEqual(self.wechat.order("SAME0001"), first)
        status, error = self.wechat.order("SAME0001", fen=12346)
        self.assertEqual((status, error["code"]), (400, "INVALID_REQUEST"))
        self.assertTrue(self.wechat.headers["request-id"].endswith("-268498688"))
        self.assertEqual(self.wechat.order("SAME0001", kind="app")[1]["code"], "INVALID_REQUEST")
        self.paid("SAME0002", "/same")
        status, error = self.wechat.order("SAME0002", notify_url=self.receiver.url + "/same")
        self.assertEqual((status, error["code"]), (400, "ORDERPAID"))

    def test_signatures_are_verified(self) -> None:
        target = f"/v3/pay/transactions/out-trade-no/NONE0001?mchid={self.wechat.config['mchid']}"
        late = {"timestamp": str(int(time.time()) - 310)}
        early = {"timestamp": str(int(time.time()) + 400)}
        other = {"serial_no": "00" * 20}
        for change in (late, early, other, {"mchid": "1900000000"}, {"signed_body": b"{}"}):
            with self.subTest(change=change):
                status, error = self.wechat.call("GET", target, **change)
                self.assertEqual((status, error["code"]), (401, "SIGN_ERROR"))
        status, _, _ = self.sandbox.call("GET", target)
        self.assertEqual(status, 401)
        status, error = self.wechat.call("GET", target, {})
        self.assertEqual((status, error["code"]), (404, "ORDER_NOT_EXIST"))

    def test_bad_parameters(self) -> None:
        bad = [{"fen": 0}, {"fen": -1}, {"fen": 2**53}, {"fen": 1.5}, {"fen": "1"},
               {"description": ""}, {"description": "期" * 128}, {"out_trade_no": "short"},
               {"out_trade_no": "x" * 33}, {"out_trade_no": "with space"},
               {"notify_url": "ftp://x"}, {"notify_url": "http://x/?a=1"},
               {"time_expire": "2020-01-01T00:00:00+08:00"}, {"time_expire": "soon"},
               {"amount": {"total": 1, "currency": "USD"}}, {"kind": "jsapi"}, {"kind": "h5"}]
        for more in bad:
            with self.subTest(more=more):
                status, error = self.wechat.order("BAD00001", **more)
                self.assertEqual((status, error["code"]), (400, "PARAM_ERROR"), error)
        status, error = self.wechat.order("BAD00001", appid="wx0")
        self.assertEqual((status, error["code"]), (400, "APPID_MCHID_NOT_MATCH"))
        for raw in (b"", b"[]", b"{", b'{"a":1,"a":2}', b"\xff"):
            status, error = self.wechat.call("POST", "/v3/pay/transactions/native", raw=raw)
            self.assertEqual((status, error["code"]), (400, "PARAM_ERROR"), raw)
        self.assertEqual(self.wechat.query("BAD00001")[0], 404)
        self.assertEqual(self.wechat.call("POST", "/v3/pay/transactions/nothing", {})[0], 404)

    def test_close(self) -> None:
        self.wechat.order("CLOSE0001")
        target = "/v3/pay/transactions/out-trade-no/{}/close"
        mchid = {"mchid": self.wechat.config["mchid"]}
        self.assertEqual(self.wechat.call("POST", target.format("CLOSE0001"), mchid), (204, {}))
        self.assertEqual(self.wechat.query("CLOSE0001")[1]["trade_state"], "CLOSED")
        self.assertEqual(self.sandbox.control("trades/CLOSE0001/pay", _post=1)["http"], 409)
        self.assertEqual(self.wechat.order("CLOSE0001")[1]["code"], "ORDER_CLOSED")
        self.paid("CLOSE0002", "/close")
        status, error = self.wechat.call("POST", target.format("CLOSE0002"), mchid)
        self.assertEqual((status, error["code"]), (400, "ORDERPAID"))
        self.assertEqual(self.wechat.call("POST", target.format("NONE0002"), mchid)[0], 404)

    def test_expiry(self) -> None:
        soon = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 2))
        self.assertEqual(self.wechat.order("EXPIRE0001", time_expire=soon)[0], 200)
        time.sleep(2.1)
        self.assertEqual(self.sandbox.control("trades/EXPIRE0001/pay", _post=1)["http"], 409)
        self.assertEqual(self.wechat.query("EXPIRE0001")[1]["trade_state"], "CLOSED")

    def test_h5_cashier(self) -> None:
        scene = {"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}
        _, order = self.wechat.order("H5000001", kind="h5", scene_info=scene,
                                     description='<b>"第3期"</b>')
        back = "http://127.0.0.1:9/pay/return?p=1"
        url = urllib.parse.urlsplit(order["h5_url"])
        target = f"{url.path}?{url.query}&redirect_url={urllib.parse.quote(back, safe='')}"
        status, headers, page = self.sandbox.call("GET", target)
        page = page.decode()
        self.assertEqual(status, 200)
        for words in ("¥123.45", "确认支付", "取消", "&lt;b&gt;", "width=device-width"):
            self.assertIn(words, page)
        self.assertNotIn("<script", page)
        self.assertIn("default-src 'none'", headers["content-security-policy"])
        handle = urllib.parse.parse_qs(url.query)["prepay_id"][0]
        old = f"{url.path}?prepay_id={handle}&package={int((time.time() - 301) * 1000)}"
        self.assertEqual(self.sandbox.call("GET", old)[0], 410)
        for action, state in (("cancel", "NOTPAY"), ("fail", "PAYERROR"), ("pay", "SUCCESS")):
            form = urllib.parse.urlencode({"handle": handle, "action": action,
                                           "redirect_url": back}).encode()
            status, headers, _ = self.sandbox.call("POST", "/cashier/h5", form)
            self.assertEqual((status, headers["location"]), (303, back))
            self.assertEqual(self.wechat.query("H5000001")[1]["trade_state"], state)
        form = urllib.parse.urlencode({"handle": handle, "action": "cancel",
                                       "redirect_url": "javascript:alert(1)"}).encode()
        self.assertEqual(self.sandbox.call("POST", "/cashier/h5", form)[0], 200)

    def test_refunds(self) -> None:
        self.paid("REFUND0001", "/refund-pay", fen=1000)
        hook = {"notify_url": self.receiver.url + "/refunded"}
        status, first = self.wechat.refund("REFUND0001", "R1", 300, 1000, **hook)
        self.assertEqual((status, first["status"], first["amount"]["refund"]),
                         (200, "PROCESSING", 300))
        self.assertEqual(self.wechat.refund("REFUND0001", "R1", 300, 1000, **hook)[1]["refund_id"],
                         first["refund_id"])
        self.assertEqual(self.wechat.refund("REFUND0001", "R1", 301, 1000)[0], 400)
        self.assertEqual(self.wechat.refund("REFUND0001", "R2", 701, 1000)[0], 400)
        self.assertEqual(self.wechat.refund("REFUND0001", "R2", 1, 999)[0], 400)
        self.assertEqual(self.wechat.refund("REFUND0001", "R2", 0, 1000)[0], 400)
        self.assertEqual(self.wechat.refund("REFUND0001", "R2", 700, 1000, **hook)[0], 200)
        for _, headers, body in self.receiver.wait(2, "/refunded"):
            notice, resource = self.wechat.read_notice(headers, body)
            self.assertEqual((notice["event_type"], resource["refund_status"]),
                             ("REFUND.SUCCESS", "SUCCESS"))
        status, seen = self.wechat.call("GET", "/v3/refund/domestic/refunds/R1")
        self.assertEqual((status, seen["status"]), (200, "SUCCESS"))
        self.assertEqual(self.wechat.query("REFUND0001")[1]["trade_state"], "REFUND")
        book = self.sandbox.control("trades/REFUND0001")
        self.assertEqual(sum(line["amount_fen"] for line in book["movements"]), 0)
        self.wechat.order("REFUND0002")
        self.assertEqual(self.wechat.refund("REFUND0002", "R3", 1, 12345)[0], 400)
        self.assertEqual(self.wechat.refund("NONE0003", "R4", 1, 1)[0], 404)
        self.assertEqual(self.wechat.call("GET", "/v3/refund/domestic/refunds/R4")[0], 404)

    def test_refund_ends_badly(self) -> None:
        self.paid("REFUND0004", "/bad-refund-pay", fen=500)
        self.sandbox.control("faults", kind="refund_closed", match="REFUND0004")
        self.wechat.refund("REFUND0004", "R5", 500, 500,
                           notify_url=self.receiver.url + "/refund-closed")
        (_, headers, body), = self.receiver.wait(1, "/refund-closed")
        self.assertEqual(self.wechat.read_notice(headers, body)[1]["refund_status"], "CLOSED")
        self.assertEqual(self.wechat.refund("REFUND0004", "R6", 500, 500)[0], 200)

    def test_certificates(self) -> None:
        status, answer = self.wechat.call("GET", "/v3/certificates")
        self.assertEqual(status, 200)
        one, = answer["data"]
        sealed = one["encrypt_certificate"]
        plain = gcm_open(self.wechat.config["api_v3_key"].encode(), sealed["nonce"].encode(),
                         sealed["associated_data"].encode(), base64.b64decode(sealed["ciphertext"]))
        self.assertEqual(plain.decode(), self.wechat.config["platform_certificate_pem"])
        self.assertEqual(one["serial_no"], self.wechat.config["platform_serial"])

    def test_public_key_mode(self) -> None:
        key_id = self.wechat.config["platform_public_key_id"]
        self.wechat.call("GET", "/v3/certificates", headers={"Wechatpay-Serial": key_id})
        self.assertEqual(self.wechat.headers["wechatpay-serial"], key_id)

    def test_notifications_repeat_until_accepted(self) -> None:
        self.receiver.answers = [(500, b""), (301, b"")]
        self.paid("REPEAT0001", "/repeat")
        found = self.receiver.wait(3, "/repeat")
        time.sleep(0.4)
        self.assertEqual(len(self.receiver.wait(3, "/repeat")), 3)
        ids = {json.loads(body)["id"] for _, _, body in found}
        self.assertEqual(len(ids), 1)
        line, = self.sandbox.control("notifications?out_no=REPEAT0001")["items"]
        self.assertEqual((line["state"], line["tries"]), ("delivered", 3))

    def test_forged_notifications(self) -> None:
        kinds = {"notify_forged_signature": None, "notify_stale": None,
                 "notify_truncated": None, "notify_forged_amount": "amount",
                 "notify_forged_merchant": "mchid"}
        for number, (kind, part) in enumerate(kinds.items()):
            with self.subTest(kind=kind):
                path = f"/forged{number}"
                self.receiver.answers = [(401, b"")]
                self.sandbox.control("faults", kind=kind, channel="wechat")
                self.paid(f"FORGED000{number}", path)
                false, true = self.receiver.wait(2, path)
                resource = self.wechat.read_notice(*true[1:])[1]
                self.assertEqual(resource["amount"]["total"], 12345)
                if part is not None:
                    altered = self.wechat.read_notice(*false[1:])[1]
                    self.assertNotEqual(altered[part], resource[part])
                elif kind == "notify_stale":
                    age = time.time() - int(false[1]["wechatpay-timestamp"])
                    self.assertGreater(age, 600)
                else:
                    with self.assertRaises(ValueError):
                        self.wechat.read_notice(*false[1:])

    def test_lost_duplicate_delayed_reordered(self) -> None:
        self.sandbox.control("faults", kind="notify_lost")
        self.paid("LOST0001", "/lost")
        self.sandbox.control("faults", kind="notify_duplicate")
        self.paid("TWICE0001", "/twice")
        self.assertEqual(len(self.receiver.wait(2, "/twice")), 2)
        self.sandbox.control("faults", kind="notify_reorder")
        self.paid("ORDER0001", "/later")
        self.paid("ORDER0002", "/sooner")
        self.receiver.wait(1, "/later")
        order = [path for path, _, _ in self.receiver.got if path in ("/later", "/sooner")]
        self.assertEqual(order, ["/sooner", "/later"])
        self.sandbox.control("faults", kind="notify_delay", delay_ms=400)
        began = time.monotonic()
        self.paid("DELAY0001", "/delayed")
        self.receiver.wait(1, "/delayed")
        self.assertGreater(time.monotonic() - began, 0.39)
        self.assertFalse([one for one in self.receiver.got if one[0] == "/lost"])

    def test_troubles_of_requests(self) -> None:
        for kind, exists in (("timeout_before", False), ("timeout_after", True),
                             ("reset_before", False), ("reset_after", True)):
            with self.subTest(kind=kind):
                number = f"TROUBLE{kind}"
                self.sandbox.control("faults", kind=kind, operation="order")
                with self.assertRaises((OSError, Exception)) as caught:
                    self.wechat.call("POST", "/v3/pay/transactions/native", {
                        "appid": self.wechat.config["appid"], "mchid": self.wechat.config["mchid"],
                        "description": "期", "out_trade_no": number, "notify_url": "http://x/",
                        "amount": {"total": 1}}, seconds=0.5)
                self.assertNotIsInstance(caught.exception, AssertionError)
                self.assertEqual(self.wechat.query(number)[0], 200 if exists else 404)
        for kind, exists in (("error_before", False), ("error_after", True)):
            self.sandbox.control("faults", kind=kind, operation="order")
            status, error = self.wechat.order(f"TROUBLE{kind}")
            self.assertEqual((status, error["code"]), (500, "SYSTEM_ERROR"))
            self.assertEqual(self.wechat.query(f"TROUBLE{kind}")[0], 200 if exists else 404)
        self.sandbox.control("faults", kind="answer_forged", operation="query")
        with self.assertRaises(AssertionError):
            self.wechat.query("TROUBLEerror_after")
        self.sandbox.control("faults", kind="query_failed")
        self.assertEqual(self.wechat.query("TROUBLEerror_after")[0], 500)
        self.assertEqual(self.wechat.query("TROUBLEerror_after")[0], 200)


if __name__ == "__main__":
    unittest.main()
