"""Black-box tests of the HTTP interface: unittest files under tests/api, on a served database.

The step starts server and sandbox once a database and runs every test_*.py on it; what the tests
ask goes through one conformance recorder. After them stand two results of their own: that every
answer conformed to spec/openapi.yaml, and that every operation in it was asked at least once.
"""

from __future__ import annotations

import os
import unittest
from pathlib import Path

from . import build, pytap
from .conformance import Contract, Recorder
from .context import Context
from .paths import OPENAPI, ROOT
from .results import Result
from .stack import Stack
from .walk import Scene

TESTS = ROOT / "tests" / "api"
CUSTOMERS = 8


class Served:
    """What the running step lends to the tests: set before they are loaded."""

    stack: Stack
    recorder: Recorder
    database: str


class ApiTest(unittest.TestCase):
    """A test of the interface. `self.scene` has the customers' moves, a fresh one for each test."""

    def setUp(self) -> None:
        self.scene = Scene(Served.stack, Served.recorder, seed=int.from_bytes(os.urandom(6), "big"))


def _run_on(context: Context, database: str) -> list[Result]:
    folder: Path = context.folder(f"api-{database}")
    url = context.cluster().database("api") if database == "postgres" else ""
    recorder = Recorder(Contract(OPENAPI))
    with Stack(context.built("asan"), folder, url, env=build.SANITIZER_ENV) as stack:
        stack.start(CUSTOMERS)
        Served.stack, Served.recorder, Served.database = stack, recorder, database
        results = pytap.collect(TESTS)
        complaints = stack.stop()
    violations = list(dict.fromkeys(recorder.violations))
    results.append(Result("every answer conforms to spec/openapi.yaml", not violations,
                          "\n".join(violations[:60])))
    results.append(Result("server and sandbox end cleanly, without a sanitizer's finding",
                          not complaints, "\n".join(complaints)))
    for result in results:
        result.name = f"[{database}] {result.name}"
    Served.recorder = recorder
    return results


def run(context: Context) -> list[Result]:
    """The step: both databases."""
    if not any(TESTS.glob("test_*.py")):
        return []
    results = _run_on(context, "sqlite")
    seen = set(Served.recorder.seen)
    results += _run_on(context, "postgres")
    seen |= set(Served.recorder.seen)
    unseen = sorted(Served.recorder.contract.operations() - seen)
    results.append(Result("every operation of spec/openapi.yaml is asked by a test", not unseen,
                          "\n".join(unseen)))
    return results
