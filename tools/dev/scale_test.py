"""The step `scale`: what a database of many processes and machines must bear.

tests/scale holds the tests, on real servers: several `fenqi migrate` at once, a PgBouncer between
program and database, a streaming replica, and the schema spread by functions that stand in for
those of Citus (no package of Debian has it): they record what they are called with, nothing more.
"""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

from . import build, pytap
from .context import Context
from .paths import ROOT
from .postgres import Cluster
from .process import Finished, finish
from .results import Result

TESTS = ROOT / "tests" / "scale"


class Lent:
    """What the running step lends to the tests: set before they are loaded."""

    cluster: Cluster
    build: Path


class ScaleTest(unittest.TestCase):
    """A test with a folder of its own and the program."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="fenqi-scale-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.folder.chmod(0o755)

    def database(self, name: str) -> str:
        """A fresh PostgreSQL database that goes away with the test."""
        url = Lent.cluster.database(name)
        self.addCleanup(Lent.cluster.drop, url)
        return url

    def fenqi(self, *words: str | Path, timeout: float = 120) -> Finished:
        """Runs one command to its end."""
        return finish([Lent.build / "fenqi", *words], env=build.SANITIZER_ENV, timeout=timeout)

    def assertEnds(self, code: int, done: Finished, *words: str) -> None:
        """The exit code, and words that it printed."""
        self.assertEqual(done.code, code, done.output)
        for word in words:
            self.assertIn(word, done.output)


def run(context: Context) -> list[Result]:
    """Every test of tests/scale."""
    Lent.build = context.built("asan")
    Lent.cluster = context.cluster()
    return pytap.collect(TESTS)
