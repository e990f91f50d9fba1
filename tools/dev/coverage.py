"""`./dev coverage`: which branches of engine and ledger the tests take, from gcov.

Every branch is taken, or the line says why not:
    /* uncovered: ... */   on the line of the branch
Two kinds of branches need no such comment, because only a bug of ours could take them: the failing
side of check(), and the side of a switch over our own enum that no member leads to (there is no
`default:`; a guard and the compiler see to that). Functions that no test calls are told too. The
tests are those of the pure rooms: units, text cases, figures, laws, model.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from . import build, ctests
from .console import DevError, Stage, say
from .context import Context
from .paths import ROOT
from .process import finish
from .results import Result

ROOMS = ("engine", "ledger")
SUITES = {"cases", "vectors", "laws", "model"}
UNITS = ("engine_", "ledger", "books")
EXCUSE = re.compile(r"/\* uncovered: \S.*\*/")


@dataclass
class Source:
    """What gcov says of one file: line → how often each branch was taken; function → calls."""

    path: Path
    branches: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    calls: dict[tuple[str, int], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Gap:
    """A branch or function that no test takes and no comment excuses."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def _programs(folder: Path) -> list[ctests.Program]:
    return [program for program in ctests.declared(folder)
            if SUITES & set(program.suites) or program.name.startswith(UNITS)]


def _targets(folder: Path, programs: list[ctests.Program]) -> tuple[str, ...]:
    """What has to be built for them: every argument that lies in the build folder."""
    arguments = {Path(os.path.normpath(folder / argument)) for program in programs
                 for argument in program.argv if "/" in argument}
    return tuple(sorted(str(path.relative_to(folder)) for path in arguments
                        if path.is_relative_to(folder)))


def _counted_run() -> tuple[Path, list[Result]]:
    """Build with counters, run the tests of the pure rooms; the folder and what failed."""
    libraries = tuple(f"src/{room}/libfenqi_{room}.a" for room in ROOMS)
    folder = build.c_build("coverage", libraries)
    programs = _programs(folder)
    vectors, laws = "tests/vectors/run/run_vectors", "tests/laws/run_laws"
    build.c_build("coverage", (*_targets(folder, programs), vectors))
    for counters in folder.rglob("*.gcda"):
        counters.unlink()
    with Stage("run the tests of the pure rooms"):
        results = ctests.run_all(programs, lambda program: ctests.run_one(program, {}))
        figures = sorted((ROOT / "tests" / "vectors" / "figures").glob("*.txt"))
        finish([folder / vectors, *figures], timeout=600)
        finish([folder / laws, "wide", "4000", "100001"], timeout=600)
    return folder, [result for result in results if not result.passed]


def _gcov(counters: Path) -> dict:
    done = subprocess.run(["gcov", "--json-format", "--branch-probabilities", "--stdout",
                           counters.name],
                          cwd=counters.parent, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def measured(folder: Path) -> list[Source]:
    """The files of engine and ledger with what was taken of them, all objects together."""
    sources: dict[Path, Source] = {}
    for room in ROOMS:
        for notes in sorted((folder / "src" / room).rglob("*.gcno")):
            data = _gcov(notes)
            for file in data["files"]:
                path = (Path(data["current_working_directory"]) / file["file"]).resolve()
                if path.is_relative_to(ROOT / "src" / room):
                    _add(sources.setdefault(path, Source(path)), file)
    return [sources[path] for path in sorted(sources)]


def _add(source: Source, file: dict) -> None:
    for line in file["lines"]:
        taken = [branch["count"] for branch in line["branches"]]
        known = source.branches[line["line_number"]]
        for place, count in enumerate(taken):
            if place < len(known):
                known[place] += count
            else:
                known.append(count)
    for function in file["functions"]:
        key = (function["demangled_name"], function["start_line"])
        source.calls[key] = source.calls.get(key, 0) + function["execution_count"]


def check_lines(text: list[str]) -> set[int]:
    """Lines (from 1) that belong to a call of check()."""
    lines, depth = set(), 0
    for number, line in enumerate(text, 1):
        code = line
        if depth == 0:
            begin = re.search(r"\bcheck\(", line)
            if begin is None:
                continue
            code = line[begin.end() - 1:]
        lines.add(number)
        depth += code.count("(") - code.count(")")
    return lines


def gaps(source: Source, text: list[str], name: str) -> list[Gap]:
    """What is not taken and not excused."""
    checks = check_lines(text)
    found = []
    for number, counts in sorted(source.branches.items()):
        line = text[number - 1]
        missed = counts.count(0)
        if re.search(r"\bswitch \(", line):
            missed -= 1  # the side for no member
        if missed <= 0 or number in checks or EXCUSE.search(line):
            continue
        found.append(Gap(f"{name}:{number}", f"{missed} of {len(counts)} branches not taken: "
                                             f"{line.strip()}"))
    for (function, number), count in source.calls.items():
        if count == 0 and not EXCUSE.search(text[number - 1]):
            found.append(Gap(f"{name}:{number}", f"{function}() is not called"))
    return found


def _survey() -> tuple[list[str], list[Gap], list[Result]]:
    folder, failed = _counted_run()
    table, missing = [], []
    for source in measured(folder):
        name = str(source.path.relative_to(ROOT))
        text = source.path.read_text("utf-8").splitlines()
        counts = [count for line in source.branches.values() for count in line]
        taken = sum(count > 0 for count in counts)
        of_file = gaps(source, text, name)
        table.append(f"{name:34} {taken:5} of {len(counts):5} branches taken, "
                     f"{len(of_file)} lines without an excuse")
        missing += of_file
    if not table:
        raise DevError("gcov has nothing to tell")
    return table, missing, failed


def run(_argv: list[str]) -> int:
    """The command."""
    table, missing, failed = _survey()
    for line in [*table, "", *map(str, missing), *(f"FAILED {one.name}" for one in failed)]:
        say(line)
    say(f"\n{len(missing)} lines of engine and ledger have branches neither taken nor excused")
    return 1 if missing or failed else 0


def run_step(_context: Context) -> list[Result]:
    """The test step: one result."""
    _, missing, failed = _survey()
    return [Result("every branch of engine and ledger is taken or says why not",
                   not missing and not failed,
                   "\n".join([*map(str, missing), *(one.name for one in failed)]))]
