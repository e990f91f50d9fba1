"""Receipts, read back by poppler and zbar."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

URL = "https://fenqi.example/verify/R00000000000010000000000000A3?h=7f3a91c20b5d"


def run(*arguments: str) -> str:
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


class ReceiptTest(unittest.TestCase):
    """What a reader of the PDF finds."""

    def setUp(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def print(self, kind: str, lines: int) -> str:
        """A sample receipt; the program itself compares two printings."""
        path = str(Path(self.folder.name) / f"{kind}{lines}.pdf")
        run(os.environ["PRINT_RECEIPT"], kind, str(lines), path)
        return path

    def test_text(self) -> None:
        path = self.print("payment", 2)
        text = run("pdftotext", "-layout", path, "-")
        for words in ("还款凭证", "Payment receipt", "¥1,776.99", "人民币壹仟柒佰柒拾陆元玖角玖分",
                      "*小明", "138****0001", "银行卡 招商银行（尾号 6621）", "第2期 本金",
                      "Instalment 2, principal", "888.49", "888.50", "喆堃", "合计 Total",
                      "2026-11-22 14:20:30", "7f3a-91c2-0b5d", URL,
                      "R00000000000010000000000000A3"):
            self.assertIn(words, text)
        info = run("pdfinfo", path)
        self.assertRegex(info, r"Pages:\s+1\n")
        self.assertRegex(info, r"Page size:\s+595.28 x 841.89 pts \(A4\)")
        self.assertLess(Path(path).stat().st_size, 120_000)

    def test_refund(self) -> None:
        text = run("pdftotext", "-layout", self.print("refund", 1), "-")
        for words in ("退款凭证", "Refund receipt", "退款明细", "¥888.49"):
            self.assertIn(words, text)
        self.assertNotIn("还款凭证", text)

    def test_fonts_are_embedded(self) -> None:
        rows = run("pdffonts", self.print("payment", 3)).splitlines()[2:]
        self.assertEqual(len(rows), 2)
        for row in rows:
            self.assertRegex(row, r"^[A-Z]{6}\+FenqiSans-(Regular|Bold) ")
            self.assertRegex(row, r"yes yes yes")

    def test_qr_is_read(self) -> None:
        path = self.print("payment", 1)
        picture = str(Path(self.folder.name) / "page")
        run("pdftoppm", "-r", "150", "-png", "-singlefile", path, picture)
        self.assertEqual(run("zbarimg", "--quiet", "--raw", picture + ".png").strip(), URL)

    def test_many_lines(self) -> None:
        path = self.print("payment", 60)
        info = run("pdfinfo", path)
        self.assertRegex(info, r"Pages:\s+[345]\n")
        text = run("pdftotext", "-layout", path, "-")
        self.assertEqual(text.count("第60期 本金"), 1)
        self.assertEqual(text.count("扫码核验真伪"), 1)
        for number in range(1, 61):
            self.assertIn(f"Instalment {number}, principal", text)

    def test_same_bytes_in_another_process(self) -> None:
        first = Path(self.print("payment", 4)).read_bytes()
        environment = {**os.environ, "TZ": "America/New_York", "LC_ALL": "C",
                       "HOME": "/nonexistent"}
        path = str(Path(self.folder.name) / "again.pdf")
        subprocess.run([os.environ["PRINT_RECEIPT"], "payment", "4", path], check=True,
                       env=environment)
        self.assertEqual(Path(path).read_bytes(), first)

    def test_missing_fonts_are_told(self) -> None:
        done = subprocess.run([os.environ["PRINT_RECEIPT"], "payment", "1", "/dev/null"],
                              env={**os.environ, "FENQI_FONTS": "/nonexistent"},
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("FenqiSans-Regular.otf cannot be read", done.stderr)


if __name__ == "__main__":
    unittest.main()
