"""`./dev test [NAME...]`: runs the steps, shows failures at the end, ends with one counting line.

The last line is exactly `N passed, N failed`. The exit code is not 0 when anything failed or when
nothing ran.
"""

from __future__ import annotations

import time
import traceback

from . import vectors
from .console import DevError, Stage, say
from .context import Context
from .results import Result
from .steps import STEPS, Step


def _run_step(step: Step, context: Context) -> list[Result]:
    """Results of one step; a step that breaks is one failed test, the others still run."""
    title = f"{step.name}: {step.title}"
    began = time.monotonic()
    with Stage(title) as stage:
        try:
            results = step.run(context)
        except DevError as error:
            results = [Result(step.name, False, str(error))]
        except Exception:  # noqa: BLE001 - a bug in a step must not hide the other steps
            results = [Result(step.name, False, traceback.format_exc())]
        stage.note = _counts(results)
        quick = time.monotonic() - began <= 2
        if quick and not stage.note:
            stage.note = "nothing to run"
    return results


def _counts(results: list[Result]) -> str:
    passed = sum(r.passed for r in results)
    skipped = sum(r.skipped for r in results)
    failed = len(results) - passed - skipped
    note = f"{passed} passed"
    if failed:
        note += f", {failed} FAILED"
    if skipped:
        note += f", {skipped} skipped"
    return note if results else "nothing to run"


def run(argv: list[str]) -> int:
    """The command."""
    if argv[:1] == ["vectors"] and len(argv) > 1 and argv[1].startswith("--"):
        return vectors.run_from(argv[1:])
    names = list(dict.fromkeys(step.name for step in STEPS))
    unknown = [name for name in argv if name not in names]
    if unknown:
        raise DevError(f"test: no step '{unknown[0]}'; steps: {' '.join(names)}")
    began = time.monotonic()
    results: list[Result] = []
    with Context() as context:
        for step in STEPS:
            if not argv or step.name in argv:
                results += _run_step(step, context)
    return _report(results, time.monotonic() - began)


def _report(results: list[Result], seconds: float) -> int:
    skipped = [r for r in results if r.skipped]
    failed = [r for r in results if not r.passed and not r.skipped]
    passed = len(results) - len(failed) - len(skipped)
    for result in skipped:
        say(f"skipped: {result.name}")
    for result in failed:
        say(f"\nFAILED: {result.name}")
        for line in result.output.rstrip().splitlines():
            say(f"    {line}")
    say(f"\n{seconds:.0f} s in all")
    say(f"{passed} passed, {len(failed)} failed")
    return 0 if passed and not failed else 1
