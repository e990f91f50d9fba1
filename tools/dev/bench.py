"""`./dev bench NAME`: measurements with limits, from the release build.

Each bench is a program that measures what it compares in one run and in turn, prints medians with
quartiles, and exits with 1 when one of its limits is missed. Limits are ratios, so that they mean
the same on every machine; a busy machine makes the quartiles wide, not the ratio false.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from . import build
from .console import DevError, say


@dataclass(frozen=True)
class Bench:
    """One bench: the target that meson builds and what it says."""

    target: str
    what: str


BENCHES: dict[str, Bench] = {
    "engine": Bench("bench/engine/bench_engine",
                    "a plan and a payment against a plain double loop"),
}


def run(argv: list[str]) -> int:
    """The command."""
    unknown = [name for name in argv if name not in BENCHES]
    if unknown:
        raise DevError(f"bench: no bench '{unknown[0]}'; there are: {' '.join(BENCHES)}")
    missed = False
    for name in argv or list(BENCHES):
        bench = BENCHES[name]
        folder = build.c_build("release", (bench.target,))
        say(f"bench {name}: {bench.what}\n")
        missed = subprocess.run([folder / bench.target], check=False).returncode != 0 or missed
    return 1 if missed else 0
