"""The table of ./dev commands; `./dev help` prints it. What does not exist is not listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from . import (bench, build, coverage, demo, formatting, fuzz, guards, released, sim, soak,
               testing)


@dataclass(frozen=True)
class Command:
    """One word after ./dev."""

    arguments: str
    what: str
    run: Callable[[list[str]], int]


COMMANDS: dict[str, Command] = {
    "demo": Command("[--port N] [--data DIR] [--database URL] [--customers N] [--check]",
                    "build, load the demo shop, run server and payment sandbox (or check it all)",
                    demo.run),
    "build": Command("[--clang|--asan|--tsan|--release|--all]", "compile server, sandbox and web",
                     build.run),
    "test": Command("[NAME...] | vectors --from DIR",
                    "run every test, the named steps, or the published figures in a folder",
                    testing.run),
    "bench": Command("[engine] | repay|read|day-end [--database postgres] [--contracts N] "
                     "[--seconds S] [--quick]",
                     "measure, as ratios with limits; fails when one is missed", bench.run),
    "fuzz": Command("[engine|decode|calc...] [--seconds N]",
                    "let the fuzzer look for what breaks a law; first for a planted bug", fuzz.run),
    "sim": Command("crash [--rounds N] [--seed N] [--database sqlite|postgres] [--torn]",
                   "kill -9 under load, or power cuts that tear what was not synced", sim.run),
    "soak": Command("[--minutes N] [--database sqlite|postgres] [--tsan]",
                    "mixed load for so long, with memory and descriptors level", soak.run),
    "coverage": Command("", "which branches of engine and ledger no test takes and no line excuses",
                        coverage.run),
    "check": Command("", "only the guards: layers, symbols, tidiness, formatting, routes",
                     guards.command),
    "released": Command("VERSION", "keep what a release leaves in a database, to migrate from",
                        released.command),
    "fmt": Command("", "format the C sources", formatting.run),
}


def usage() -> str:
    """The text of ./dev help."""
    lines = ["./dev COMMAND", ""]
    for name, command in COMMANDS.items():
        lines.append(f"  {name:8} {command.what}")
        if command.arguments:
            lines.append(f"           {command.arguments}")
    lines.append("  help     this text")
    lines += ["", "Test steps: " + " ".join(dict.fromkeys(s.name for s in testing.STEPS))]
    return "\n".join(lines)
