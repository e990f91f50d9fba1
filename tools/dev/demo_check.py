"""`./dev demo --check`: the demo on free ports, empty folder, walked through its seven steps.

Once on SQLite and once on the private PostgreSQL. Prints one line a step with what it checked; the
step of `./dev test` hands the same lines back as results.
"""

from __future__ import annotations

import tempfile
import time
import traceback
from contextlib import ExitStack
from pathlib import Path

from .client import Unexpected
from .conformance import Contract, Recorder
from .console import DevError, say
from .context import Context
from .paths import OPENAPI
from .postgres import Cluster
from .results import Result
from .stack import Stack
from .walk import STEPS, Scene
from .webhook_receiver import Receiver

CUSTOMERS = 20
START_WITHIN_S = 0.5
IDLE_BELOW_MB = 60


def walk(stack: Stack, database: str, hooks: Receiver) -> list[Result]:
    """All steps on a started stack; a step that fails ends the walk, as the next need it."""
    recorder = Recorder(Contract(OPENAPI))
    results: list[Result] = []
    scene = Scene(stack, recorder, hooks=hooks)
    for number, (name, step) in enumerate(STEPS, 1):
        title = f"[{database}] {number} {name}"
        began = time.monotonic()
        try:
            line = step(scene)
        except Unexpected as error:
            results.append(Result(title, False, f"{error}\n{_logs(stack)}"))
        except Exception:  # noqa: BLE001 - a dead server or a missing field is a failed step too
            results.append(Result(title, False, f"{traceback.format_exc()}\n{_logs(stack)}"))
        else:
            results.append(Result(f"{title}: {line}", True))
            say(f"  ✓ {title:32} {line}  {time.monotonic() - began:.1f} s")
            continue
        say(f"  ✗ {title:32} {results[-1].output.splitlines()[0]}")
        break
    violations = list(dict.fromkeys(recorder.violations))
    results.append(Result(f"[{database}] {sum(recorder.seen.values())} answers of "
                          f"{len(recorder.seen)} operations conform to spec/openapi.yaml",
                          not violations, "\n".join(violations[:40])))
    return results


def _logs(stack: Stack) -> str:
    return "\n".join(f"--- {child.name}\n{child.tail(12)}" for child in stack.children)


def _after(stack: Stack, database: str) -> list[Result]:
    """Start-up time and idle memory of the server, the books, and a clean end."""
    results = []
    seconds = min(_restart(stack) for _ in range(3))  # the best of three: others use the machine
    results.append(Result(f"[{database}] fenqi serve starts in {seconds:.2f} s",
                          seconds < START_WITHIN_S, f"more than {START_WITHIN_S} s"))
    time.sleep(0.5)
    memory = resident_mb(stack.server.process.pid)
    results.append(Result(f"[{database}] and idles with {memory:.0f} MB",
                          memory < IDLE_BELOW_MB, f"more than {IDLE_BELOW_MB} MB"))
    complaints = stack.stop()
    results.append(Result(f"[{database}] both end cleanly on SIGTERM", not complaints,
                          "\n".join(complaints)))
    try:
        stack.command("rebuild", "--check")
        results.append(Result(f"[{database}] fenqi rebuild --check finds no difference", True))
    except DevError as error:
        results.append(Result(f"[{database}] fenqi rebuild --check", False, str(error)))
    return results


def _restart(stack: Stack) -> float:
    """Stop the server, start it again; how long it took until it answered."""
    if stack.server:
        stack.server.stop()
    began = time.monotonic()
    stack.start_server()
    return time.monotonic() - began


def resident_mb(pid: int) -> float:
    """Resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def check(folder: Path, cluster: Cluster) -> list[Result]:
    """Both databases, one after the other, each on a folder of its own."""
    results: list[Result] = []
    for database in ("sqlite", "postgres"):
        with ExitStack() as stack:
            data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fenqi-check-")))
            url = cluster.database("check") if database == "postgres" else ""
            hooks = stack.enter_context(Receiver())
            running = stack.enter_context(Stack(folder, data, url, webhook_url=hooks.url))
            try:
                running.start(CUSTOMERS)
                results += walk(running, database, hooks)
                results += _after(running, database)
            except DevError as error:
                results.append(Result(f"[{database}] start of the demo", False, str(error)))
    return results


def run_step(context: Context) -> list[Result]:
    """As a step of ./dev test."""
    return check(context.built("plain"), context.cluster())


def run(folder: Path) -> int:
    """As ./dev demo --check."""
    with Cluster() as cluster:
        results = check(folder, cluster)
    for result in results:
        if not result.passed:
            say(f"FAILED {result.name}\n{result.output}")
    passed = all(result.passed for result in results)
    say(f"{sum(r.passed for r in results)} of {len(results)} checks passed")
    return 0 if passed and results else 1
