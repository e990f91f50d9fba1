"""The card acquirer of the sandbox, over sockets."""

import time
import unittest
import urllib.parse

from merchant import Card, Receiver, Sandbox

ORDINARY = "6299990000000009"


class CardTest(unittest.TestCase):
    """One sandbox for all; every test has numbers of its own."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.sandbox = Sandbox("--notify-retry-scale", "0.005", "--seed", "7")
        cls.card = Card(cls.sandbox)
        cls.receiver = Receiver()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.receiver.close()
        code = cls.sandbox.close()
        if code != 0:
            raise AssertionError(f"the sandbox ended with {code}")

    def setUp(self) -> None:
        self.sandbox.control("faults/clear", _post=1)

    def assertCodes(self, answer: dict, resp_code: str, biz_resp_code: str) -> None:
        self.assertEqual((answer["resp_code"], answer["biz_resp_code"]),
                         (resp_code, biz_resp_code), answer)

    def test_binding(self) -> None:
        first = self.card.prebind(ORDINARY, "BIND1", mobile="13900139001")
        self.assertCodes(first, "S", "0000")
        sms = self.sandbox.control("sms?mobile=13900139001")["items"]
        self.assertRegex(sms[0]["code"], r"^\d{6}$")
        for code, wanted in (("000000", "BF00105"), ("12345", "BF00105"), ("abcdef", "BF00105"),
                             ("000001", "BF00106")):
            again = self.card.call("02", {"unique_code": f"{first['unique_code']}|{code}"})
            self.assertCodes(again, "F", wanted)
        confirm = {"unique_code": f"{first['unique_code']}|{sms[0]['code']}"}
        bound = self.card.call("02", confirm)
        self.assertCodes(bound, "S", "0000")
        self.assertEqual(self.card.call("02", confirm)["protocol_no"], bound["protocol_no"])
        seen = self.card.call("03", user_id="BIND1")
        self.assertEqual(seen["protocols"],
                         f"{bound['protocol_no']}|BIND1|{ORDINARY}|TEST|沙箱测试银行")
        gone = {"protocol_no": bound["protocol_no"]}
        self.assertCodes(self.card.call("04", gone, user_id="OTHER"), "F", "BF00134")
        self.assertCodes(self.card.call("04", gone, user_id="BIND1"), "S", "0000")
        self.assertCodes(self.card.call("04", gone, user_id="BIND1"), "F", "BF00134")
        self.assertCodes(self.card.call("03", user_id="BIND1"), "F", "BF00134")
        self.assertCodes(self.card.pay("BINDPAY001", bound["protocol_no"], 100, user_id="BIND1"),
                         "F", "BF00134")

    def test_binding_refusals(self) -> None:
        self.assertCodes(self.card.prebind("6299990000000008"), "F", "BF00182")
        self.assertCodes(self.card.prebind(ORDINARY, name=""), "F", "BF00101")
        self.assertCodes(self.card.prebind(ORDINARY, identity="110101199003077652"), "F", "BF00321")
        self.assertCodes(self.card.prebind(ORDINARY, mobile="23900139001"), "F", "BF00258")
        self.assertCodes(self.card.prebind("6299990000080001"), "F", "BF00345")
        self.assertCodes(self.card.call("02", {"unique_code": "nothing|123456"}), "F", "BF00188")

    def test_payment_and_repetition(self) -> None:
        agreement = self.card.bind(ORDINARY)
        url = self.receiver.url + "/paid"
        paid = self.card.pay("PAY0000001", agreement, 88849, return_url=url)
        self.assertCodes(paid, "S", "0000")
        self.assertEqual((paid["succ_amt"], paid["trans_id"]), ("88849", "PAY0000001"))
        again = self.card.pay("PAY0000001", agreement, 88849, return_url=url)
        self.assertCodes(again, "F", "BF00114")
        self.assertEqual(again["order_id"], paid["order_id"])
        self.assertCodes(self.card.pay("PAY0000001", agreement, 88848, return_url=url), "F",
                         "BF00131")
        self.assertCodes(self.card.query("PAY0000001"), "S", "0000")
        self.assertCodes(self.card.query("NONE000001"), "FF", "BF00128")
        (_, _, body), = self.receiver.wait(1, "/paid")
        notice = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        self.assertTrue(self.card.verified(notice))
        self.assertEqual((notice["resp_code"], notice["trans_id"], notice["succ_amt"]),
                         ("S", "PAY0000001", "88849"))
        line, = self.sandbox.control("trades/PAY0000001")["movements"]
        self.assertEqual(line["amount_fen"], 88849)

    def test_request_refusals(self) -> None:
        agreement = self.card.bind(ORDINARY)
        good = self.card.debit("REFUSE0001", agreement, 100)
        tampered = {"txn_amt": "99", "member_id": "100000000", "terminal_id": "1",
                    "signature": "00", "trans_id": "REFUSE0002"}
        wanted = {"member_id": "BF00123", "terminal_id": "BF00116"}
        for name, value in tampered.items():
            answer = self.card.post({**good, name: value})
            self.assertCodes(answer, "F", wanted.get(name, "BF00129"))
        for name in ("send_time", "msg_id", "version", "signature"):
            self.assertCodes(self.card.post({**good, name: ""}), "F", "BF00120")
        for fields, code in (({"txn_amt": "0"}, "BF00135"), ({"txn_amt": "-1"}, "BF00135"),
                             ({"txn_amt": "1.00"}, "BF00135"), ({"trans_id": "short"}, "BF00121"),
                             ({"trans_id": "with-dash1"}, "BF00121"),
                             ({"risk_item": ""}, "BF00120"), ({"risk_item": "{}"}, "BF00120"),
                             ({"protocol_no": "00"}, "BF00118")):
            with self.subTest(fields=fields):
                if "protocol_no" in fields:
                    answer = self.card.call("08", None, trans_id="REFUSE0003", **fields)
                else:
                    answer = self.card.pay(**{"trans_id": "REFUSE0003", "protocol_no": agreement,
                                              "fen": 100, **fields})
                self.assertCodes(answer, "F", code)
        self.assertCodes(self.card.call("99"), "F", "BF00436")
        self.assertEqual(self.sandbox.control("trades/REFUSE0001")["trades"], [])
        self.assertEqual(self.sandbox.control("trades/REFUSE0003")["trades"], [])

    def test_test_cards(self) -> None:
        for number, code in (("6299990000010008", "BF00103"), ("6299990000020007", "BF00237"),
                             ("6299990000070002", "BF00102"), ("6299990000100007", "BF00141"),
                             ("6299990000140003", "BF00134")):
            answer = self.card.pay(f"TC{number}", self.card.bind(number), 100)
            self.assertCodes(answer, "F", code)
            self.assertCodes(self.card.query(f"TC{number}"), "F", code)
        limited = self.card.bind("6299990000060003")
        self.assertCodes(self.card.pay("LIMIT00001", limited, 50001), "F", "BF00235")
        self.assertCodes(self.card.pay("LIMIT00002", limited, 50000), "S", "0000")
        daily = self.card.bind("6299990000120005")
        self.assertCodes(self.card.pay("DAILY00001", daily, 60000), "S", "0000")
        self.assertCodes(self.card.pay("DAILY00002", daily, 40001), "F", "BF00234")
        self.assertCodes(self.card.pay("DAILY00003", daily, 40000), "S", "0000")
        poor = self.card.bind("6299990000090000")
        self.assertCodes(self.card.pay("POOR000001", poor, 10001), "F", "BF00103")
        self.assertCodes(self.card.pay("POOR000002", poor, 10000), "S", "0000")
        self.assertCodes(self.card.pay("POOR000003", poor, 1), "F", "BF00103")
        self.sandbox.control("cards/6299990000090000/balance", amount_fen=500)
        self.assertCodes(self.card.pay("POOR000003", poor, 1), "S", "0000")
        second = self.card.bind("6299990000130004")
        self.assertCodes(self.card.pay("SECOND0001", second, 1), "F", "BF00103")
        self.assertCodes(self.card.pay("SECOND0002", second, 1), "S", "0000")

    def test_unknown_then_known(self) -> None:
        cases = (("6299990000040005", "BF00115", "S"), ("6299990000050004", "BF00113", "F"),
                 ("6299990000110006", "BF00202", "S"))
        for number, code, _ in cases:
            answer = self.card.pay(f"UN{number}", self.card.bind(number), 100,
                                   return_url=self.receiver.url + f"/un{number}")
            self.assertCodes(answer, "I", code)
        self.assertCodes(self.card.query("UN6299990000110006"), "FF", "BF00100")
        self.assertCodes(self.card.query("UN6299990000110006"), "I", "BF00202")
        self.assertEqual(self.sandbox.control("trades/UN6299990000040005")["movements"], [])
        for number, _, state in cases:
            (_, _, body), = self.receiver.wait(1, f"/un{number}")
            self.assertIn(f"resp_code={state}", body.decode())
            self.assertEqual(self.card.query(f"UN{number}")["resp_code"], state)

    def test_decided_by_hand(self) -> None:
        agreement = self.card.bind(ORDINARY)
        for number, verb, wanted in (("HAND000001", "pay", "S"), ("HAND000002", "fail", "F")):
            self.sandbox.control("faults", kind="unknown", delay_ms=60000, match=number)
            self.assertCodes(self.card.pay(number, agreement, 100), "I", "BF00115")
            self.assertCodes(self.card.pay(number, agreement, 100), "I", "BF00115")
            self.assertTrue(self.sandbox.control(f"trades/{number}/{verb}", _post=1)["ok"])
            self.assertEqual(self.card.query(number)["resp_code"], wanted)
            self.assertEqual(self.sandbox.control(f"trades/{number}/pay", _post=1)["http"], 409)

    def test_pay_with_sms(self) -> None:
        agreement = self.card.bind(ORDINARY)
        pre = self.card.call("05", {"protocol_no": agreement}, trans_id="SMSPAY0001", user_id="U1",
                             txn_amt="700", return_url="", risk_item='{"goodsCategory":"02"}')
        self.assertCodes(pre, "S", "0000")
        wrong = self.card.call("06", {"unique_code": pre["unique_code"] + "|000000"})
        self.assertCodes(wrong, "F", "BF00105")
        paid = self.card.call("06", {"unique_code": pre["unique_code"] + "|654321"})
        self.assertCodes(paid, "S", "0000")
        self.assertEqual(paid["succ_amt"], "700")

    def test_faults(self) -> None:
        agreement = self.card.bind(ORDINARY)
        for kind, code in (("insufficient_funds", "BF00103"), ("frozen_card", "BF00237"),
                           ("limit_exceeded", "BF00235")):
            self.sandbox.control("faults", kind=kind)
            number = "FAULT" + kind.replace("_", "")
            self.assertCodes(self.card.pay(number, agreement, 100), "F", code)
            self.assertCodes(self.card.pay(number, agreement, 100), "S", "0000")
        self.sandbox.control("faults", kind="refuse", code="BF00350")
        self.assertCodes(self.card.pay("FAULTREFUSE", agreement, 100), "F", "BF00350")
        for kind, wanted in (("timeout_before", "FF"), ("timeout_after", "S"),
                             ("reset_after", "S")):
            self.sandbox.control("faults", kind=kind, operation="pay")
            number = "FAULT" + kind.replace("_", "")
            with self.assertRaises(OSError):
                self.card.post(self.card.debit(number, agreement, 100), seconds=0.5)
            self.assertEqual(self.card.query(number)["resp_code"], wanted)
        self.sandbox.control("faults", kind="error_after", operation="pay")
        self.assertEqual(self.card.pay("FAULTERROR", agreement, 100)["http"], "502")
        self.assertCodes(self.card.query("FAULTERROR"), "S", "0000")
        self.sandbox.control("faults", kind="latency", delay_ms=300, operation="query")
        began = time.monotonic()
        self.card.query("FAULTERROR")
        self.assertGreater(time.monotonic() - began, 0.29)
        self.sandbox.control("faults", kind="agreement_cancelled")
        self.assertCodes(self.card.pay("FAULTAGREEMENT", agreement, 100), "F", "BF00134")
        self.assertCodes(self.card.pay("FAULTAGREEMENT2", agreement, 100), "F", "BF00134")
        self.assertEqual(self.sandbox.control("faults", kind="nonsense")["http"], 400)

    def test_chance(self) -> None:
        agreement = self.card.bind(ORDINARY)
        self.sandbox.control("faults", kind="insufficient_funds", count=0, per_million=500000)
        answers = [self.card.pay(f"CHANCE{number:04}", agreement, 1)["resp_code"]
                   for number in range(24)]
        self.assertIn(answers.count("F"), range(4, 21))

    def test_notifications(self) -> None:
        agreement = self.card.bind(ORDINARY)
        self.receiver.answers = [(200, b"ok"), (200, b"OK\n"), (500, b"OK")]
        self.card.pay("NOTIFY0001", agreement, 100, return_url=self.receiver.url + "/notok")
        self.receiver.wait(4, "/notok")
        time.sleep(0.3)
        self.assertEqual(len(self.receiver.wait(4, "/notok")), 4)
        for number, kind in enumerate(("notify_forged_signature", "notify_forged_amount",
                                       "notify_forged_merchant")):
            self.receiver.answers = [(400, b"no")]
            self.sandbox.control("faults", kind=kind, channel="card")
            self.card.pay(f"FORGED000{number}", agreement, 4242,
                          return_url=self.receiver.url + f"/forged{number}")
            false, true = [dict(urllib.parse.parse_qsl(body.decode()))
                           for _, _, body in self.receiver.wait(2, f"/forged{number}")]
            self.assertTrue(self.card.verified(true))
            self.assertEqual(self.card.verified(false), kind != "notify_forged_signature")
            if kind == "notify_forged_amount":
                self.assertNotEqual(false["succ_amt"], "4242")
            if kind == "notify_forged_merchant":
                self.assertNotEqual(false["member_id"], self.card.config["member_id"])

    def test_refund(self) -> None:
        agreement = self.card.bind(ORDINARY)
        self.card.pay("REFUND0001", agreement, 1000)
        common = {"refund_type": "8", "trans_id": "REFUND0001", "refund_reason": "退货",
                  "refund_time": time.strftime("%Y%m%d%H%M%S")}
        hook = {"notice_url": self.receiver.url + "/card-refund"}
        first = self.card.refund("09", "CARDREFUND1", refund_amt="400", **common, **hook)
        self.assertEqual((first["resp_code"], first["refund_amt"]), ("0000", "400"))
        self.assertEqual(self.card.refund("09", "CARDREFUND1", refund_amt="400", **common)
                         ["refund_business_no"], first["refund_business_no"])
        self.assertEqual(self.card.refund("09", "CARDREFUND1", refund_amt="401", **common)
                         ["resp_code"], "BF00131")
        self.assertEqual(self.card.refund("09", "CARDREFUND2", refund_amt="601", **common)
                         ["resp_code"], "BF00135")
        (_, _, body), = self.receiver.wait(1, "/card-refund")
        form = dict(urllib.parse.parse_qsl(body.decode()))
        notice = self.card.open_blocks(form["data_content"])
        self.assertEqual((notice["resp_code"], notice["refund_amt"]), ("0000", "400"))
        self.assertEqual(self.card.refund("10", "CARDREFUND1")["resp_code"], "0000")
        self.assertEqual(self.card.refund("10", "CARDREFUND9")["resp_code"], "BF00128")
        book = self.sandbox.control("trades/REFUND0001")
        self.assertEqual([line["amount_fen"] for line in book["movements"]], [1000, -400])


if __name__ == "__main__":
    unittest.main()
