"""Reading test output: a crash, a time-out or a missing test is never taken for success."""

from __future__ import annotations

import json
import unittest

from dev.results import from_exit, from_playwright, from_tap, from_vitest


def counted(results: list) -> tuple[int, int, int]:
    """Passed, failed, skipped."""
    skipped = sum(r.skipped for r in results)
    passed = sum(r.passed for r in results)
    return passed, len(results) - passed - skipped, skipped


class Tap(unittest.TestCase):
    GOOD = "1..2\nok 1 - a\nok 2 - b\n"

    def test_good(self) -> None:
        self.assertEqual(counted(from_tap("p", self.GOOD, 0)), (2, 0, 0))

    def test_two_groups(self) -> None:
        self.assertEqual(counted(from_tap("p", self.GOOD + self.GOOD, 0)), (4, 0, 0))

    def test_failure_carries_its_output(self) -> None:
        results = from_tap("p", "1..1\nnot ok 1 - a\n# 0x1 != 0x2\n", 1)
        self.assertEqual(counted(results), (0, 1, 0))
        self.assertIn("0x1 != 0x2", results[0].output)

    def test_failure_carries_what_was_printed_before(self) -> None:
        results = from_tap("p", "1..2\nok 1 - a\nsql/x.sql: SCAN\nnot ok 2 - b\n# why\n", 1)
        self.assertIn("sql/x.sql: SCAN", results[1].output)
        self.assertIn("# why", results[1].output)

    def test_cmocka_skip(self) -> None:
        results = from_tap("p", "1..2\nok 1 - a\nnot ok 2 # SKIP b\n", 0)
        self.assertEqual(counted(results), (1, 0, 1))
        self.assertIn("b", results[1].name)

    def test_crash_after_success(self) -> None:
        results = from_tap("p", self.GOOD, -11)
        self.assertEqual(counted(results), (2, 1, 0))
        self.assertIn("signal 11", results[2].name)

    def test_stops_half_way(self) -> None:
        self.assertEqual(counted(from_tap("p", "1..2\nok 1 - a\n", 0)), (1, 1, 0))

    def test_leak_found_at_exit(self) -> None:
        self.assertEqual(counted(from_tap("p", self.GOOD, 23)), (2, 1, 0))

    def test_nothing_ran(self) -> None:
        self.assertEqual(counted(from_tap("p", "", 0)), (0, 1, 0))

    def test_time_out(self) -> None:
        self.assertEqual(counted(from_tap("p", self.GOOD, -9, 60, True)), (2, 1, 0))


class Others(unittest.TestCase):
    def test_exit_code(self) -> None:
        self.assertEqual(counted(from_exit("p", "", 0)), (1, 0, 0))
        self.assertEqual(counted(from_exit("p", "why", 1)), (0, 1, 0))

    def test_vitest(self) -> None:
        document = json.dumps({"testResults": [
            {"name": "/x/web/a.test.ts", "status": "failed", "assertionResults": [
                {"ancestorTitles": ["m"], "title": "t", "status": "passed"},
                {"ancestorTitles": [], "title": "u", "status": "failed", "failureMessages": ["no"]},
                {"ancestorTitles": [], "title": "v", "status": "pending"}]},
            {"name": "/x/web/b.test.ts", "status": "failed", "message": "syntax",
             "assertionResults": []}]})
        self.assertEqual(counted(from_vitest(document)), (1, 2, 1))

    def test_playwright_flaky_counts_as_failed(self) -> None:
        document = json.dumps({"suites": [{"title": "a.spec.ts", "specs": [
            {"title": "one", "tests": [{"status": "expected", "results": []}]},
            {"title": "two", "tests": [{"status": "flaky", "results": [
                {"errors": [{"message": "\x1b[31mno\x1b[0m"}]}]}]}]}]})
        results = from_playwright(document)
        self.assertEqual(counted(results), (1, 1, 0))
        self.assertEqual(results[1].output, "no")


if __name__ == "__main__":
    unittest.main()
