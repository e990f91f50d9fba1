"""A demo shop in a folder of its own, and the commands on it, for the tests of backups."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ.get("FENQI_PROGRAM", "fenqi")
PASSPHRASE = "correct horse battery staple"
_TEMPLATE = Path(tempfile.mkdtemp(prefix="fenqi-backup-shop-"))
atexit.register(shutil.rmtree, _TEMPLATE, ignore_errors=True)


def run(*words: str | Path, timeout: float = 100) -> subprocess.CompletedProcess:
    """One `fenqi` command to its end."""
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True,
                          timeout=timeout, check=False)


class PlaceTest(unittest.TestCase):
    """A test with a folder, a passphrase file and the words that name an installation."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="fenqi-backup-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.passphrase = self.secret("passphrase", PASSPHRASE)
        self.opening = ("--passphrase-file", self.passphrase)

    def secret(self, name: str, line: str) -> Path:
        """A file of one line that only we may read."""
        path = self.folder / name
        path.write_text(line + "\n")
        path.chmod(0o600)
        return path

    def well(self, *words: str | Path) -> str:
        """A command that must succeed; what it printed."""
        done = run(*words)
        self.assertEqual(done.returncode, 0, f"{words}\n{done.stdout}{done.stderr}")
        return done.stdout

    def refused(self, code: int, text: str, *words: str | Path) -> None:
        """A command that must end with this code and one line that has this text."""
        done = run(*words)
        self.assertEqual((done.returncode, done.stdout), (code, ""), f"{words}\n{done.stderr}")
        self.assertIn(text, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)

    def shop(self, data: Path) -> None:
        """A demo shop on SQLite in `data`: loaded once, copied for each test."""
        if not (_TEMPLATE / "demo.json").exists():
            self.well("demo", "load", "--data", _TEMPLATE, "--customers", "8")
        shutil.copytree(_TEMPLATE, data, dirs_exist_ok=True)

    def clean(self, data: Path, *words: str) -> None:
        """The books of an installation agree with themselves."""
        self.assertIn(" 0 differences", self.well("verify", "--data", data, *words))
        self.well("rebuild", "--check", "--data", data, *words)
