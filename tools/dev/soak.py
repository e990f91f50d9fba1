"""`./dev soak [--minutes 10] [--database postgres] [--tsan]`: mixed load, and nothing may grow.

Customers pay and look at their orders without a pause while others come and go: connections that
ask once, event streams that open and close. After each of these rounds, when those who came have
gone, the server's own memory, its descriptors and its threads are counted. The last third of the
rounds is held against the first third after the warm-up; what grew by more than caches explain is a
leak, and so is every descriptor. `./dev test soak` runs a short form, and one under the thread
sanitizer, which fails at the first data race.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from . import build
from .console import DevError, say
from .context import Context
from .measure import procs
from .measure.world import TARGETS, BigCluster, Portfolio, Server
from .results import Result

CONTRACTS = 20_000  # a database larger than the 64 MiB that the writer remembers
CONTRACTS_SHORT = 1_000
SHORT_S, SHORT_TSAN_S = 24, 15
STREAMS = 200
GROWN_PART, GROWN_MB = 0.10, 16.0  # what caches may still gather
DESCRIPTORS_MORE = 8  # connections to the database that were opened late, of three files each
THREADS_MORE = 2  # started when first needed
WRITER_CACHE_MB = 64  # pages of SQLite that the writer remembers, see src/store/driver_sqlite.c
MARGIN_S = 4  # by which the steady load outlives the last round that is counted
WITHIN_S = 20  # after the end, for whoever is still on the way


@dataclass(frozen=True)
class Sample:
    """The server between two rounds."""

    memory_mb: float  # its own, without the pages of the database that it may remember
    descriptors: int
    threads: int


def judge(samples: list[Sample]) -> list[str]:
    """What grew: the last third against the first third after the warm-up, a quarter of all."""
    steady = samples[len(samples) // 4:]
    third = len(steady) // 3
    if third == 0:
        return [f"only {len(samples)} samples: too few to say anything"]
    first, last = steady[:third], steady[-third:]
    complaints = []
    before, after = (median(s.memory_mb for s in part) for part in (first, last))
    if after > before * (1 + GROWN_PART) + GROWN_MB:
        complaints.append(f"memory grew from {before:.1f} to {after:.1f} MB")
    before, after = (median(s.descriptors for s in part) for part in (first, last))
    if after > before + DESCRIPTORS_MORE:
        complaints.append(f"descriptors grew from {before:.0f} to {after:.0f}")
    before, after = (median(s.threads for s in part) for part in (first, last))
    if after > before + THREADS_MORE:
        complaints.append(f"threads grew from {before:.0f} to {after:.0f}")
    return complaints


def sample(pid: int) -> Sample:
    """Counts what the process holds of its own."""
    folder = Path("/proc") / str(pid)
    return Sample(procs.own_mb(pid), len(list((folder / "fd").iterdir())),
                  len(list((folder / "task").iterdir())))


class Soak:
    """One run on one database."""

    def __init__(self, folder: Path, programs: Path, seconds: float, contracts: int) -> None:
        self.portfolio = Portfolio(folder / "portfolio", programs, contracts)
        self.seconds = seconds
        self.samples: list[Sample] = []

    def _steady(self, server: Server, kind: str, pause_us: int) -> subprocess.Popen:
        argv = server.load_argv(kind=kind, connections=16, pause=pause_us, warmup=0,
                                milliseconds=int((self.seconds + MARGIN_S) * 1000))
        return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)

    def _come_and_go(self, server: Server) -> None:
        """Streams that open and close, and connections that are used for half a second."""
        argv = [self.portfolio.programs / "bench/load/streams", str(server.port),
                self.portfolio.customers, str(STREAMS)]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as streams:
            opened = streams.stdout.readline().strip()
            server.load(kind="order", connections=64, milliseconds=500, warmup=0,
                        seed=len(self.samples) + 1)
            streams.communicate(timeout=60)
        if opened != f"open {STREAMS}":
            raise DevError("the event streams did not open")
        time.sleep(0.5)  # until the server has noticed who went

    def _sample(self, server: Server) -> Sample:
        """As long as the database is small it lies in the writer's memory and grows with it."""
        taken = sample(server.pid)
        if not server.database.startswith("sqlite:"):
            return taken
        remembered = min(self.portfolio.file.stat().st_size / 2**20, WRITER_CACHE_MB)
        return Sample(taken.memory_mb - remembered, taken.descriptors, taken.threads)

    def run(self, database: str) -> list[str]:
        """Complaints; none when all is well."""
        with Server(self.portfolio, database) as server:
            steady = [self._steady(server, "repay", 20_000), self._steady(server, "order", 5_000)]
            end = time.monotonic() + self.seconds
            while time.monotonic() < end and server.child.process.poll() is None:
                self._come_and_go(server)
                self.samples.append(self._sample(server))
            answers = [child.communicate(timeout=WITHIN_S + self.seconds)[0] for child in steady]
        code, said = server.child.process.returncode, server.child.tail()
        complaints = judge(self.samples)
        complaints += [f"a load ended badly: {text.strip()}" for text in answers
                       if '"bad":0,"busy":0,"broken":0' not in text]
        if code != 0:
            complaints.append(f"the server ended with code {code}\n{said}")
        return complaints

    def line(self) -> str:
        first, last = self.samples[len(self.samples) // 4], self.samples[-1]
        return (f"{len(self.samples)} rounds in {self.seconds:.0f} s: memory beside the cache "
                f"{first.memory_mb:.0f} → {last.memory_mb:.0f} MB, descriptors "
                f"{first.descriptors} → {last.descriptors}, threads {last.threads}")


def soak(programs: Path, seconds: float, contracts: int, postgres: bool) -> tuple[list[str], str]:
    """Runs once; complaints and one line about it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fenqi-soak-")))
        run = Soak(folder, programs, seconds, contracts)
        database = run.portfolio.sqlite
        if postgres:
            database = run.portfolio.carry_to(stack.enter_context(BigCluster()))
        complaints = run.run(database)
        return complaints, run.line() if run.samples else "no rounds"


def run(argv: list[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="./dev soak", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--contracts", type=int, default=CONTRACTS)
    parser.add_argument("--tsan", action="store_true", help="under the thread sanitizer")
    options = parser.parse_args(argv)
    programs = build.c_build("tsan" if options.tsan else "release", TARGETS)
    complaints, line = soak(programs, options.minutes * 60, options.contracts,
                            options.database == "postgres")
    say(line)
    for complaint in complaints:
        say(f"FAILED  {complaint}")
    return 1 if complaints else 0


def run_step(context: Context) -> list[Result]:
    """The short forms, on SQLite: nothing grows; no data race."""
    results = []
    context.built("plain")  # with the web apps, which every kind of the server carries
    for name, kind, seconds in (("nothing grows under mixed load", "plain", SHORT_S),
                                ("no data race under mixed load", "tsan", SHORT_TSAN_S)):
        programs = build.c_build(kind, TARGETS)
        complaints, line = soak(programs, seconds, CONTRACTS_SHORT, postgres=False)
        results.append(Result(f"{name} ({line})", not complaints, "\n".join(complaints)))
    return results
