"""The receiver takes the specification's own example and refuses what was changed."""

from __future__ import annotations

import unittest

from dev.webhook_receiver import signature, why_refused

# The example of the Standard Webhooks specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HEADERS = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
           "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}
BODY = b'{"test": 2432232314}'
NOW = 1614265330


class Signatures(unittest.TestCase):
    def test_the_example(self) -> None:
        self.assertEqual(signature(SECRET, HEADERS["webhook-id"], HEADERS["webhook-timestamp"],
                                   BODY), HEADERS["webhook-signature"])
        self.assertEqual(why_refused(SECRET, HEADERS, BODY, NOW), "")

    def test_changed_body(self) -> None:
        self.assertEqual(why_refused(SECRET, HEADERS, BODY + b" ", NOW), "signature wrong")

    def test_old_one(self) -> None:
        self.assertEqual(why_refused(SECRET, HEADERS, BODY, NOW + 301), "stale")

    def test_without_signature(self) -> None:
        headers = {k: v for k, v in HEADERS.items() if k != "webhook-signature"}
        self.assertIn("webhook-signature", why_refused(SECRET, headers, BODY, NOW))


if __name__ == "__main__":
    unittest.main()
