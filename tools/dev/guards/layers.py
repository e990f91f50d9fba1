"""Guard: every #include under src/ and sandbox/ is one that spec/layers.tsv permits."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from ..paths import tracked
from .violation import Violation

_INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')


@dataclass
class Table:
    """spec/layers.tsv as read."""

    rooms: dict[str, set[str]] = field(default_factory=dict)
    private: dict[str, set[str]] = field(default_factory=dict)
    library: dict[str, set[str]] = field(default_factory=dict)
    system: dict[str, set[str]] = field(default_factory=dict)


def read_table(path: Path) -> Table:
    """Read the table; a line that is not understood is an error, never skipped."""
    table = Table()
    kinds = {"room": table.rooms, "private": table.private, "library": table.library,
             "system": table.system}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 4 or cells[0] not in kinds:
            raise ValueError(f"{path}:{number}: expected kind, name, may, why")
        kinds[cells[0]][cells[1]] = set() if cells[2] == "-" else set(cells[2].split())
    return table


def _room(root: Path, path: Path) -> str:
    parts = path.relative_to(root).parts
    if parts[0] == "sandbox":
        return "sandbox"
    return parts[1] if len(parts) > 2 else ""


def find(root: Path) -> list[Violation]:
    """All includes that break the table, and rooms that the table does not know."""
    table = read_table(root / "spec" / "layers.tsv")
    violations = []
    for path in tracked(root):
        parts = path.relative_to(root).parts
        if path.suffix not in (".c", ".h", ".inc") or parts[0] not in ("src", "sandbox"):
            continue
        name = str(path.relative_to(root))
        room = _room(root, path)
        if room not in table.rooms:
            violations.append(Violation(name, 0, f"room '{room}' is not in spec/layers.tsv"))
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            match = _INCLUDE.match(line)
            if match:
                why = _refusal(path, table, room, match.group(1), match.group(2))
                if why:
                    violations.append(Violation(name, number, why))
    return violations


def _refusal(path: Path, table: Table, room: str, mark: str, target: str) -> str:
    """Why this include is not allowed, or nothing."""
    if mark == "<":
        return _foreign_refusal(table, room, target)
    if "/" not in target:
        if not (path.parent / target).exists():
            return ""  # a table of the room's own that the build generates
        return f"include \"{target}\" from the root of src/, as \"room/{target}\""
    other = target.split("/")[0]
    if other == room:
        return ""
    if target in table.private:
        if room in table.private[target]:
            return ""
        return f"\"{target}\" is private: see spec/layers.tsv"
    if other in table.rooms[room] or target in table.rooms[room]:
        return ""
    return f"room '{room}' may not include \"{target}\""


def _foreign_refusal(table: Table, room: str, target: str) -> str:
    for name, rooms in table.library.items():
        if target == name or (not name.endswith(".h") and target.startswith(name)):
            return "" if room in rooms else f"room '{room}' may not include <{target}>"
    if room in table.system and target not in table.system[room]:
        return f"room '{room}' is pure and may not include <{target}>"
    return ""
