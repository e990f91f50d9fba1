"""Where things are: the repository root and the folders that are made in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
VAR = ROOT / "var"
WEB = ROOT / "web"
OPENAPI = ROOT / "spec" / "openapi.yaml"


def tracked(root: Path, *patterns: str) -> list[Path]:
    """Files of the repository: tracked ones and new ones that are not ignored, sorted.

    Outside a git checkout (a planted tree of a guard's test) it is every file below root.
    """
    if (root / ".git").exists():
        out = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--",
             *patterns], cwd=root, capture_output=True, check=True).stdout.decode()
        found = {root / name for name in out.split("\0") if name}
        return sorted(path for path in found if path.is_file() and not path.is_symlink())
    found = set()
    for pattern in patterns or ("**/*",):
        found.update(path for path in root.glob(pattern) if path.is_file())
    return sorted(found)
