"""The generator of the table of working days: what it turns, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ROOT / "tools" / "build" / "gen_holidays.py"

NOTICE = "notice\t2030\thttps://www.gov.cn/2030.htm\t-"
GOOD = [NOTICE, "off\t2030\t2030-01-01\t元旦", "work\t2030\t2029-12-29\t元旦"]


class Holidays(unittest.TestCase):
    def generated(self, lines: list[str]) -> tuple[int, str, str]:
        with tempfile.TemporaryDirectory() as folder:
            source, output = Path(folder) / "days.tsv", Path(folder) / "days.inc"
            source.write_text("# a comment\n\n" + "\n".join(lines) + "\n", "utf-8")
            done = subprocess.run([sys.executable, GENERATOR, source, output],
                                  capture_output=True, text=True, check=False)
            text = output.read_text("utf-8") if output.exists() else ""
            return done.returncode, text, done.stderr

    def refused(self, lines: list[str], why: str) -> None:
        code, _, errors = self.generated(lines)
        self.assertNotEqual(code, 0)
        self.assertIn(why, errors)

    def test_rows_are_sorted_by_day(self) -> None:
        code, text, errors = self.generated(GOOD)
        self.assertEqual((code, errors), (0, ""))
        self.assertIn("CN_YEAR_FIRST = 2030, CN_YEAR_LAST = 2030", text)
        self.assertLess(text.index("{21912, 2030, false}"), text.index("{21915, 2030, true}"))

    def test_a_later_notice_may_tell_a_day_again(self) -> None:
        later = ["notice\t2031\thttps://www.gov.cn/2031.htm\t-", "off\t2031\t2031-01-01\t元旦",
                 "work\t2031\t2030-01-01\t元旦"]
        code, text, _ = self.generated(GOOD + later)
        self.assertEqual(code, 0)
        self.assertLess(text.index("{21915, 2030, true}"), text.index("{21915, 2031, false}"))

    def test_refusals(self) -> None:
        self.refused(GOOD + [GOOD[1]], "tells a day twice")
        self.refused(GOOD + ["off\t2030\t2031-01-01\t元旦"], "arranges 2031-01-01")
        self.refused(GOOD[1:], "has a notice and days")
        self.refused([NOTICE], "has a notice and days")
        self.refused(GOOD + ["notice\t2032\thttps://www.gov.cn/2032.htm\t-",
                             "off\t2032\t2032-01-01\t元旦"], "every year from the first")
        self.refused(["notice\t2030\thttps://example.com/\t-", *GOOD[1:]], "stands on www.gov.cn")
        self.refused(GOOD + ["holiday\t2030\t2030-05-01\t劳动节"], "unknown row")

    def test_the_committed_table_has_no_gap(self) -> None:
        lines = (ROOT / "spec" / "cn_holidays.tsv").read_text("utf-8").splitlines()
        code, text, errors = self.generated(lines)
        self.assertEqual((code, errors), (0, ""))
        self.assertIn("CN_YEAR_FIRST = 2015", text)


if __name__ == "__main__":
    unittest.main()
