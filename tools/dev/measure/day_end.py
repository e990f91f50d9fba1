"""`./dev bench day-end`: a day of a portfolio, against a bare program that writes the same rows.

Also: the process's memory; the same day's work in a portfolio ten times as large; two processes on
PostgreSQL; how long a customer's repayment takes while it runs.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from ..console import DevError, Stage, say
from ..process import must
from . import bare_day, procs
from .figures import Limits, table
from .options import Options
from .world import BigCluster, Portfolio, Server, World, settle

AUTOPAY_PER_MILLE = 500
DUE_PER_MILLE, PAY_DAY_PER_MILLE, OVERDUE_PER_MILLE = 33, 400, 30
CUSTOMERS_PAYING = {"connections": 4, "pause": 10000}
LONGEST_S = 1800
NOTICED_WITHIN_S = 10


@dataclass
class Ran:
    """What one run of the day-end took."""

    seconds: float
    peak_mb: float
    cpu_s: float


class DayEnd:
    """One run of the measurement on one database."""

    def __init__(self, options: Options, world: World, cluster: BigCluster | None) -> None:
        self.options, self.world, self.cluster = options, world, cluster
        # the sessions are of today in Shanghai, the books one day behind
        self.today = datetime.now(timezone(timedelta(hours=8))).date()
        self.day_number = (self.today - date(1970, 1, 1)).days
        self._copies = 0
        self.one: Ran | None = None
        self.two: Ran | None = None

    # ---- portfolios and databases --------------------------------------------------------------

    def portfolio(self, name: str, contracts: int, *more: str) -> Portfolio:
        due = PAY_DAY_PER_MILLE if self.options.pay_day else DUE_PER_MILLE
        return self.world.portfolio(
            name, contracts, "--lean", "--business-date", str(self.today - timedelta(days=1)),
            "--due-day", str(self.today), "--due-per-mille", str(due), "--overdue-per-mille",
            str(OVERDUE_PER_MILLE), "--autopay-per-mille", str(AUTOPAY_PER_MILLE), *more)

    def fresh(self, portfolio: Portfolio, url: str) -> str:
        """A database for one run of the day-end: a copy."""
        self._copies += 1
        if self.cluster:
            return self.cluster.copy(url, "day")
        return f"sqlite:{portfolio.copy_file(f'day{self._copies}')}"

    def carried(self, portfolio: Portfolio) -> str:
        if not self.cluster:
            return ""
        url = portfolio.carry_to(self.cluster)
        # what autovacuum has done to a database that lives: its rows are known to be visible
        bare_day.psql(url, "VACUUM ANALYZE")
        return url

    # ---- runs ----------------------------------------------------------------------------------

    def start(self, portfolio: Portfolio, database: str, log: Path,
              *more: str) -> subprocess.Popen:
        with open(log, "wb") as out:
            return subprocess.Popen(
                [self.world.programs / "fenqi", "day-end", "--data", portfolio.data, "--database",
                 database, "--date", str(self.today), *more], stdout=out, stderr=out)

    def run(self, portfolio: Portfolio, database: str, *more: str, processes: int = 1) -> Ran:
        """Runs the day with that many processes, to its end; `more`: options of each."""
        settle()
        logs = [portfolio.folder / f"day-end-{number}.log" for number in range(processes)]
        with Stage(f"fenqi day-end, {processes} process{'es' if processes > 1 else ''}"):
            began = time.monotonic()
            children = [self.start(portfolio, database, log, *more) for log in logs]
            peak, cpu = 0.0, 0.0
            while any(child.poll() is None for child in children):
                try:
                    peak = max([peak, *(procs.own_mb(child.pid)
                                        for child in children if child.poll() is None)])
                    cpu = sum(procs.usage(child.pid).cpu_s for child in children)
                except (FileNotFoundError, ProcessLookupError):
                    pass
                if time.monotonic() - began > LONGEST_S:
                    for child in children:
                        child.kill()
                time.sleep(0.02)
            seconds = time.monotonic() - began
        for child, log in zip(children, logs):
            if child.returncode != 0:
                raise DevError(f"fenqi day-end: exit code {child.returncode}\n"
                               + log.read_text("utf-8", "replace")[-2000:])
        return Ran(seconds, peak, cpu)

    def latencies(self, portfolio: Portfolio, database: str) -> None:
        """Repayments over a few connections: idle, then while the server does the day-end."""
        length = {"milliseconds": self.options.milliseconds, **CUSTOMERS_PAYING}
        with Server(portfolio, database) as server:
            self.idle = server.load(seed=1, warmup=self.options.warmup, **length)
            must("ask for the day-end as staff do", [
                self.world.programs / "bench/portfolio/ask_day_end", "--data", portfolio.data,
                "--database", database, "--date", str(self.today)])
            self._wait_for_begin(database)
            self.still_running = "day_end_done" not in server.child.said()
            self.beside = server.load(seed=2, warmup=self.options.warmup, **length)
            if "day_end_failed" in server.child.said():
                raise DevError(f"the day-end failed\n{server.child.tail()}")

    def _wait_for_begin(self, database: str) -> None:
        """The day-end first moves the business date."""
        question = "SELECT value FROM setting WHERE name = 'business_date'"
        end = time.monotonic() + NOTICED_WITHIN_S
        while time.monotonic() < end:
            if self.cluster:
                value = bare_day.psql(database, question)
            else:
                with sqlite3.connect(database.removeprefix("sqlite:")) as file:
                    value = file.execute(question).fetchone()[0]
            if value == str(self.today):
                return
            time.sleep(0.01)
        raise DevError("the server did not begin the day-end that was asked for")

    def measure(self) -> None:
        contracts = self.options.contracts
        whole = self.portfolio("whole", contracts)
        whole_url = self.carried(whole)
        self.due = bare_day.due_count(whole.file, self.day_number)
        used = self.fresh(whole, whole_url)
        floor = bare_day.OnPostgres(self.cluster, used) if self.cluster else None
        self.product = self.run(whole, used)
        self.sound, self.verified = self.world.verify(whole, used)
        if floor:
            self.bare_s, self.rows = floor.run(self.day_number, whole.folder)
            self._scale_out(whole, whole_url)
        else:
            self.bare_s, self.rows = bare_day.on_sqlite(
                whole.copy_file("bare"), Path(used.removeprefix("sqlite:")), self.day_number)
        self.latencies(whole, self.fresh(whole, whole_url))
        shutil.rmtree(whole.folder)
        self.tenth = contracts // 10
        self._ten_times(contracts)

    def _scale_out(self, whole: Portfolio, url: str) -> None:
        """One process and two, of one connection each: one of two keeps two cores busy alone."""
        rans = []
        for processes in (1, 2):
            used = self.fresh(whole, url)
            rans.append(self.run(whole, used, "--connections", "1", processes=processes))
            self.discard(used)
        self.one, self.two = rans

    def _ten_times(self, contracts: int) -> None:
        """The same work alone and among ten times as many, in turn."""
        both = []
        for name, more in (("small", ()), ("large", ("--idle", str(contracts - self.tenth)))):
            portfolio = self.portfolio(name, self.tenth, *more)
            both.append((portfolio, self.carried(portfolio), []))
        for _ in range(self.options.rounds):
            for portfolio, url, rans in both:
                used = self.fresh(portfolio, url)
                rans.append(self.run(portfolio, used))
                self.discard(used)
        by_time = [sorted(rans, key=lambda ran: ran.seconds) for _, _, rans in both]
        self.small, self.large = (rans[len(rans) // 2] for rans in by_time)

    def discard(self, used: str) -> None:
        if self.cluster:
            self.cluster.drop(used)
        else:
            Path(used.removeprefix("sqlite:")).unlink()

    # ---- what is said --------------------------------------------------------------------------

    def show(self) -> None:
        shape = "40 % due on the day" if self.options.pay_day else "a thirtieth due, 3 % overdue"
        say(f"\n{self.options.contracts:,} contracts, {12 * self.options.contracts:,} instalments, "
            f"{shape}: {self.due:,} contracts have something to do; {self.rows:,} rows written\n")
        whole = (self.product, self.one, self.two)
        rows = [("fenqi day-end", self.product), ("one process, one connection", self.one),
                ("two of them", self.two),
                (f"in a portfolio of {self.tenth:,}", self.small),
                (f"the same work in {self.options.contracts:,}", self.large)]
        table(("", "s", "contracts/s", "CPU s", "peak MB"), [
            (title, f"{ran.seconds:.2f}",
             f"{self.due / ran.seconds:,.0f}" if ran in whole else "",
             f"{ran.cpu_s:.2f}", f"{ran.peak_mb:.0f}") for title, ran in rows if ran]
            + [("bare program", f"{self.bare_s:.2f}", f"{self.due / self.bare_s:,.0f}", "", "")])
        say(f"\na repayment: p50 {self.idle['p50_us'] / 1000:.2f} ms, p99 "
            f"{self.idle['p99_us'] / 1000:.2f} ms idle; p50 {self.beside['p50_us'] / 1000:.2f} ms, "
            f"p99 {self.beside['p99_us'] / 1000:.2f} ms beside the day-end ("
            + ("which was running" if self.still_running else "which had ended before")
            + f")\nfenqi verify: {self.verified}\n")

    def judge(self) -> int:
        limits = Limits()
        limits.at_most("the day-end against the bare program", self.product.seconds / self.bare_s,
                       2)
        limits.at_most("memory of the process", self.product.peak_mb, 200, " MB")
        limits.at_most("the same work in a portfolio ten times as large",
                       self.large.seconds / self.small.seconds, 1.15)
        if self.one and self.two:
            limits.at_least("two processes against one, of one connection each",
                            self.one.seconds / self.two.seconds, 1.5)
        limits.at_most("a repayment's p99 beside the day-end, against idle",
                       self.beside["p99_us"] / max(self.idle["p99_us"], 1), 5)
        bad = [load for load in (self.idle, self.beside)
               if load["bad"] + load["broken"] + load["unanswered"]]
        limits.holds("every repayment is answered well", not bad,
                     bad[0]["first_bad"] or "lost connections" if bad else "all of them")
        limits.holds("the books after it", self.sound, self.verified)
        return limits.end()


def run(options: Options) -> int:
    with World() as world:
        if options.postgres:
            with BigCluster() as cluster:
                return _measure(DayEnd(options, world, cluster))
        return _measure(DayEnd(options, world, None))


def _measure(day_end: DayEnd) -> int:
    day_end.measure()
    day_end.show()
    return day_end.judge()
