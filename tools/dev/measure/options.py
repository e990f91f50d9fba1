"""Options of the measurements: `--database postgres`, `--contracts N`, `--quick` …"""

from __future__ import annotations

import argparse
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What a run is made with; `quick` shows in seconds that everything works, no more."""

    postgres: bool
    contracts: int
    rounds: int
    milliseconds: int
    warmup: int
    pgbench_scale: int
    pgbench_seconds: int
    pay_day: bool
    quick: bool


def read(name: str, argv: list[str], contracts: int) -> Options:
    """Options of `./dev bench NAME`; `contracts` is the issue's size."""
    parser = argparse.ArgumentParser(prog=f"./dev bench {name}")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--contracts", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float, help="of each measurement in a round")
    parser.add_argument("--pay-day", action="store_true", help="40 %% due on one day")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does it work?")
    words = parser.parse_args(argv)
    quick = words.quick
    seconds = words.seconds or (0.4 if quick else 3)
    return Options(
        postgres=words.database == "postgres",
        contracts=words.contracts or (1000 if quick else contracts),
        rounds=words.rounds or (1 if quick else 3),
        milliseconds=int(seconds * 1000),
        warmup=100 if quick else 500,
        pgbench_scale=1 if quick else 50,
        pgbench_seconds=1 if quick else max(2, int(seconds)),
        pay_day=words.pay_day,
        quick=quick,
    )
