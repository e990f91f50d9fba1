"""`./dev sim crash`: kill −9 under load, again and again, and nothing acknowledged is lost.

Some customers pay without a pause (tools/dev/crash_load.py). In each round, at a moment given by
the seed, server, payment sandbox or PostgreSQL (all of its processes) are killed and started again.
The database as the crash left it goes through `fenqi verify` before the server comes back. Then:
every payment that was acknowledged is there once, with its amount; the credit balance is exactly
what the acknowledged payments left; a request repeated under its key gives the same payment. At the
end every payment has come to its end, the providers' books agree, nobody finds a payment that no
customer was told of, and `fenqi verify` and `fenqi rebuild --check` find no difference.
"""

from __future__ import annotations

import contextlib
import random
import time
from collections import Counter
from pathlib import Path

from .client import Unexpected
from .console import DevError, say
from .crash_load import Customer, Unrecorded, live_for
from .postgres import Cluster
from .results import Result
from .stack import Stack
from .walk import Scene

KINDS = ("credit_balance",) * 4 + ("bank_card", "wechat_native")
SHOP_CUSTOMERS = 8
LATEST_STRIKE_S = 0.5
LEASE_S = "2"


class Simulation:
    """One stack, its customers, and what was done to it."""

    def __init__(self, stack: Stack, cluster: Cluster | None, seed: int) -> None:
        self.stack = stack
        self.cluster = cluster
        self.chance = random.Random(seed)
        scene = Scene(stack, Unrecorded(), seed)
        self.customers = [Customer(scene, kind, random.Random(seed * 100 + number))
                          for number, kind in enumerate(KINDS)]
        self.struck: Counter[str] = Counter()
        self.paid_fen = 0

    def _victims(self) -> tuple[str, ...]:
        choices = [("server",), ("server",), ("server", "sandbox"), ("sandbox",)]
        if self.cluster:
            choices = [("server",), ("postgres",), ("postgres",), ("server", "postgres"),
                       ("sandbox", "server")]
        return self.chance.choice(choices)

    def round(self, number: int) -> None:
        """One strike under load, then a look at everything."""
        victims = self._victims()
        seconds = self.chance.uniform(0.02, LATEST_STRIKE_S)
        before = [len(customer.attempts) for customer in self.customers]
        self.struck["+".join(victims)] += 1
        try:
            live_for(self.customers, seconds, lambda: self._strike(victims))
            for customer, count in zip(self.customers, before, strict=True):
                customer.repeat_open()
                customer.look(len(customer.attempts) - count + 2)
        except (Unexpected, DevError) as error:
            raise Unexpected(f"round {number} (kill {'+'.join(victims)} after "
                             f"{seconds * 1000:.0f} ms): {error}") from error

    def _strike(self, victims: tuple[str, ...]) -> None:
        for victim in self.chance.sample(victims, len(victims)):
            if victim == "postgres":
                self.cluster.kill()
            else:
                getattr(self.stack, victim).kill()
        if "postgres" in victims:
            self.cluster.start_again()
        if "server" in victims:
            self.stack.command("verify")  # the database as the crash left it
        if "sandbox" in victims:
            self.stack.start_sandbox()
        if "server" in victims:
            self.stack.start_server()

    def end(self) -> None:
        """Every account settled, on both sides."""
        self.paid_fen = sum(customer.settle_accounts() for customer in self.customers)
        complaints = self.stack.stop()
        if complaints:
            raise Unexpected("\n".join(complaints))
        self.stack.command("verify")
        self.stack.command("rebuild", "--check")

    @property
    def acknowledged(self) -> int:
        return sum(len(customer.acknowledged) for customer in self.customers)


def simulate(build: Path, folder: Path, database: str, rounds: int, seed: int) -> Result:
    """All rounds on one database, in one result."""
    began = time.monotonic()
    title = f"[{database}] {rounds} kills under load (seed {seed})"
    simulation = None
    with contextlib.ExitStack() as opened:
        cluster = opened.enter_context(Cluster()) if database == "postgres" else None
        url = cluster.database("crash") if cluster else ""
        stack = opened.enter_context(Stack(build, folder, url, serve_options=(
            "--worker-lease", LEASE_S, "--rate-scale", "0", "--quiet")))
        try:
            stack.start(SHOP_CUSTOMERS)
            simulation = Simulation(stack, cluster, seed)
            for number in range(1, rounds + 1):
                simulation.round(number)
                if number % 20 == 0:
                    say(f"  {database}: {number} of {rounds} rounds, "
                        f"{simulation.acknowledged} payments acknowledged")
            simulation.end()
        except (Unexpected, DevError) as error:
            logs = "\n".join(f"--- {child.name}\n{child.tail(15)}" for child in stack.children)
            told = "\n".join(c.tell() for c in simulation.customers) if simulation else ""
            return Result(title, False, f"{error}\n{told}\n{logs}")
    struck = ", ".join(f"{count} {what}" for what, count in sorted(simulation.struck.items()))
    return Result(f"{title}: {simulation.acknowledged} payments acknowledged, all there once, "
                  f"{simulation.paid_fen} fen paid on both sides; struck {struck}; "
                  f"{time.monotonic() - began:.0f} s", True)
