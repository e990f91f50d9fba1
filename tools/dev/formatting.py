"""`./dev fmt`: clang-format-14 over the C sources; the same list is checked by the guard."""

from __future__ import annotations

from pathlib import Path

from .console import DevError, say
from .paths import ROOT, tracked
from .process import finish

FORMATTER = "clang-format-14"


def c_files(root: Path) -> list[Path]:
    """Every C file that we write ourselves."""
    return [path for path in tracked(root) if path.suffix in (".c", ".h")
            and path.relative_to(root).parts[0] in ("src", "tests", "sandbox", "bench")]


def run(_argv: list[str]) -> int:
    """The command."""
    files = c_files(ROOT)
    if files:
        done = finish([FORMATTER, "-i", *files], cwd=ROOT)
        if done.code != 0:
            raise DevError(done.output)
    say(f"formatted {len(files)} files")
    return 0
