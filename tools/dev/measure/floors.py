"""The bare programs and pgbench, as the measurements call them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from ..console import DevError, Stage
from ..postgres import binaries
from ..process import finish
from .world import BigCluster, Portfolio, run_json

CLIENTS = (1, 2, 4, 8, 16, 32)


class Pgbench:
    """pgbench's TPC-B on a private PostgreSQL, prepared statements, its best client count."""

    def __init__(self, cluster: BigCluster, scale: int, seconds: int) -> None:
        self.url = cluster.database("tpcb")
        self.seconds = seconds
        self.best_clients = 1
        with Stage(f"pgbench: fill scale {scale}"):
            self._pgbench("-i", "-q", "-s", str(scale))

    def _pgbench(self, *words: str) -> str:
        done = finish([binaries() / "pgbench", *words, self.url], timeout=900)
        if done.code != 0:
            raise DevError(f"pgbench failed\n{done.output}")
        return done.output

    def run(self, clients: int) -> float:
        """Transactions a second."""
        output = self._pgbench("-n", "-M", "prepared", "-c", str(clients), "-j",
                               str(min(clients, 2)), "-T", str(self.seconds))
        found = re.search(r"^tps = ([0-9.]+)", output, re.MULTILINE)
        if not found:
            raise DevError(f"pgbench says no rate\n{output}")
        return float(found.group(1))

    def find_best(self) -> dict[int, float]:
        """Tries every client count once; the later runs use the best."""
        with Stage("pgbench: look for its best client count"):
            rates = {clients: self.run(clients) for clients in CLIENTS}
        self.best_clients = max(rates, key=lambda clients: rates[clients])
        return rates


class BareSqlite:
    """Repayments as nothing but rows, in a copy of the portfolio."""

    def __init__(self, portfolio: Portfolio, rows: Path) -> None:
        self._argv = [portfolio.programs / "bench/floor/bare_sqlite",
                      portfolio.copy_file("bare"), portfolio.customers, rows]

    def run(self, batch: int, milliseconds: int) -> dict:
        return run_json([*self._argv, batch, milliseconds])


class BarePostgres:
    """The same with arrays in PostgreSQL."""

    def __init__(self, cluster: BigCluster, portfolio: Portfolio, url: str, rows: Path) -> None:
        self._cluster = cluster
        self._program = portfolio.programs / "bench/floor/bare_postgres"
        self._url = cluster.copy(url, "bare")
        self._customers, self._rows = portfolio.customers, rows

    def run(self, batch: int, milliseconds: int, connections: int = 0) -> dict:
        before = self._cluster.usage()
        answer = run_json([self._program, self._url, self._customers, self._rows,
                           connections or 1, batch, milliseconds])
        spent = self._cluster.usage() - before
        answer["bytes_each"] = spent.bytes_written / max(answer["good"], 1)
        return answer


def strip_size(program: Path, folder: Path) -> int:
    """Bytes of the program without its symbols, as it is installed."""
    copy = folder / "stripped"
    subprocess.run(["strip", "-o", copy, program], check=True)
    return copy.stat().st_size
