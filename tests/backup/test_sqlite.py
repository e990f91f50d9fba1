"""`fenqi backup` and `fenqi restore` of an SQLite installation."""

from __future__ import annotations

import contextlib
import datetime
import sqlite3
import subprocess
import threading
from pathlib import Path

from place import PlaceTest, run

INVALID, NOT_FOUND, CORRUPT, DENIED, UNAVAILABLE, AGAIN = 65, 66, 70, 77, 69, 75
PREAMBLE = 120


def content(database: Path) -> list[str]:
    """All of a database as statements."""
    with contextlib.closing(sqlite3.connect(database)) as opened:
        return list(opened.iterdump())


def mount_small(folder: Path, kib: int) -> bool:
    """A file system of that size; False where we may not mount."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(folder)],
                          capture_output=True, check=False)
    return done.returncode == 0


class Backup(PlaceTest):
    def setUp(self) -> None:
        super().setUp()
        self.data = self.folder / "data"
        self.file = self.folder / "one.fenqi"

    def backup(self, *more: str | Path) -> str:
        return self.well("backup", "--data", self.data, "--to", self.file, *self.opening, *more)

    def restore_words(self, to: str, source: Path | None = None) -> tuple[str | Path, ...]:
        return ("restore", "--data", self.folder / to, "--from", source or self.file)

    def test_what_comes_back_is_what_there_was(self) -> None:
        self.shop(self.data)
        said = self.backup()
        self.assertRegex(said, r"8 customers, \d+ contracts, \d+ payments, \d+ journal entries")
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(b"SQLite format", self.file.read_bytes())
        self.assertEqual({p.name for p in self.data.iterdir()} - {"fenqi.db-wal", "fenqi.db-shm"},
                         {"demo.json", "fenqi.db", "master.key"})
        self.assertIn("fenqi verify", self.well(*self.restore_words("back"), *self.opening))
        back = self.folder / "back"
        for name in ("demo.json", "master.key"):
            self.assertEqual((back / name).read_bytes(), (self.data / name).read_bytes())
            self.assertEqual((back / name).stat().st_mode & 0o777, 0o600)
        self.assertEqual(content(back / "fenqi.db"), content(self.data / "fenqi.db"))
        self.clean(back)
        shown = self.well("restore", "--show", "--from", self.file, *self.opening)
        self.assertIn("schema 0005", shown)

    def test_beside_writers_each_backup_is_one_moment(self) -> None:
        self.shop(self.data)
        today = datetime.date.fromisoformat(self.backup().split("business date ")[1].split()[0])
        enough = threading.Event()
        codes = []

        def live() -> None:
            for step in range(1, 2000):
                day = today + datetime.timedelta(days=2 * step)
                codes.append(run("day-end", "--data", self.data, "--date", str(day)).returncode)
                if enough.is_set():
                    return

        writer = threading.Thread(target=live)
        writer.start()
        dates = []
        for number in range(2):
            self.file = self.folder / f"{number}.fenqi"
            dates.append(self.backup().split("business date ")[1].split()[0])
        enough.set()
        writer.join()
        self.assertEqual(set(codes), {0})
        self.assertEqual(dates, sorted(dates))
        for number in range(2):
            self.well(*self.restore_words(f"back{number}", self.folder / f"{number}.fenqi"),
                      *self.opening)
            self.clean(self.folder / f"back{number}")

    def test_a_key_pair(self) -> None:
        self.shop(self.data)
        keys = self.folder / "keys"
        self.well("backup", "key", "--to", keys)
        self.refused(AGAIN, "cannot make", "backup", "key", "--to", keys)
        self.assertEqual(keys.stat().st_mode & 0o777, 0o600)
        self.well("backup", "--data", self.data, "--to", self.file, "--recipient", f"{keys}.pub")
        self.refused(INVALID, "--identity FILE opens it", *self.restore_words("back"),
                     *self.opening)
        other = self.folder / "other"
        self.well("backup", "key", "--to", other)
        self.refused(DENIED, "does not open", *self.restore_words("back"), "--identity", other)
        public = self.secret("public", Path(f"{keys}.pub").read_text("utf-8").strip())
        self.refused(INVALID, "is no fenqi-backup-secret-key", *self.restore_words("back"),
                     "--identity", public)
        self.assertFalse((self.folder / "back").exists())
        self.well(*self.restore_words("back"), "--identity", keys)
        self.clean(self.folder / "back")

    def test_wrong_use_is_said(self) -> None:
        for command in ("fenqi backup ", "fenqi backup key", "fenqi restore "):
            self.assertIn(command, run("help").stdout)
        for words in (("backup",), ("backup", "--to", "x"), ("backup", "--to", "x", "--data", "y"),
                      ("restore", "--from", "x"), ("restore", "--from", "x", "--data", "y"),
                      ("backup", "key"), ("backup", "--to", "x", "--data", "y", "--recipient", "z",
                                          "--passphrase-file", "z")):
            self.refused(2, "needed", *words)
        self.refused(NOT_FOUND, "data folder", "backup", "--data", self.folder / "none", "--to",
                     self.file, *self.opening)
        self.refused(NOT_FOUND, "cannot read", *self.restore_words("back"), *self.opening)
        self.data.mkdir()
        self.refused(NOT_FOUND, "no master.key", "backup", "--data", self.data, "--to", self.file,
                     *self.opening)
        self.shop(self.data)
        short = self.secret("short", "secret")
        self.refused(INVALID, "shorter than", "backup", "--data", self.data, "--to", self.file,
                     "--passphrase-file", short)
        self.passphrase.chmod(0o644)
        self.refused(DENIED, "chmod 600", "backup", "--data", self.data, "--to", self.file,
                     *self.opening)
        self.assertFalse(self.file.exists())

    def test_a_place_that_is_taken_is_refused_unless_told(self) -> None:
        self.shop(self.data)
        self.backup()
        self.refused(AGAIN, "is there already", "backup", "--data", self.data, "--to", self.file,
                     *self.opening)
        self.backup("--replace")
        before = content(self.data / "fenqi.db")
        self.refused(AGAIN, "is there already", *self.restore_words("data"), *self.opening)
        with contextlib.closing(sqlite3.connect(self.data / "fenqi.db")) as other:
            other.execute("SELECT COUNT(*) FROM setting").fetchone()
            self.refused(UNAVAILABLE, "is in use", *self.restore_words("data"), *self.opening,
                         "--overwrite")
        self.well(*self.restore_words("data"), *self.opening, "--overwrite")
        self.assertEqual(content(self.data / "fenqi.db"), before)
        aside = next(p for p in self.data.iterdir() if p.name.startswith("fenqi.db.before-"))
        self.assertEqual(content(aside), before)
        self.backup("--replace")
        self.well(*self.restore_words("again"), *self.opening)
        self.assertEqual({p.name for p in (self.folder / "again").iterdir()},
                         {"demo.json", "fenqi.db", "master.key"})

    def test_a_damaged_archive_is_refused_and_leaves_nothing(self) -> None:
        self.shop(self.data)
        self.backup()
        good = self.file.read_bytes()
        bad = self.folder / "bad.fenqi"

        def damaged(codes: tuple[int, ...], data: bytes, what: str) -> None:
            bad.write_bytes(data)
            done = run(*self.restore_words("back", bad), *self.opening)
            self.assertIn(done.returncode, codes, f"{what}: {done.stderr}")
            self.assertEqual(done.stderr.count("\n"), 1)
            self.assertFalse((self.folder / "back").exists(), what)

        piece = 65536 + 17
        for length in (0, 7, PREAMBLE - 1):
            damaged((INVALID,), good[:length], f"cut to {length}")
        for length in (PREAMBLE, PREAMBLE + piece, len(good) // 2, len(good) - 1):
            damaged((CORRUPT, DENIED), good[:length], f"cut to {length}")
        for at in (10, 20, 100, PREAMBLE + 5, PREAMBLE + piece + 5, len(good) // 2, len(good) - 1):
            changed = bytearray(good)
            changed[at] ^= 1
            damaged((INVALID, CORRUPT, DENIED), bytes(changed), f"bit of byte {at}")
        damaged((CORRUPT,), good + b"x", "a byte more")
        pieces = bytearray(good)
        pieces[PREAMBLE + piece:PREAMBLE + 3 * piece] = (
            good[PREAMBLE + 2 * piece:PREAMBLE + 3 * piece]
            + good[PREAMBLE + piece:PREAMBLE + 2 * piece])
        damaged((CORRUPT,), bytes(pieces), "two pieces changed places")
        damaged((INVALID,), good[:8] + b"\x02" + good[9:], "a later format")
        self.opening = ("--passphrase-file", self.secret("wrong", "incorrect horse battery"))
        damaged((DENIED,), good, "another passphrase")

    def test_a_newer_schema_is_refused(self) -> None:
        self.shop(self.data)
        with contextlib.closing(sqlite3.connect(self.data / "fenqi.db")) as other:
            other.execute("INSERT INTO schema_migration VALUES (99, 'later', 'x', 1)")
            other.commit()
        self.refused(INVALID, "use a newer program", "backup", "--data", self.data, "--to",
                     self.file, *self.opening)
        self.assertFalse(self.file.exists())

    def test_a_bad_backup_does_not_take_the_place_of_a_good_one(self) -> None:
        self.shop(self.data)
        self.backup()
        good = self.file.read_bytes()
        with open(self.data / "fenqi.db", "r+b") as database:
            size = database.seek(0, 2)
            for page in range(size // 4096 // 2, size // 4096 // 2 + 8):
                database.seek(page * 4096)
                database.write(b"\xff" * 4096)
        for name in ("fenqi.db-wal", "fenqi.db-shm"):
            (self.data / name).unlink(missing_ok=True)
        done = run("backup", "--data", self.data, "--to", self.file, *self.opening, "--replace")
        self.assertEqual(done.returncode, CORRUPT, done.stderr)
        self.assertEqual(self.file.read_bytes(), good)
        self.assertFalse(Path(f"{self.file}.partial").exists())
        self.assertFalse((self.data / "backup.work").exists())

    def test_a_full_disk_is_said_and_leaves_nothing(self) -> None:
        self.shop(self.data)
        small = self.folder / "small"
        small.mkdir()
        if not mount_small(small, 256):
            self.skipTest("may not mount a small file system here")
        self.addCleanup(subprocess.run, ["umount", str(small)], check=False)
        self.refused(AGAIN, "No space left", "backup", "--data", self.data, "--to",
                     small / "one.fenqi", *self.opening)
        self.assertEqual(list(small.iterdir()), [])
        self.backup()
        self.refused(AGAIN, "No space left", *self.restore_words("small/back"), *self.opening)
        self.assertEqual(list(small.iterdir()), [])
