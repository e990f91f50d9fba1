"""Guard: every C file is as clang-format-14 would write it (`./dev fmt` does)."""

from __future__ import annotations

import re
from pathlib import Path

from ..formatting import FORMATTER, c_files
from ..process import finish
from .violation import Violation

_WARNING = re.compile(r"^(.*?):(\d+):\d+: (?:error|warning): code should be clang-formatted")


def find(root: Path) -> list[Violation]:
    """The first place of each file that is formatted otherwise."""
    files = c_files(root)
    if not files:
        return []
    done = finish([FORMATTER, "--dry-run", "-Werror", "--style=file", *files], cwd=root)
    first: dict[str, int] = {}
    for line in done.output.splitlines():
        match = _WARNING.match(line)
        if match:
            first.setdefault(match.group(1), int(match.group(2)))
    violations = [Violation(str(Path(path).relative_to(root)), line, "run ./dev fmt")
                  for path, line in first.items()]
    if done.code != 0 and not violations:
        violations.append(Violation(FORMATTER, 0, done.output.strip()))
    return violations
