"""Guard: the tests of a pure room link base and that room alone, read from build.ninja."""

from __future__ import annotations

import re
from pathlib import Path

from .violation import Violation

# Folder of the tests → the libraries of ours that they may link.
PERMITTED = {
    "tests/unit/base": {"libfenqi_base.a"},
    "tests/unit/engine": {"libfenqi_base.a", "libfenqi_engine.a"},
    "tests/unit/ledger": {"libfenqi_base.a", "libfenqi_ledger.a"},
}
# Foreign libraries that any of them may link.
FOREIGN = {"libcmocka.so", "libcmocka.so.0"}

_LINK = re.compile(r"^build (\S+): c_LINKER (.*)$", re.MULTILINE)


def find(build_folder: Path) -> list[Violation]:
    """Test programs that link more than they may; a folder without any program is no violation."""
    text = (build_folder / "build.ninja").read_text("utf-8").replace("$\n", "")
    violations = []
    for match in _LINK.finditer(text):
        target, inputs = match.groups()
        folder = next((f for f in PERMITTED if target.startswith(f + "/")), None)
        if folder is None:
            continue
        rest = text[match.end():text.find("\n\n", match.end())]
        flags = re.findall(r"^ LINK_ARGS = (.*)$", rest, re.MULTILINE)
        words = f"{inputs} {' '.join(flags)}".split()
        for word in words:
            name = word.rsplit("/", 1)[-1]
            if name.endswith(".a") and name not in PERMITTED[folder]:
                violations.append(Violation(target, 0, f"links {name}; only "
                                            + ", ".join(sorted(PERMITTED[folder])) + " may be"))
            elif ".so" in name and name not in FOREIGN or word.startswith("-l"):
                violations.append(Violation(target, 0, f"links {name}: no foreign library here"))
    return violations
