"""`./dev bench NAME`: measurements with limits, from the release build.

Each bench is a program that measures what it compares in one run and in turn, prints medians with
quartiles, and exits with 1 when one of its limits is missed. Limits are ratios, so that they mean
the same on every machine; a busy machine makes the quartiles wide, not the ratio false.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from typing import Callable

from . import build
from .console import DevError, say
from .measure import day_end, options, read, repay
from .paths import ROOT


@dataclass(frozen=True)
class Program:
    """One measuring program: the target that meson builds, what it says, its arguments."""

    target: str
    what: str
    arguments: tuple[str, ...] = ()


BENCHES: dict[str, tuple[Program, ...]] = {
    "engine": (
        Program("bench/engine/bench_engine", "a plan and a payment against a plain double loop"),
        Program("bench/engine/bench_calc", "fenqi calc: what is not the engine",
                (str(ROOT / "docs" / "examples" / "calc.jsonl"),)),
    ),
}


# Those that load the served program; they take options of their own.
SERVED: dict[str, Callable[[list[str]], int]] = {
    "repay": lambda argv: repay.run(options.read("repay", argv, contracts=200_000)),
    "read": lambda argv: read.run(options.read("read", argv, contracts=1_000_000)),
    "day-end": lambda argv: day_end.run(options.read("day-end", argv, contracts=1_000_000)),
}


def run(argv: list[str]) -> int:
    """The command: one of SERVED with its options, or names of BENCHES (none: all of these)."""
    if argv and argv[0] in SERVED:
        return SERVED[argv[0]](argv[1:])
    unknown = [name for name in argv if name not in BENCHES]
    if unknown:
        raise DevError(f"bench: no bench '{unknown[0]}'; there are: "
                       + " ".join([*BENCHES, *SERVED]))
    missed = False
    for name in argv or list(BENCHES):
        targets = tuple(program.target for program in BENCHES[name])
        folder = build.c_build("release", targets)
        for program in BENCHES[name]:
            say(f"\nbench {name}: {program.what}\n")
            argv_of = [folder / program.target, *program.arguments]
            missed = subprocess.run(argv_of, check=False).returncode != 0 or missed
    return 1 if missed else 0
