"""The private cluster starts, makes databases that answer, and leaves nothing behind."""

from __future__ import annotations

import subprocess
import unittest

from dev.postgres import Cluster


class PrivateCluster(unittest.TestCase):
    def test_it_starts_answers_and_goes_away(self) -> None:
        with Cluster() as cluster:
            folder = cluster.folder
            first, second = cluster.database("a"), cluster.database("a")
            self.assertNotEqual(first, second)
            out = subprocess.run(["psql", first, "-tAc", "show fsync"], capture_output=True,
                                 text=True, check=True).stdout
            self.assertEqual(out.strip(), "on")
            cluster.drop(first)
            gone = subprocess.run(["psql", first, "-tAc", "select 1"], capture_output=True,
                                  check=False)
            self.assertNotEqual(gone.returncode, 0)
        self.assertFalse(folder.exists())


if __name__ == "__main__":
    unittest.main()
