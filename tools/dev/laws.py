"""The laws of a contract's life on a million rolled lives and on every small one.

One in ten of the rolled lives has rare products and events too.

The release build, as many processes as there are cores; each takes its own seeds. The same program
runs on a few thousand lives under the sanitizers with the C tests.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import build
from .context import Context
from .process import finish
from .results import Result, from_tap

LIVES = 1_000_000
FIRST_SEED = 1
SHOWN = 40
TARGET = "tests/laws/run_laws"
PLAYER = "tests/cases/run_cases"


def _shown_lives_play(folder: Path, room: Path) -> Result:
    """What a broken law would print must be a case that run_cases takes."""
    cases = room / "shown.case"
    shown = [finish([folder / TARGET, "show", kind, str(seed)])
             for kind in ("random", "wide") for seed in range(1, SHOWN + 1)]
    cases.write_text("\n".join(done.output for done in shown))
    played = finish([folder / PLAYER, cases])
    good = played.code == 0 and played.output.count("\nok ") == 2 * SHOWN
    return Result(f"{2 * SHOWN} random lives are shown as cases and played", good, played.output)


def run(context: Context) -> list[Result]:
    """The step: one result for each law, kind of lives and process."""
    folder = context.built("release")
    parts = build.jobs()
    calls = []
    for kind, lives in (("random", LIVES * 9 // 10), ("wide", LIVES // 10)):
        each = -(-lives // parts)
        calls += [(kind, str(each), str(FIRST_SEED + part * each)) for part in range(parts)]
    calls += [("small", str(part), str(parts)) for part in range(parts)]

    def work(call: tuple[str, ...]) -> list[Result]:
        done = finish([folder / TARGET, *call], timeout=1800)
        return from_tap(f"laws {call[0]}", done.output, done.code, done.seconds, done.timed_out)

    with ThreadPoolExecutor(parts) as pool:
        results = [result for results in pool.map(work, calls) for result in results]
    return [*results, _shown_lives_play(folder, context.folder("laws"))]
