"""Python's unittest as test results: for this tool's own tests, and as a TAP program.

`python3 -m dev.pytap FOLDER` prints TAP for every test_*.py in FOLDER, so that a meson `test()`
can be a Python model too.
"""

from __future__ import annotations

import io
import sys
import unittest
from pathlib import Path

from .context import Context
from .paths import ROOT
from .results import Result


class _Collector(unittest.TestResult):
    """Keeps one Result a test."""

    def __init__(self) -> None:
        super().__init__()
        self.results: list[Result] = []

    def addSuccess(self, test: unittest.TestCase) -> None:
        self.results.append(Result(_name(test), True))

    def addFailure(self, test: unittest.TestCase, err) -> None:
        self.results.append(Result(_name(test), False, self._exc_info_to_string(err, test)))

    addError = addFailure

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self.results.append(Result(f"{_name(test)} ({reason})", False, skipped=True))

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err) -> None:
        if err is not None:
            self.addFailure(subtest, err)


def _name(test: unittest.TestCase) -> str:
    parts = test.id().split(".")
    return ": ".join((parts[0], " ".join(parts[1:])))


def collect(folder: Path) -> list[Result]:
    """Run every test_*.py of a folder."""
    if not any(folder.glob("test_*.py")):
        return []
    suite = unittest.TestLoader().discover(str(folder), top_level_dir=str(folder))
    collector = _Collector()
    suite.run(collector)
    return collector.results


def run_tools(_context: Context) -> list[Result]:
    """The tests of tools/dev itself."""
    return collect(ROOT / "tests" / "tools")


def main(argv: list[str]) -> int:
    """Print TAP for a folder."""
    results = collect(Path(argv[0]).resolve())
    out = io.StringIO()
    print(f"1..{len(results)}", file=out)
    for number, result in enumerate(results, 1):
        state = "ok" if result.passed or result.skipped else "not ok"
        print(f"{state} {number} - {result.name}{' # SKIP' if result.skipped else ''}", file=out)
        for line in result.output.splitlines():
            print(f"# {line}", file=out)
    sys.stdout.write(out.getvalue())
    return 0 if results and all(r.passed or r.skipped for r in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
