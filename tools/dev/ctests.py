"""C tests: every test that meson.build declares, run by us so that single tests are counted.

A test program speaks TAP (cmocka does, told by its environment); one that does not is judged by
its exit code. Programs in the meson suites `conformance` and `database` run again with
FENQI_TEST_DATABASE set to a fresh PostgreSQL database of their own.
"""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import build
from .context import Context
from .process import Finished, finish
from .results import Result, from_exit, from_tap

DATABASE_SUITES = {"conformance", "database"}


@dataclass(frozen=True)
class Program:
    """One `test()` of meson.build."""

    name: str
    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: Path
    timeout: float
    suites: tuple[str, ...]
    serial: bool


def declared(folder: Path) -> list[Program]:
    """The tests of a build folder, in the order of meson.build (bottom-up)."""
    out = subprocess.run(["meson", "introspect", "--tests", folder], capture_output=True,
                         check=True, text=True).stdout
    programs = []
    for test in json.loads(out):
        suites = tuple(suite.split(":")[-1] for suite in test["suite"])
        programs.append(Program(test["name"], tuple(test["cmd"]), test["env"],
                                Path(test["workdir"] or folder), max(120.0, 4.0 * test["timeout"]),
                                suites, not test["is_parallel"]))
    return programs


def run_one(program: Program, extra: dict[str, str]) -> list[Result]:
    """Run one program and read its results."""
    env = {**build.SANITIZER_ENV, "CMOCKA_MESSAGE_OUTPUT": "TAP", **program.env, **extra}
    done: Finished = finish(program.argv, cwd=program.cwd, env=env, timeout=program.timeout)
    speaks_tap = any(line.startswith(("1..", "ok ", "not ok "))
                     for line in done.output.splitlines())
    if speaks_tap or done.timed_out or done.code < 0:
        return from_tap(program.name, done.output, done.code, done.seconds, done.timed_out)
    return from_exit(program.name, done.output, done.code)


def run_all(programs: list[Program], extra_for) -> list[Result]:
    """Results of all, in their order: side by side, but serial ones alone."""
    results: dict[str, list[Result]] = {}

    def work(program: Program) -> None:
        results[program.name] = extra_for(program)

    with ThreadPoolExecutor(build.jobs()) as pool:
        list(pool.map(work, [p for p in programs if not p.serial]))
    for program in programs:
        if program.serial:
            work(program)
    return [result for program in programs for result in results[program.name]]


def run_sqlite(context: Context) -> list[Result]:
    """Every declared test, in the sanitizer build; databases are SQLite files."""
    programs = declared(context.built("asan"))
    return run_all(programs, lambda program: run_one(program, {}))


def run_postgres(context: Context) -> list[Result]:
    """The tests of the database suites, each on a fresh PostgreSQL database."""
    programs = [p for p in declared(context.built("asan")) if DATABASE_SUITES & set(p.suites)]
    if not programs:
        return []
    cluster = context.cluster()

    def on_database(program: Program) -> list[Result]:
        url = cluster.database("test")
        try:
            results = run_one(program, {"FENQI_TEST_DATABASE": url})
        finally:
            cluster.drop(url)
        for result in results:
            result.name = f"[postgres] {result.name}"
        return results

    return run_all(programs, on_database)
