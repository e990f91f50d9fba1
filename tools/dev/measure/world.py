"""A portfolio, the server on it, and load on the server: what every measurement stands on."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

from .. import build
from ..console import DevError, Stage
from ..postgres import Cluster
from ..process import Child, finish, must
from . import procs

TARGETS = ("fenqi", "bench/portfolio/portfolio", "bench/portfolio/ask_day_end",
           "bench/load/load", "bench/load/streams", "bench/floor/carry",
           "bench/floor/bare_sqlite", "bench/floor/bare_postgres", "bench/floor/bare_http")
READY_WITHIN_S = 60


class BigCluster(Cluster):
    """A private PostgreSQL with room for what is measured; as durable as the other."""

    settings = ("shared_buffers = 512MB", "max_wal_size = 4GB", "checkpoint_timeout = 15min")

    @property
    def postmaster(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    def usage(self) -> procs.Usage:
        return procs.family_usage(self.postmaster)

    def copy(self, url: str, name: str) -> str:
        """A database that is a copy of another one that nobody is connected to."""
        from_name = url.removeprefix("postgres:///").split("?")[0]
        return self.database(name, template=from_name)


def settle() -> None:
    """Puts on the disk what was made so far: else the syncs of what is measured would."""
    os.sync()


class Portfolio:
    """Customers with a contract each, in a folder: keys, SQLite file, list of sessions."""

    def __init__(self, folder: Path, programs: Path, contracts: int, *options: str) -> None:
        self.folder = folder
        self.programs = programs
        self.contracts = contracts
        folder.mkdir(parents=True)
        self.data = folder / "data"
        self.customers = folder / "customers"
        self.file = self.data / "fenqi.db"
        must(f"make a portfolio of {contracts:,} contracts",
             [programs / "bench/portfolio/portfolio", "--data", self.data, "--out",
              self.customers, "--contracts", str(contracts), *options])

    @property
    def sqlite(self) -> str:
        return f"sqlite:{self.file}"

    def copy_file(self, name: str) -> Path:
        """A copy of the SQLite file that a bare program may use up."""
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy = self.folder / f"{name}.db"
        subprocess.run(["cp", "--reflink=auto", self.file, copy], check=True)
        settle()
        return copy

    def carry_to(self, cluster: BigCluster) -> str:
        """The portfolio in PostgreSQL; the URL."""
        url = cluster.database("portfolio")
        fenqi = self.programs / "fenqi"
        must("migrate an empty PostgreSQL database",
             [fenqi, "migrate", "--data", self.data, "--database", url])
        must("carry the portfolio into PostgreSQL",
             [self.programs / "bench/floor/carry", self.file, url])
        return url


class Server:
    """`fenqi serve` in test mode without rate limits, on a free port."""

    def __init__(self, portfolio: Portfolio, database: str, *options: str) -> None:
        self.portfolio = portfolio
        self.database = database
        self.log = portfolio.folder / "serve.log"
        self._options = options
        self.port = 0
        self.started_in_s = 0.0

    def __enter__(self) -> "Server":
        settle()
        began = time.monotonic()
        self.child = Child("server", [
            str(self.portfolio.programs / "fenqi"), "serve", "--data", str(self.portfolio.data),
            "--database", self.database, "--port", "0", "--mode", "test", "--rate-scale", "0",
            "--quiet", *self._options], self.log)
        while True:
            found = re.search(r"^listening http://[^:]+:(\d+)", self.child.said(), re.MULTILINE)
            if found:
                break
            if self.child.dead or time.monotonic() - began > READY_WITHIN_S:
                self.child.stop()
                raise DevError(f"the server did not start\n{self.child.tail()}")
            time.sleep(0.005)
        self.started_in_s = time.monotonic() - began
        self.port = int(found.group(1))
        return self

    def __exit__(self, *_: object) -> None:
        self.child.stop(patience=30)

    def counters(self) -> dict[str, str]:
        """What the store did, as the server's log says at its end."""
        for line in reversed(self.child.log.read_text("utf-8").splitlines()):
            if '"event":"stopped"' in line:
                return json.loads(line)
        raise DevError(f"the server did not end well\n{self.child.tail()}")

    @property
    def pid(self) -> int:
        return self.child.process.pid

    def load_argv(self, **options: object) -> list[str]:
        argv = [str(self.portfolio.programs / "bench/load/load"), "--port", str(self.port),
                "--customers", str(self.portfolio.customers)]
        for name, value in options.items():
            argv += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        return argv

    def load(self, **options: object) -> dict:
        """Runs the load generator to its end; what it measured."""
        return run_json(self.load_argv(**options))


def run_json(argv: list) -> dict:
    """Runs a program that prints one JSON object."""
    done = finish([str(word) for word in argv], timeout=900)
    if done.code != 0:
        raise DevError(f"{Path(str(argv[0])).name}: exit code {done.code}\n{done.output}")
    return json.loads(done.output.splitlines()[-1])


class World:
    """Programs and a temporary folder; context manager."""

    def __init__(self) -> None:
        self.programs = build.c_build("release", TARGETS)

    def __enter__(self) -> "World":
        self.folder = Path(tempfile.mkdtemp(prefix="fenqi-bench-", dir="/tmp"))
        return self

    def __exit__(self, *_: object) -> None:
        with Stage("remove the temporary folder"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def portfolio(self, name: str, contracts: int, *options: str) -> Portfolio:
        return Portfolio(self.folder / name, self.programs, contracts, *options)

    def verify(self, portfolio: Portfolio, database: str) -> tuple[bool, str]:
        """Whether `fenqi verify` finds the books in order; its last line."""
        done = finish([self.programs / "fenqi", "verify", "--data", portfolio.data, "--database",
                       database], timeout=900)
        lines = done.output.strip().splitlines() or ["no output"]
        return done.code == 0, lines[-1]
