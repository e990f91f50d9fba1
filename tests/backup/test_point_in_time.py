"""PostgreSQL back to a point in time by conf/postgres: exactly the payments before it are there.

The real thing: a server with payments going on, a base backup beside it, the write-ahead log
archived, the cluster lost, another one recovered to a noted moment.
"""

from __future__ import annotations

import random
import subprocess
import time
import unittest
from pathlib import Path

from dev.crash_load import Customer, Unrecorded
from dev.postgres import Cluster, binaries
from dev.stack import Stack
from dev.walk import Scene
from place import PROGRAM, PlaceTest

SCRIPTS = Path(__file__).resolve().parents[2] / "conf" / "postgres"
PAYMENTS = 25


def script(name: str, *words: str | Path) -> tuple[str | Path, ...]:
    """A script as an administrator would have installed it: a copy that postgres may read."""
    return ("sh", "-c", (SCRIPTS / name).read_text("utf-8"), name, *words)


class Archived(Cluster):
    """A cluster that archives its write-ahead log as conf/postgres says."""

    def _start(self) -> None:
        (self.folder / "wal").mkdir(mode=0o777)
        (self.folder / "wal").chmod(0o777)
        installed = self.folder / "archive-wal.sh"
        installed.write_text((SCRIPTS / "archive-wal.sh").read_text("utf-8"))
        installed.chmod(0o755)
        self.settings = ("archive_mode = on", "wal_level = replica",
                         f"archive_command = '{installed} {self.folder}/wal %p %f'")
        super()._start()

    def ask(self, text: str) -> str:
        return self._must("psql", "-h", self.folder, "-p", str(self.port), "-U", "fenqi", "-Atq",
                          "-d", "postgres", "-c", text).strip()

    def base(self) -> Path:
        said = self._must(*script("base-backup.sh", self.folder / "base", "--host", self.folder,
                                  "--port", str(self.port), "--username", "fenqi"))
        return Path(said.strip().splitlines()[-1])

    def archive_all(self) -> None:
        """The last piece of the log is in the archive."""
        name = self.ask("SELECT pg_walfile_name(pg_current_wal_lsn())")
        self.ask("SELECT pg_switch_wal()")
        end = time.monotonic() + 30
        while not (self.folder / "wal" / name).exists():
            if time.monotonic() > end:
                raise AssertionError(f"{name} was not archived")
            time.sleep(0.05)


class Recovered(Cluster):
    """Another cluster, laid out from a base backup and an archive."""

    def __init__(self, base: Path, archive: Path, moment: str) -> None:
        super().__init__()
        self.laid_out = (base, archive, moment)

    def _start(self) -> None:
        subprocess.run(["chown", "--reference", str(self.laid_out[0]), str(self.folder)],
                       check=True)
        self.folder.chmod(0o755)
        data = self.folder / "data"
        self._must(*script("recover-to.sh", *self.laid_out, data))
        with open(data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write(f"port = {self.port}\nunix_socket_directories = '{self.folder}'\n")
        self.start_again()
        end = time.monotonic() + 60
        while self._must("psql", "-h", self.folder, "-p", str(self.port), "-U", "fenqi", "-Atqc",
                         "SELECT pg_is_in_recovery()", "postgres").strip() != "f":
            if time.monotonic() > end:
                raise AssertionError("the recovery does not end")
            time.sleep(0.05)


class PointInTime(PlaceTest):
    def pay(self, customer: Customer, count: int) -> list[str]:
        """So many payments that were acknowledged."""
        for _ in range(count):
            attempt = customer._open_attempt()
            self.assertTrue(customer.push(attempt) and attempt.payment_id, attempt.refused)
        return [attempt.payment_id for attempt in customer.acknowledged[-count:]]

    @unittest.skipUnless((binaries() / "pg_verifybackup").exists(), "no pg_verifybackup")
    def test_exactly_what_was_paid_before_the_moment_is_there(self) -> None:
        cluster = self.enterContext(Archived())
        (cluster.folder / "base").mkdir()
        subprocess.run(["chown", "--reference", str(cluster.folder),
                        str(cluster.folder / "base")], check=True)
        stack = self.enterContext(Stack(Path(PROGRAM).parent, self.folder,
                                        cluster.database("shop"),
                                        serve_options=("--rate-scale", "0", "--quiet")))
        stack.start(8)
        customer = Customer(Scene(stack, Unrecorded(), 7), "credit_balance", random.Random(7))
        wanted = self.pay(customer, PAYMENTS)
        base = cluster.base()
        wanted += self.pay(customer, PAYMENTS)
        moment = cluster.ask("SELECT now() + interval '100 ms'")
        time.sleep(0.4)
        late = self.pay(customer, PAYMENTS)
        cluster.archive_all()
        stack.server.kill()
        cluster.kill()

        recovered = self.enterContext(Recovered(base, cluster.folder / "wal", moment))
        url = recovered.url(stack.database.removeprefix("postgres:///").split("?")[0])
        self.clean(stack.data / "server", "--database", url)
        stack.database = url
        stack.start_server()
        there = {item["payment_id"] for item in customer.listed()} - customer.before
        self.assertEqual(there, set(wanted))
        self.assertFalse(there & set(late))
        paid = sum(attempt.amount for attempt in customer.acknowledged[:2 * PAYMENTS])
        self.assertEqual(customer.client.get("/account")["credit_balance_fen"],
                         customer.balance_fen - paid)
        self.pay(customer, 1)

    def test_what_must_not_be_overwritten_is_refused(self) -> None:
        archive, piece = self.folder / "wal", self.folder / "piece"
        archive.mkdir()
        piece.write_bytes(b"one")
        keep = ["sh", str(SCRIPTS / "archive-wal.sh"), str(archive), str(piece), "0001"]
        self.assertEqual(subprocess.run(keep, check=False).returncode, 0)
        self.assertEqual(subprocess.run(keep, check=False).returncode, 0)
        piece.write_bytes(b"two")
        done = subprocess.run(keep, capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, (archive / "0001").read_bytes()), (1, b"one"))
        self.assertIn("another content", done.stderr)
        (self.folder / "base").mkdir()
        (self.folder / "base" / "backup_manifest").write_text("{}")
        done = subprocess.run(["sh", str(SCRIPTS / "recover-to.sh"), str(self.folder / "base"),
                               str(archive), "2026-11-22", str(self.folder)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is not empty", done.stderr)
