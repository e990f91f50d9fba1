"""Figures that other people published: the step `vectors` and the converters to our text format.

    ./dev test vectors              runs tests/vectors/figures/*.txt
    ./dev test vectors --from DIR   converts every .json and .jsonl in DIR that a converter knows,
                                    and runs these and DIR's .txt files
    PYTHONPATH=tools python3 -m dev.vectors --write DIR [NAME...]
                                    writes tests/vectors/figures anew from DIR (or only NAMEs)

A converter is a module here: FILE (the name of the published file), KIND (the kind in
tests/vectors/run that runs it), convert(data) → lines of cases; data is the parsed JSON, or a list
of the parsed lines of a .jsonl. What it may also have: SOURCES (lines for the head); NEEDS, names
of other files beside it, whose parsed content is handed over as further arguments (None when
absent); split(lines) → pairs of a name and its lines, to write several files; SUFFIX, which sets
its figures apart where several converters read the same file; NAME, what the figures are called
when the published file's own name says nothing.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Iterable

from .. import build
from ..console import DevError, say
from ..context import Context
from ..paths import ROOT
from ..process import finish
from ..results import Result, from_tap

FIGURES = ROOT / "tests" / "vectors" / "figures"
PROGRAM = "tests/vectors/run/run_vectors"


def converters() -> dict[str, list[ModuleType]]:
    """Every converter by the name of the file that it reads."""
    found: dict[str, list[ModuleType]] = {}
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            loaded = importlib.import_module(f"{__name__}.{module.name}")
            if hasattr(loaded, "FILE"):
                found.setdefault(loaded.FILE, []).append(loaded)
    return found


def parsed(path: Path):
    """The content of a .json file, or the list of the lines' contents of a .jsonl one."""
    text = path.read_text("utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return json.loads(text)


def _known(name: str) -> list[ModuleType]:
    """The converters of a file: by its name, or by a name that begins or ends with it."""
    known = converters()
    stem = Path(name).stem
    if name in known:
        return known[name]
    for file, modules in known.items():
        wanted = Path(file).stem
        if Path(file).suffix == Path(name).suffix and (
                stem.startswith(wanted) or stem.endswith(wanted)):
            return modules
    return []


@dataclass(frozen=True)
class Converted:
    """One file of figures in our format."""

    name: str
    text: str


def _head(module: ModuleType) -> list[str]:
    return [f"kind {module.KIND}", *(f"source {s}" for s in getattr(module, "SOURCES", ()))]


def _converted_by(module: ModuleType, path: Path) -> list[Converted]:
    others = []
    for need in getattr(module, "NEEDS", ()):
        beside = path.parent / need
        others.append(parsed(beside) if beside.exists() else None)
    lines = module.convert(parsed(path), *others)
    stem = Path(module.FILE).stem
    name = path.stem.replace(stem, getattr(module, "NAME", stem)) + getattr(module, "SUFFIX", "")
    parts: Iterable[tuple[str, Iterable[str]]] = [(name, lines)]
    if hasattr(module, "split"):
        parts = module.split(lines)
    return [Converted(name + ".txt", "\n".join([*_head(module), "", *part]).rstrip() + "\n")
            for name, part in parts]


def converted(path: Path) -> list[Converted]:
    """What a published file becomes: nothing when no converter knows it."""
    return [one for module in _known(path.name) for one in _converted_by(module, path)]


def is_part(name: str) -> bool:
    """Whether a file is only read beside another one (a NEEDS)."""
    return any(name in getattr(module, "NEEDS", ())
               for modules in converters().values() for module in modules)


def convert_folder(folder: Path, into: Path) -> tuple[list[Path], list[str]]:
    """Convert what is known; the files to run and the names that nobody knows."""
    files, unknown = [], []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".txt":
            files.append(path)
        elif path.suffix in (".json", ".jsonl"):
            made = converted(path)
            if not made:
                if not is_part(path.name):
                    unknown.append(path.name)
                continue
            for one in made:
                (into / one.name).write_text(one.text, "utf-8")
                files.append(into / one.name)
    return files, unknown


def write(folder: Path, names: list[str]) -> None:
    """Write the committed figures from a folder of published files."""
    FIGURES.mkdir(exist_ok=True)
    for path in sorted(folder.iterdir()):
        if path.suffix not in (".json", ".jsonl") or (names and path.stem not in names):
            continue
        for one in converted(path):
            (FIGURES / one.name).write_text(one.text, "utf-8")
            say(f"wrote tests/vectors/figures/{one.name}")


def _run(files: list[Path]) -> list[Result]:
    program = build.c_build("asan", (PROGRAM,)) / PROGRAM
    done = finish([program, "--tap", *files], env=build.SANITIZER_ENV, timeout=1800)
    for line in done.output.splitlines():
        if not line.startswith(("1..", "ok ", "not ok ")):
            say(line)
    return from_tap("vectors", done.output, done.code, done.seconds, done.timed_out)


def run(_context: Context) -> list[Result]:
    """The step: the committed figures."""
    return _run(sorted(FIGURES.glob("*.txt")))


def run_from(argv: list[str]) -> int:
    """`./dev test vectors --from DIR`."""
    if len(argv) != 2 or argv[0] != "--from" or not Path(argv[1]).is_dir():
        raise DevError("test vectors: the only option is --from DIR")
    with tempfile.TemporaryDirectory(prefix="fenqi-vectors-") as into:
        files, unknown = convert_folder(Path(argv[1]), Path(into))
        results = _run(files) if files else []
    for name in unknown:
        say(f"not known, left out: {name}")
    failed = sum(not result.passed for result in results)
    say(f"{len(results) - failed} passed, {failed} failed")
    return 0 if results and not failed else 1
