"""The judgement of `./dev soak`: a leak is told, a cache that fills up in the warm-up is not."""

from __future__ import annotations

import unittest

from dev.soak import Sample, judge


def rounds(memory_mb: list[float], descriptors: list[int] | None = None) -> list[Sample]:
    return [Sample(mb, descriptors[i] if descriptors else 30, 8)
            for i, mb in enumerate(memory_mb)]


class Judgement(unittest.TestCase):
    def test_what_is_level_is_well(self) -> None:
        self.assertEqual(judge(rounds([20, 60, 80, 81, 80, 82, 80, 81, 80, 81, 82, 80])), [])

    def test_a_leak_of_memory_is_told(self) -> None:
        complaints = judge(rounds([50 + 5 * i for i in range(16)]))
        self.assertEqual(len(complaints), 1)
        self.assertIn("memory grew", complaints[0])

    def test_descriptors_that_stay_are_told(self) -> None:
        complaints = judge(rounds([80] * 16, list(range(30, 62, 2))))
        self.assertEqual(len(complaints), 1)
        self.assertIn("descriptors grew", complaints[0])

    def test_a_thread_a_round_is_told(self) -> None:
        samples = [Sample(80, 30, 8 + i) for i in range(16)]
        self.assertIn("threads grew", judge(samples)[0])

    def test_a_peak_is_no_growth(self) -> None:
        self.assertEqual(judge(rounds([80] * 14 + [300, 80], [30] * 15 + [99])), [])

    def test_too_few_rounds_say_nothing(self) -> None:
        self.assertIn("too few", judge(rounds([80, 80]))[0])


if __name__ == "__main__":
    unittest.main()
