"""The measurements run from end to end on tiny sizes; what they measure is not asked here."""

from __future__ import annotations

import subprocess
import unittest

from dev.paths import ROOT


def bench(*words: str) -> str:
    """What `./dev bench` prints; a limit may be missed, on such sizes it means nothing."""
    done = subprocess.run([ROOT / "dev", "bench", *words, "--quick", "--contracts", "300"],
                          capture_output=True, text=True, timeout=600, check=False)
    if done.returncode not in (0, 1) or done.stderr:
        raise AssertionError(f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Repay(unittest.TestCase):
    def check(self, *words: str) -> None:
        said = bench("repay", *words)
        self.assertIn("ok     every request is answered well", said)
        self.assertRegex(said, r"ok     the books after it: .* 0 differences")
        self.assertRegex(said, r"one repayment writes: .*insert payment ")
        self.assertRegex(said, r"bare program, batches of 64 +[1-9]")
        self.assertRegex(said, r"pgbench TPC-B, \d+ clients: [1-9]")

    def test_on_sqlite(self) -> None:
        self.check()

    def test_on_postgres(self) -> None:
        self.check("--database", "postgres")


class Read(unittest.TestCase):
    def check(self, *words: str) -> None:
        said = bench("read", *words)
        self.assertIn("ok     every request is answered well", said)
        self.assertRegex(said, r"order detail +[1-9]")
        self.assertRegex(said, r"repayment beside 200 streams +[1-9]")
        self.assertIn("statements an order detail", said)
        self.assertRegex(said, r"ok     the books after it: .* 0 differences")
        self.assertRegex(said, r"ok     fenqi verify of 300 contracts")

    def test_on_sqlite(self) -> None:
        self.check()

    def test_on_postgres(self) -> None:
        self.check("--database", "postgres")


class DayEnd(unittest.TestCase):
    def check(self, *words: str) -> str:
        said = bench("day-end", *words)
        self.assertIn("ok     every repayment is answered well", said)
        self.assertRegex(said, r"ok     the books after it: .* 0 differences")
        self.assertRegex(said, r"[1-9][\d,]* contracts have something to do")
        self.assertRegex(said, r"[1-9][\d,]* rows written")
        self.assertRegex(said, r"bare program +\d")
        return said

    def test_on_sqlite(self) -> None:
        self.check()

    def test_on_postgres_on_a_pay_day(self) -> None:
        self.assertIn("two processes", self.check("--database", "postgres", "--pay-day"))


if __name__ == "__main__":
    unittest.main()
