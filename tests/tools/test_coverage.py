"""The reading of gcov's counts: what counts as a gap, and what excuses one."""

from __future__ import annotations

import unittest
from pathlib import Path

from dev import coverage

TEXT = """\
int f(int a, enum kind kind) {
    if (a > 0)
        return 1;
    if (a < 0) /* uncovered: nobody owes less than nothing */
        return 2;
    if (a > 5) /* uncovered: */
        return 4;
    check(a == 0 &&
          kind == KIND_ONE);
    switch (kind) {
    case KIND_ONE:
        return 3;
    }
}
""".splitlines()


def gaps_of(branches: dict[int, list[int]], called: int = 1) -> list[int]:
    """Lines on which a gap is told."""
    source = coverage.Source(Path("f.c"))
    source.branches.update(branches)
    source.calls[("f", 1)] = called
    return [int(gap.where.split(":")[1]) for gap in coverage.gaps(source, TEXT, "f.c")]


class Gaps(unittest.TestCase):
    def test_taken_branches_are_no_gap(self) -> None:
        self.assertEqual(gaps_of({2: [3, 1]}), [])

    def test_a_branch_not_taken_is_told(self) -> None:
        self.assertEqual(gaps_of({2: [3, 0]}), [2])

    def test_a_reason_on_the_line_excuses(self) -> None:
        self.assertEqual(gaps_of({4: [0, 3]}), [])

    def test_an_empty_reason_excuses_nothing(self) -> None:
        self.assertEqual(gaps_of({6: [0, 3]}), [6])

    def test_checks_are_excused_on_all_their_lines(self) -> None:
        self.assertEqual(gaps_of({8: [1, 0], 9: [1, 0]}), [])

    def test_a_switch_may_leave_the_side_of_no_member(self) -> None:
        self.assertEqual(gaps_of({10: [4, 0]}), [])
        self.assertEqual(gaps_of({10: [0, 0]}), [10])

    def test_a_function_that_is_not_called_is_told(self) -> None:
        self.assertEqual(gaps_of({}, called=0), [1])


if __name__ == "__main__":
    unittest.main()
