"""The table of test steps: what `./dev test` runs, in order.

A step is one line: the name that selects it (`./dev test c`), a title and a function that takes
the context and hands back results. Steps come bottom-up, so that the first failure is the cause.
New step: add a line; a program that speaks TAP or has an exit code needs only `program(...)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from . import (apitests, coverage, crash_test, ctests, demo_check, fault_test, fuzz, guards,
               laws, pytap, roles_test, scale_test, soak, vectors, webtests)
from .context import Context
from .results import Result


@dataclass(frozen=True)
class Step:
    """One line of the table; several steps may share a name and are then selected together."""

    name: str
    title: str
    run: Callable[[Context], list[Result]]


STEPS: tuple[Step, ...] = (
    Step("tools", "this tool's own tests, planted violations included", pytap.run_tools),
    Step("guards", "layers, symbols, tidiness, formatting, routes", guards.run),
    Step("c", "C tests (ASan, UBSan), SQLite where a database is used", ctests.run_sqlite),
    Step("vectors", "figures that others published (ASan, UBSan)", vectors.run),
    Step("laws", "laws of a contract on a million random lives and every small one", laws.run),
    Step("coverage", "every branch of engine and ledger taken, or excused on its line",
         coverage.run_step),
    Step("fuzz", "libFuzzer on engine and decoders, with planted bugs to find", fuzz.run_step),
    Step("postgres", "C tests that use a database, on PostgreSQL", ctests.run_postgres),
    Step("scale", "migrations over data and by several processes, a pooler, a replica, shards",
         scale_test.run),
    Step("web", "web unit tests and type check", webtests.run_unit),
    Step("api", "bad input and access over the whole interface, both databases", apitests.run),
    Step("demo", "the seven steps as an API client, both databases", demo_check.run_step),
    Step("crash", "kill -9 at seeded moments of a payment, both databases", crash_test.run),
    Step("roles", "six processes of unlike roles on one PostgreSQL, walked through as one",
         roles_test.run),
    Step("soak", "mixed load: nothing grows; no data race under the thread sanitizer",
         soak.run_step),
    Step("faults", "every trouble of the payment providers around one payment", fault_test.run),
    Step("e2e", "screens in Chromium, against a mock by the contract", webtests.run_e2e_mock),
    Step("e2e", "the seven steps in Chromium, against the server", webtests.run_e2e),
    Step("e2e", "the staff console in Chromium, against the server", webtests.run_e2e_console),
)
