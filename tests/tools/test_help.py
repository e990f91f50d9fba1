"""`./dev help` runs with nothing but Python itself: it is read before anything is installed."""

from __future__ import annotations

import os
import subprocess
import unittest

from dev.commands import COMMANDS
from dev.paths import ROOT


class Help(unittest.TestCase):
    def test_no_package_is_needed(self) -> None:
        # -S leaves out the folders in which Debian's packages lie, -s those of the user
        done = subprocess.run(
            ["/usr/bin/python3", "-s", "-S", "-m", "dev", "help"], capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "tools")}, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in COMMANDS:
            self.assertIn(f"  {name} ", done.stdout)


if __name__ == "__main__":
    unittest.main()
