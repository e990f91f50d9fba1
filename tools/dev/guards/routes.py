"""Guard: the routes that the server registers are the routes of spec/openapi.yaml.

`fenqi routes` prints `METHOD PATH` a line, path parameters written {name} as in OpenAPI.
"""

from __future__ import annotations

import re
from pathlib import Path

from ..console import DevError
from ..process import finish
from .violation import Violation

METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def _nameless(path: str) -> str:
    """Names of parameters do not matter for what is routed."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def documented(openapi: Path) -> set[tuple[str, str]]:
    """Method and path of every operation, the server's prefix included."""
    import yaml  # not above: `./dev help` runs before it is installed
    document = yaml.safe_load(openapi.read_text("utf-8"))
    servers = document.get("servers") or [{"url": ""}]
    found = set()
    for path, item in (document.get("paths") or {}).items():
        prefix = (item.get("servers") or servers)[0]["url"].rstrip("/")
        prefix = re.sub(r"^https?://[^/]+", "", prefix)
        for method in METHODS:
            if method in item:
                found.add((method.upper(), _nameless(prefix + path)))
    return found


def registered(listing: str) -> set[tuple[str, str]]:
    """What `fenqi routes` printed."""
    found = set()
    for line in listing.splitlines():
        words = line.split()
        if len(words) >= 2 and words[0].lower() in METHODS:
            found.add((words[0], _nameless(words[1])))
    return found


def compare(openapi: Path, listing: str) -> list[Violation]:
    """Both directions."""
    in_code, in_text = registered(listing), documented(openapi)
    name = openapi.name
    violations = []
    for method, path in sorted(in_code - in_text):
        violations.append(Violation(name, 0, f"{method} {path} is served but not documented"))
    for method, path in sorted(in_text - in_code):
        violations.append(Violation(name, 0, f"{method} {path} is documented but not served"))
    if not in_code:
        violations.append(Violation(name, 0, "`fenqi routes` printed no route"))
    return violations


def find(openapi: Path, binary: Path) -> list[Violation]:
    """Ask the binary."""
    done = finish([binary, "routes"], timeout=30)
    if done.code != 0:
        raise DevError(f"fenqi routes failed\n{done.output}")
    return compare(openapi, done.output)
