"""A whole shop through PgBouncer's transaction pooling: every transaction on another connection."""

from __future__ import annotations

import subprocess
import unittest

from dev import build
from dev.conformance import Contract, Recorder
from dev.paths import OPENAPI
from dev.pooler import Pooler
from dev.process import finish
from dev.scale_test import Lent, ScaleTest
from dev.stack import Stack
from dev.walk import STEPS, Scene
from dev.webhook_receiver import Receiver

CUSTOMERS = 8


class Pooling(ScaleTest):
    def setUp(self) -> None:
        super().setUp()
        self.straight = self.database("pooled")
        self.pooler = Pooler(Lent.cluster)
        self.pooler.__enter__()
        self.addCleanup(self.pooler.__exit__)
        self.url = self.pooler.url(self.straight)

    env = {"FENQI_POOLED": "1"}

    def test_the_seven_steps_of_a_customer(self) -> None:
        with Receiver() as hooks, Stack(
                Lent.build, self.folder, self.url, webhook_url=hooks.url,
                env={**build.SANITIZER_ENV, **self.env}) as stack:
            stack.start(CUSTOMERS)
            scene = Scene(stack, Recorder(Contract(OPENAPI)), hooks=hooks)
            for name, step in STEPS:
                with self.subTest(name):
                    step(scene)
            self.assertEqual(stack.stop(), [])
            self.assertIn("0 differences", stack.command("verify"))
            self.assertIn("0 differences", stack.command("rebuild", "--check"))

    def test_the_store_keeps_its_promises(self) -> None:
        """The conformance suite, each test on a database of its own behind the pooler."""
        for name in ("units", "aggregates", "migrate"):
            with self.subTest(name):
                done = finish([Lent.build / f"tests/conformance/test_conformance_{name}"],
                              env={**build.SANITIZER_ENV, "FENQI_TEST_DATABASE": self.url,
                                   "FENQI_TEST_POOLED": "1"}, timeout=180)
                self.assertEnds(0, done, "PASSED")

    def test_without_the_option_it_does_not_work(self) -> None:
        """So the pooler is as unkind as it must be to show anything."""
        done = self.fenqi("demo", "load", "--customers", "8", "--database", self.url, "--data",
                          self.folder)
        self.assertNotEqual(done.code, 0)


if __name__ == "__main__":
    unittest.main()
