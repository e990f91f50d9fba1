"""Guard: `nm` over the release libraries of the pure rooms.

Integer code needs mem* and the compiler's 128-bit division. A symbol beyond that (a clock, an
allocator, a print) means that a pure room asks somebody; spec/symbols.tsv lists what is allowed
and why. base may list more than engine and ledger, which allocate nothing.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from .violation import Violation

# Room → rooms whose symbols it may use.
PURE = {"base": (), "engine": ("base",), "ledger": ("base",)}


def allowed(table: Path) -> dict[str, set[str]]:
    """Room → symbols, from spec/symbols.tsv."""
    rooms: dict[str, set[str]] = {room: set() for room in PURE}
    for number, line in enumerate(table.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != 3 or not cells[2].strip():
            raise ValueError(f"{table}:{number}: expected symbol, rooms, why")
        for room in cells[1].split():
            rooms[room].add(cells[0])
    return rooms


def _nm(library: Path, option: str) -> set[str]:
    out = subprocess.run(["nm", option, "--format=posix", library], capture_output=True,
                         text=True, check=True).stdout
    return {line.split()[0] for line in out.splitlines() if line and not line.endswith(":")}


def library_of(build_folder: Path, room: str) -> Path:
    """Where meson puts a room's static library."""
    return build_folder / "src" / room / f"libfenqi_{room}.a"


def undefined(library: Path) -> set[str]:
    """Symbols that a library takes from elsewhere."""
    return _nm(library, "--undefined-only") - _nm(library, "--defined-only")


def find(root: Path, build_folder: Path) -> list[Violation]:
    """Symbols that nobody allowed; a room without a library yet is skipped."""
    table = allowed(root / "spec" / "symbols.tsv")
    violations = []
    for room, others in PURE.items():
        library = library_of(build_folder, room)
        if not library.exists():
            if (root / "src" / room / "meson.build").exists():
                violations.append(Violation(f"src/{room}", 0, f"no {library.name} was built"))
            continue
        offered: set[str] = set()
        for other in others:
            if library_of(build_folder, other).exists():
                offered |= _nm(library_of(build_folder, other), "--defined-only")
        for symbol in sorted(undefined(library) - offered - table[room]):
            violations.append(Violation(f"src/{room}", 0, f"{library.name} needs '{symbol}', "
                                        "which spec/symbols.tsv does not list"))
    return violations
