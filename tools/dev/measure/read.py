"""`./dev bench read`: order detail over HTTP, idle event streams, the cost of HTTP and JSON.

The bare library is libevent's evhttp answering every request with a small fixed JSON text, on as
many loops as the server has.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

from ..console import DevError, say
from ..process import Child
from . import procs
from .figures import Limits, Series, ratio, table
from .floors import strip_size
from .options import Options
from .repay import Measured
from .world import BigCluster, Portfolio, Server, World, run_json

CONNECTIONS = 64
SMALL_BYTES = 200
LOOP = "http-loop"
STREAMS, STREAMS_QUICK = 15_000, 200
LIBRARY_US = 24  # what the issue says that the bare library takes for a small parked POST


class BareHttp:
    """The bare library's server; context manager."""

    def __init__(self, programs: Path, log: Path) -> None:
        self._argv = [str(programs / "bench/floor/bare_http"), str(os.cpu_count() or 1),
                      str(SMALL_BYTES)]
        self._log = log

    def __enter__(self) -> "BareHttp":
        self.child = Child("bare_http", self._argv, self._log)
        end = time.monotonic() + 10
        while not (found := re.search(r"^listening (\d+)", self.child.said(), re.MULTILINE)):
            if self.child.dead or time.monotonic() > end:
                self.child.stop()
                raise DevError(f"bare_http did not start\n{self.child.tail()}")
            time.sleep(0.01)
        self.port = int(found.group(1))
        return self

    def __exit__(self, *_: object) -> None:
        self.child.stop()

    @property
    def pid(self) -> int:
        return self.child.process.pid


class Streams:
    """Idle event streams held open; context manager."""

    def __init__(self, portfolio: Portfolio, server: Server, count: int) -> None:
        self._argv = [portfolio.programs / "bench/load/streams", str(server.port),
                      portfolio.customers, str(count)]
        self._count = count

    def __enter__(self) -> "Streams":
        self._child = subprocess.Popen(self._argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       text=True)
        line = self._child.stdout.readline().strip()
        if line != f"open {self._count}":
            self.__exit__()
            raise DevError("the event streams did not open (its words stand above)")
        return self

    def __exit__(self, *_: object) -> None:
        self._child.communicate(timeout=60)


class Read:
    """One run of the measurement on one database."""

    def __init__(self, options: Options, world: World, cluster: BigCluster | None) -> None:
        self.options, self.world = options, world
        self.portfolio = world.portfolio("portfolio", options.contracts)
        self.database = self.portfolio.carry_to(cluster) if cluster else self.portfolio.sqlite
        self.streams = STREAMS_QUICK if options.quick else STREAMS
        self.order, self.bare, self.repay = Measured(), Measured(), Measured()
        self.with_streams = Measured()
        self.details = 0  # answered in all
        self.http_us, self.bare_us, self.read_us = Series(), Series(), Series()

    # ---- parts ---------------------------------------------------------------------------------

    def _load(self, server: Server, **options: object) -> dict:
        return server.load(connections=CONNECTIONS, milliseconds=self.options.milliseconds,
                           warmup=self.options.warmup, **options)

    def _orders(self, server: Server, seed: int) -> None:
        before = procs.usage(server.pid)
        answer = self._load(server, kind="order", seed=seed)
        spent = procs.usage(server.pid) - before
        self.read_us.add(spent.cpu_s / max(answer["answered"], 1) * 1e6)
        self.details += answer["answered"]
        self.order.take(answer)

    def _bare(self, bare: BareHttp) -> None:
        argv = [self.world.programs / "bench/load/load", "--kind", "get", "--port", bare.port,
                "--connections", CONNECTIONS, "--milliseconds", self.options.milliseconds,
                "--warmup", self.options.warmup]
        before = procs.usage(bare.pid)
        answer = run_json(argv)
        spent = procs.usage(bare.pid) - before
        self.bare_us.add(spent.cpu_s / max(answer["answered"], 1) * 1e6)
        self.bare.take(answer)

    def _repay(self, server: Server, into: Measured, seed: int) -> None:
        before = procs.threads_cpu_s(server.pid).get(LOOP, 0)
        answer = self._load(server, seed=seed)
        spent = procs.threads_cpu_s(server.pid).get(LOOP, 0) - before
        if into is self.repay:
            self.http_us.add(spent / max(answer["answered"], 1) * 1e6)
        into.take(answer)

    def _with_streams(self, server: Server) -> None:
        """Repayments in turn without and with; the memory of the streams, the first time."""
        for number in range(self.options.rounds):
            self._repay(server, self.repay, 500 + number)
            before = procs.own_mb(server.pid)
            with Streams(self.portfolio, server, self.streams):
                if number == 0:
                    self.streams_mb = procs.own_mb(server.pid) - before
                self._repay(server, self.with_streams, 900 + number)

    def run(self) -> None:
        log = self.portfolio.folder / "bare_http.log"
        with BareHttp(self.world.programs, log) as bare:
            with Server(self.portfolio, self.database) as server:
                self.started_in_s = server.started_in_s
                for number in range(self.options.rounds):
                    self._orders(server, number)
                    self._bare(bare)
            self.counters = server.counters()
            with Server(self.portfolio, self.database) as server:
                self._with_streams(server)
        began = time.monotonic()
        self.sound, self.verified = self.world.verify(self.portfolio, self.database)
        self.verified_in_s = time.monotonic() - began

    # ---- what is said --------------------------------------------------------------------------

    def show(self) -> None:
        say("\nmedians (least–most of the rounds)\n")
        table(("", "requests/s", "p50 ms", "p99 ms", "longest ms", "kB written", "bad"), [
            self.order.row("order detail"), self.bare.row("bare library, small answer"),
            self.repay.row("repayment"),
            self.with_streams.row(f"repayment beside {self.streams:,} streams")])
        say(f"\nCPU a request: order detail {self.read_us.text()} µs, bare library "
            f"{self.bare_us.text()} µs; of a repayment the HTTP loops (parsing, JSON, answers) "
            f"{self.http_us.text()} µs")
        say(f"{self.streams:,} idle streams take {self.streams_mb:.0f} MB, "
            f"{self.streams_mb * 1024 / self.streams:.1f} kB each\n")

    def judge(self) -> int:
        limits = Limits()
        limits.at_least("order detail against the bare library's small answer",
                        ratio(self.order.rate, self.bare.rate).median, 0.3)
        # rounded: the server's own work reads too, some statements a second
        limits.at_most("statements an order detail",
                       round(int(self.counters["read_statements"]) / max(self.details, 1), 1), 3)
        allowed = 120 * self.streams / STREAMS if self.options.quick else 120
        limits.at_most(f"memory of {self.streams:,} idle streams", self.streams_mb,
                       max(allowed, 4), " MB")
        lost = 100 * (1 - self.with_streams.rate.median / self.repay.rate.median)
        limits.at_most("repayments lost to the streams", lost, 8, " %")
        limits.at_most(f"HTTP and JSON of a repayment, where the library takes {LIBRARY_US} µs",
                       self.http_us.median, 30, " µs")
        bad = [m for m in (self.order, self.repay, self.with_streams) if m.bad]
        limits.holds("every request is answered well", not bad,
                     bad[0].first_bad or "lost connections" if bad else "all of them")
        limits.at_most(f"start on {self.options.contracts:,} contracts", self.started_in_s, 2, " s")
        limits.holds("the books after it", self.sound, self.verified)
        limits.at_most(f"fenqi verify of {self.options.contracts:,} contracts",
                       self.verified_in_s, 60, " s")
        limits.at_most("the binary with its web assets",
                       strip_size(self.world.programs / "fenqi", self.world.folder) / 1e6, 10,
                       " MB")
        return limits.end()


def run(options: Options) -> int:
    with World() as world:
        if options.postgres:
            with BigCluster() as cluster:
                return _measure(Read(options, world, cluster))
        return _measure(Read(options, world, None))


def _measure(read: Read) -> int:
    read.run()
    read.show()
    return read.judge()
