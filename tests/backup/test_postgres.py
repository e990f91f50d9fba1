"""`fenqi backup` and `fenqi restore` of a PostgreSQL installation."""

from __future__ import annotations

import datetime
import subprocess
import tempfile
import threading
from pathlib import Path

from dev.postgres import Cluster
from place import PlaceTest, run

INVALID, AGAIN = 65, 75


class Backup(PlaceTest):
    """All of them on one shop, which nobody damages."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.cluster = Cluster()
        cls.enterClassContext(cls.cluster)
        cls.url = cls.cluster.database("shop")
        cls.data = Path(cls.enterClassContext(tempfile.TemporaryDirectory())) / "data"
        done = run("demo", "load", "--database", cls.url, "--data", cls.data, "--customers", "8")
        if done.returncode != 0:
            raise AssertionError(done.stderr)

    def setUp(self) -> None:
        super().setUp()
        self.file = self.folder / "one.fenqi"

    def backup(self) -> str:
        return self.well("backup", "--database", self.url, "--data", self.data, "--to", self.file,
                         *self.opening)

    def restore_words(self, database: str, to: str) -> tuple:
        return ("restore", "--database", database, "--data", self.folder / to, "--from", self.file,
                *self.opening)

    @staticmethod
    def rows(url: str) -> str:
        """All rows of a database as text, each table in the order of its lines."""
        text = subprocess.run(["pg_dump", "--data-only", "--inserts", url], capture_output=True,
                              text=True, check=True).stdout
        return "\n".join(sorted(line for line in text.splitlines() if line.startswith("INSERT")))

    def test_what_comes_back_is_what_there_was(self) -> None:
        self.assertRegex(self.backup(), r"from postgres; .*\n  8 customers, \d+ contracts")
        self.assertNotIn(b"PGDMP", self.file.read_bytes())
        self.assertEqual({p.name for p in self.data.iterdir()}, {"demo.json", "master.key"})
        back = self.cluster.database("back")
        self.well(*self.restore_words(back, "back"))
        self.assertEqual(self.rows(back), self.rows(self.url))
        self.assertEqual({p.name for p in (self.folder / "back").iterdir()},
                         {"demo.json", "master.key"})
        self.clean(self.folder / "back", "--database", back)

    def test_beside_a_writer_it_is_one_moment(self) -> None:
        today = datetime.date.fromisoformat(self.backup().split("business date ")[1].split()[0])
        self.file.unlink()
        day = today + datetime.timedelta(days=6)
        writer = threading.Thread(target=self.well, args=(
            "day-end", "--database", self.url, "--data", self.data, "--date", str(day)))
        writer.start()
        said = self.backup()
        writer.join()
        self.assertIn("business date", said)
        back = self.cluster.database("back")
        self.well(*self.restore_words(back, "back"))
        self.clean(self.folder / "back", "--database", back)

    def test_a_wrong_place_is_refused_and_leaves_nothing(self) -> None:
        self.backup()
        self.refused(AGAIN, "is not empty", *self.restore_words(self.url, "back"))
        self.refused(INVALID, "cannot become a sqlite one",
                     *self.restore_words(f"sqlite:{self.folder}/x.db", "back"))
        self.assertFalse((self.folder / "back").exists())
        empty = self.cluster.database("empty")
        good = self.file.read_bytes()
        self.file.write_bytes(good[:-20])
        self.refused(70, "damaged or cut off", *self.restore_words(empty, "back"))
        self.assertFalse((self.folder / "back").exists())
        self.assertEqual(self.rows(empty), "")
