"""`./dev sim crash`: the world ends again and again, as often and from such a seed as one likes.

    ./dev sim crash [--rounds 200] [--seed N] [--database sqlite|postgres]
    ./dev sim crash --torn [--rounds 200] [--seed N]

Without --torn: kill −9 of server, sandbox and PostgreSQL under load (tools/dev/crash_sim.py), on
both databases unless one is named. With it: power cuts under the store on SQLite, where what was
not synced is lost or torn by sectors (tests/conformance/test_torn.c).
"""

from __future__ import annotations

import argparse
import random
import subprocess
import tempfile
from pathlib import Path

from . import build
from .console import say
from .crash_sim import simulate

ROUNDS = 200
TORN = "tests/conformance/test_conformance_torn"


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev sim", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", choices=["crash"])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--database", choices=["sqlite", "postgres"])
    parser.add_argument("--torn", action="store_true")
    return parser.parse_args(argv)


def run(argv: list[str]) -> int:
    """The command."""
    options = _options(argv)
    if options.torn:
        folder = build.c_build("plain", (TORN,))
        say(f"{options.rounds} power cuts from seed {options.seed}")
        return subprocess.run([folder / TORN, str(options.seed), str(options.rounds)],
                              check=False).returncode
    folder = build.c_build("plain", ("fenqi", "sandbox/fenqi-sandbox"))
    failed = False
    for database in [options.database] if options.database else ["sqlite", "postgres"]:
        with tempfile.TemporaryDirectory(prefix="fenqi-sim-") as place:
            result = simulate(folder, Path(place), database, options.rounds, options.seed)
        say(f"{'ok' if result.passed else 'FAILED'}  {result.name}\n{result.output}".rstrip())
        failed = failed or not result.passed
    return 1 if failed else 0
