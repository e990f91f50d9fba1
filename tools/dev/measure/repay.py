"""`./dev bench repay`: repayments over HTTP, against pgbench and bare programs of the same rows.

HTTP in, committed double entry out. A repayment is paid from the customer's credit balance, so what
is accepted is posted in the same transaction: the two figures are one.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field

from ..console import say
from . import procs, rows
from .figures import Limits, Series, ratio, table
from .floors import BarePostgres, BareSqlite, Pgbench, strip_size
from .options import Options
from .world import BigCluster, Portfolio, Server, World

BATCH = 64


@dataclass(frozen=True)
class Case:
    """One way to load the server."""

    title: str
    connections: int
    skewed: bool = False


CASES = (Case("1 connection", 1), Case("64 connections", 64),
         Case("64, skewed to hot customers", 64, True), Case("1,024 connections", 1024),
         Case("1,024, skewed", 1024, True))
LONE, MANY, CROWD = CASES[0], CASES[1], CASES[3]


@dataclass
class Measured:
    """What one case or floor gave, round by round."""

    rate: Series = field(default_factory=Series)
    p50: Series = field(default_factory=Series)
    p99: Series = field(default_factory=Series)
    slowest: Series = field(default_factory=Series)
    bytes_each: Series = field(default_factory=Series)
    bad: int = 0
    first_bad: str = ""

    def take(self, answer: dict) -> None:
        self.rate.add(answer["per_second"])
        self.p50.add(answer["p50_us"])
        self.p99.add(answer["p99_us"])
        self.slowest.add(answer["max_us"])
        if "bytes_each" in answer:
            self.bytes_each.add(answer["bytes_each"])
        self.bad += answer.get("bad", 0) + answer.get("broken", 0) + answer.get("unanswered", 0)
        self.first_bad = self.first_bad or answer.get("first_bad", "")

    def row(self, title: str) -> tuple[str, ...]:
        return (title, self.rate.text(), self.p50.text(0.001, 2), self.p99.text(0.001, 2),
                self.slowest.text(0.001, 0), self.bytes_each.text(0.001, 1), str(self.bad))


class Repay:
    """One run of the measurement on one database."""

    def __init__(self, options: Options, world: World, stack: ExitStack) -> None:
        self.options = options
        self.world = world
        self.cases = {case: Measured() for case in CASES}
        self.bare, self.bare_single = Measured(), Measured()
        self.pgbench = Series()
        self.written = rows.capture(world)
        self.portfolio = world.portfolio("portfolio", options.contracts)
        self.cluster: BigCluster = stack.enter_context(BigCluster())
        self.tpcb = Pgbench(self.cluster, options.pgbench_scale, options.pgbench_seconds)
        self.tried = self.tpcb.find_best()
        if options.postgres:
            self.database = self.portfolio.carry_to(self.cluster)
            self.floor = BarePostgres(self.cluster, self.portfolio, self.database,
                                      self.written.file)
        else:
            self.database = self.portfolio.sqlite
            self.floor = BareSqlite(self.portfolio, self.written.file)
        self.bare_connections = self._best_bare_connections()

    def _best_bare_connections(self) -> int:
        """PostgreSQL: 2 to 4 connections, whichever is fastest here."""
        if not self.options.postgres:
            return 0
        rates = {n: self.floor.run(BATCH, self.options.milliseconds // 2, n)["per_second"]
                 for n in (2, 3, 4)}
        return max(rates, key=lambda n: rates[n])

    def _usage(self, server: Server) -> procs.Usage:
        mine = procs.usage(server.pid)
        return mine + self.cluster.usage() if self.options.postgres else mine

    def _load(self, server: Server, case: Case, seed: int) -> None:
        before = self._usage(server)
        extra = {"skewed": True} if case.skewed else {}
        answer = server.load(connections=case.connections, seed=seed, warmup=self.options.warmup,
                             milliseconds=self.options.milliseconds, **extra)
        spent = self._usage(server) - before
        made = max(answer["answered"], 1)
        answer["bytes_each"] = spent.bytes_written / made
        self.cases[case].take(answer)
        if case is MANY:
            self.cpu = {"server, user": spent.user_s, "server, system": spent.system_s}
            if self.options.postgres:
                self.cpu = {"server and PostgreSQL, user": spent.user_s,
                            "server and PostgreSQL, system": spent.system_s}
            self.cpu = {name: spent_s / made * 1e6 for name, spent_s in self.cpu.items()}
            self.cpu["load generator"] = answer["cpu_s"] / made * 1e6

    def round(self, server: Server, number: int) -> None:
        for place, case in enumerate(CASES):
            self._load(server, case, number * 100 + place)
        many = {"connections": self.bare_connections} if self.options.postgres else {}
        self.bare.take(self.floor.run(BATCH, self.options.milliseconds, **many))
        self.bare_single.take(self.floor.run(1, self.options.milliseconds))
        self.pgbench.add(self.tpcb.run(self.tpcb.best_clients))

    def run(self) -> None:
        with Server(self.portfolio, self.database) as server:
            self.started_in_s = server.started_in_s
            before = procs.threads_cpu_s(server.pid)
            for number in range(self.options.rounds):
                say(f"  round {number + 1} of {self.options.rounds}")
                self.round(server, number)
            after = procs.threads_cpu_s(server.pid)
            self.threads = {name: after[name] - before.get(name, 0) for name in after}
            self.peak_mb = procs.resident_mb(server.pid, peak=True)
        self.sound, self.verified = self.world.verify(self.portfolio, self.database)

    # ---- what is said --------------------------------------------------------------------------

    def show(self) -> None:
        say("\none repayment writes: " + ", ".join(self.written.words))
        say("\nmedians (least–most of the rounds); accepted is posted: the same transaction\n")
        table(("", "repayments/s", "p50 ms", "p99 ms", "longest ms", "kB written", "bad"),
              [self.cases[case].row(case.title) for case in CASES]
              + [self.bare.row(f"bare program, batches of {BATCH}"),
                 self.bare_single.row("bare program, one a commit")])
        say(f"\npgbench TPC-B, {self.tpcb.best_clients} clients: {self.pgbench.text()} tps; tried "
            + ", ".join(f"{clients}: {rate:,.0f}" for clients, rate in self.tried.items()))
        say("CPU a repayment at 64 connections: "
            + ", ".join(f"{name} {value:,.0f} µs" for name, value in self.cpu.items()))
        total = sum(self.threads.values()) or 1
        say("server's CPU by thread: " + ", ".join(
            f"{name} {100 * value / total:.0f} %" for name, value in
            sorted(self.threads.items(), key=lambda item: -item[1]) if value / total > 0.005))
        say(f"server's peak memory {self.peak_mb:.0f} MB; fenqi verify: {self.verified}\n")

    def judge(self) -> int:
        limits = Limits()
        many, crowd = self.cases[MANY].rate, self.cases[CROWD].rate
        name = "PostgreSQL" if self.options.postgres else "SQLite"
        limits.at_least(f"{name}, 64 connections, against pgbench's best",
                        ratio(many, self.pgbench).median, 1.5 if self.options.postgres else 2)
        limits.at_least("64 connections against the bare batched program",
                        ratio(many, self.bare.rate).median, 0.6)
        limits.at_most("a lone client's median against the bare single commit",
                       ratio(self.cases[LONE].p50, self.bare_single.p50).median, 2)
        limits.at_least("1,024 connections against 64", ratio(crowd, many).median, 0.8)
        longest = max(max(measured.slowest.values) for measured in self.cases.values())
        limits.at_most("the longest wait of any request", longest / 1e6, 1, " s")
        bad = [measured for measured in self.cases.values() if measured.bad]
        limits.holds("every request is answered well", not bad,
                     bad[0].first_bad or "lost connections" if bad else "all of them")
        limits.holds("the books after it", self.sound, self.verified)
        limits.at_most(f"start on {self.options.contracts:,} contracts", self.started_in_s, 2, " s")
        limits.at_most("the binary with its web assets",
                       strip_size(self.world.programs / "fenqi", self.world.folder) / 1e6, 10,
                       " MB")
        return limits.end()


def run(options: Options) -> int:
    with World() as world, ExitStack() as stack:
        measurement = Repay(options, world, stack)
        measurement.run()
        measurement.show()
        return measurement.judge()
