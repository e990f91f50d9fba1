"""Reports on a real streaming replica: the same answers, and how old they are."""

from __future__ import annotations

import subprocess
import time
import unittest

from dev.client import until
from dev.postgres import Replica
from dev.scale_test import Lent, ScaleTest


def psql(url: str, text: str) -> str:
    """What one statement gives, unaligned."""
    return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", url], input=text,
                          capture_output=True, text=True, check=True).stdout.strip()


class Reports(ScaleTest):
    def setUp(self) -> None:
        super().setUp()
        self.url = self.database("primary")
        self.own = ("--database", self.url, "--data", self.folder)
        self.assertEnds(0, self.fenqi("demo", "load", "--customers", "8", *self.own))
        self.replica = Replica(Lent.cluster)
        self.replica.__enter__()
        self.addCleanup(self.replica.__exit__)
        self.there = self.replica.url(self.url)
        self.settle()

    def settle(self) -> None:
        position = psql(self.url, "SELECT pg_current_wal_lsn()")
        until("the replica has applied everything", lambda: self.replica.caught_up(position), 20)

    def report(self, *words: str):
        return self.fenqi(*words, *self.own, "--report-database", self.there)

    def test_reports_say_the_same_and_how_old_they_are(self) -> None:
        straight = self.fenqi("verify", *self.own)
        self.assertEnds(0, straight)
        self.settle()
        there = self.report("verify", "--max-age", "0")
        self.assertEnds(0, there, "replica: all that was received is applied")
        self.assertEqual(there.output.splitlines()[1:], straight.output.splitlines())
        self.assertEnds(0, self.report("rebuild", "--check"), "0 differences")
        self.assertEnds(2, self.report("rebuild"), "only read")

    def test_a_replica_that_is_behind_says_so(self) -> None:
        psql(self.url, "INSERT INTO setting (name, value) VALUES ('early', '1')")
        self.settle()  # only what it saw committed tells it a time
        self.replica.pause()
        psql(self.url, "INSERT INTO setting (name, value) VALUES ('late', '1')")
        time.sleep(2.1)
        done = self.report("verify")
        self.assertEnds(0, done, "the data are those of ", " seconds ago")
        self.assertEnds(75, self.report("verify", "--max-age", "1"), "more than 1 seconds behind")
        self.replica.resume()
        self.settle()
        self.assertEnds(0, self.report("verify", "--max-age", "1"), "is applied")

    def test_a_replica_with_another_schema_is_refused(self) -> None:
        psql(self.url, "DELETE FROM schema_migration WHERE number = 5")
        self.settle()
        self.assertEnds(75, self.report("verify"), "0005", "migrate its primary")


if __name__ == "__main__":
    unittest.main()
