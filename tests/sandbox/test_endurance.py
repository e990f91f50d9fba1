"""Kill -9, restarts and the control interface of the sandbox."""

import http.client
import random
import threading
import time
import unittest

from merchant import Card, Receiver, Sandbox, WeChat


class EnduranceTest(unittest.TestCase):
    """Each test runs a sandbox of its own."""

    def test_kill_loses_nothing_answered(self) -> None:
        dice = random.Random(20261122)
        sandbox = Sandbox()
        card = Card(sandbox)
        agreement = card.bind("6299990000000009")
        prepared = [(f"KILL{number:06}", card.debit(f"KILL{number:06}", agreement, 100 + number))
                    for number in range(60)]
        answered = []
        while prepared:
            stop = threading.Timer(dice.uniform(0.005, 0.08), sandbox.kill)
            stop.start()
            try:
                while prepared:
                    number, form = prepared[0]
                    if card.post(form)["resp_code"] == "S":
                        answered.append(number)
                    prepared.pop(0)
            except (OSError, http.client.HTTPException):
                # Cut off in the middle: it may have happened or not; never twice.
                prepared.pop(0)
            stop.join()
            sandbox.start()
        book = sandbox.control("book")
        moved = [line["out_no"] for line in book["movements"]]
        self.assertEqual(len(moved), len(set(moved)))
        self.assertTrue(set(answered) <= set(moved))
        self.assertGreater(len(answered), 10)
        states = {trade["out_no"]: trade["state"] for trade in book["trades"]}
        self.assertTrue(all(states[number] == "S" for number in moved))
        self.assertEqual(sandbox.close(), 0)

    def test_restart_keeps_keys_and_waiting_notifications(self) -> None:
        sandbox = Sandbox("--wechat-notify-key", "public-key")
        receiver = Receiver()
        wechat = WeChat(sandbox)
        sandbox.control("faults", kind="notify_delay", delay_ms=500)
        wechat.order("RESTART001", notify_url=receiver.url + "/restart")
        sandbox.control("trades/RESTART001/pay", _post=1)
        sandbox.kill()
        before = {k: v for k, v in wechat.config.items() if k != "api_base_url"}
        sandbox.start()
        after = {k: v for k, v in sandbox.channels["wechat"].items() if k != "api_base_url"}
        self.assertEqual(before, after)
        self.assertEqual(sandbox.channels["wechat"]["api_base_url"], sandbox.url)
        (_, headers, body), = receiver.wait(1, "/restart")
        self.assertEqual(headers["wechatpay-serial"], after["platform_public_key_id"])
        self.assertEqual(wechat.read_notice(headers, body)[1]["out_trade_no"], "RESTART001")
        receiver.close()
        sandbox.close()

    def test_control(self) -> None:
        sandbox = Sandbox()
        status, headers, page = sandbox.call("GET", "/control")
        self.assertEqual(status, 200)
        for words in ("支付沙箱", "6299990000040005", "timeout_after"):
            self.assertIn(words, page.decode())
        self.assertNotIn("<script", page.decode())
        self.assertEqual(sandbox.call("GET", "/")[0], 303)
        self.assertEqual(sandbox.call("GET", "/nothing")[0], 404)
        self.assertEqual(sandbox.control("nothing")["http"], 404)
        self.assertEqual(sandbox.control("trades/NONE/pay", _post=1)["http"], 404)
        foreign = {"Origin": "http://evil.example"}
        self.assertEqual(sandbox.call("POST", "/control/faults/clear", b"", foreign)[0], 403)
        own = {"Origin": sandbox.url}
        self.assertEqual(sandbox.call("POST", "/control/faults/clear", b"", own)[0], 200)
        self.assertEqual(sandbox.call("POST", "/control/faults", b"kind=%zz")[0], 400)
        self.assertIn(sandbox.call("DELETE", "/control")[0], (405, 501))
        for target in ("/cashier/native?pr=", "/cashier/h5", "/cashier/native?pr=none"):
            self.assertEqual(sandbox.call("GET", target)[0], 404)
        self.assertEqual(sandbox.call("GET", "/x?a=1&a=2")[0], 400)
        began = time.monotonic()
        self.assertEqual(sandbox.close(), 0)
        self.assertLess(time.monotonic() - began, 5)


if __name__ == "__main__":
    unittest.main()
