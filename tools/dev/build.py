"""`./dev build`: Meson behind it, one folder per kind of build, the web workspace before it.

Kinds: plain (build/), clang, asan (gcc with address and undefined-behaviour sanitizers: what the
tests run), tsan, release (what the symbol guard and the benchmarks read), fuzz (targets of
tests/fuzz alone; `./dev fuzz` asks for them by name), coverage (`./dev coverage`).
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from . import node
from .console import DevError, Stage, say
from .paths import CACHE, ROOT, WEB, tracked
from .process import finish, must


@dataclass(frozen=True)
class Kind:
    """One build folder and the Meson settings that make it."""

    name: str
    folder: str
    title: str
    options: tuple[str, ...]
    env: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return ROOT / self.folder


KINDS = {kind.name: kind for kind in (
    Kind("plain", "build", "gcc", ("--buildtype=debugoptimized",)),
    Kind("clang", "build-clang", "clang", ("--buildtype=debugoptimized",), {"CC": "clang"}),
    Kind("asan", "build-asan", "gcc, address and undefined-behaviour sanitizers",
         ("--buildtype=debug", "--optimization=1", "-Db_sanitize=address,undefined",
          "-Db_lundef=false")),
    Kind("tsan", "build-tsan", "clang, thread sanitizer",
         ("--buildtype=debug", "--optimization=1", "-Db_sanitize=thread", "-Db_lundef=false"),
         {"CC": "clang"}),
    Kind("release", "build-release", "gcc, release", ("--buildtype=release",)),
    Kind("coverage", "build-coverage", "gcc, branches counted",
         ("--buildtype=debug", "-Db_coverage=true")),
    Kind("fuzz", "build-fuzz", "clang, fuzzer's coverage, both sanitizers",
         ("--buildtype=debug", "--optimization=2", "-Db_sanitize=address,undefined",
          "-Db_lundef=false", "-Dfuzz=true", "-Dc_args=-fsanitize=fuzzer-no-link"),
         {"CC": "clang"}),
)}

# Sanitizers stop at the first finding, with a stack that names our functions.
SANITIZER_ENV = {
    "ASAN_OPTIONS": "abort_on_error=0:halt_on_error=1:detect_stack_use_after_return=1"
                    ":strict_string_checks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


def jobs() -> int:
    """Compiler processes at once: one a core."""
    return os.cpu_count() or 2


def c_build(kind_name: str, targets: tuple[str, ...] = ()) -> Path:
    """Set up (once) and compile one kind; hands back its folder."""
    kind = KINDS[kind_name]
    if not (ROOT / "meson.build").exists():
        raise DevError("there is no meson.build here")
    wanted = " ".join(kind.options)
    stamp = kind.path / "fenqi-options"
    if not (kind.path / "build.ninja").exists() or _read(stamp) != wanted:
        argv = ["meson", "setup", kind.path, ROOT, *kind.options, "--werror"]
        if (kind.path / "meson-private" / "coredata.dat").exists():
            argv.append("--wipe")
        must(f"configure {kind.folder} ({kind.title})", argv, env=kind.env)
        stamp.write_text(wanted)
    with Stage(f"compile {kind.folder} ({kind.title})"):
        done = finish(["ninja", "-C", kind.path, "-j", str(jobs()), *targets], timeout=3600)
        if done.code != 0:
            raise DevError(f"{kind.folder} does not compile\n{_only_errors(done.output)}")
    return kind.path


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _only_errors(output: str) -> str:
    """Ninja's output without the lines of what succeeded."""
    lines = [line for line in output.splitlines() if not line.startswith("[")]
    return "\n".join(lines[-80:])


# ---- web ---------------------------------------------------------------------------------------

def _hash(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _stamped(name: str, value: str) -> bool:
    return _read(CACHE / name) == value


def _stamp(name: str, value: str) -> None:
    CACHE.mkdir(exist_ok=True)
    (CACHE / name).write_text(value)


def web_install() -> None:
    """`npm ci` when the lock file changed since the last time."""
    lock = WEB / "package-lock.json"
    value = _hash([lock]) + node.NODE_VERSION
    if _stamped("web-installed", value) and (WEB / "node_modules").is_dir():
        return
    must("install web packages (npm ci)", ["npm", "ci", "--ignore-scripts", "--no-audit",
         "--no-fund"], cwd=WEB, env=node.environment())
    _stamp("web-installed", value)


def web_build(force: bool = False) -> None:
    """Build both web apps when their sources changed since the last time."""
    if not (WEB / "package-lock.json").exists():
        return
    sources = tracked(ROOT, "web", "spec/openapi.yaml", "spec/problems.tsv")
    sources = [path for path in sources if "/e2e/" not in str(path)]
    value = _hash(sources)
    if not force and _stamped("web-built", value) and web_outputs():
        return
    web_install()
    scripts = json.loads((WEB / "package.json").read_text()).get("scripts", {})
    if "build" not in scripts:
        return
    must("build web apps", ["npm", "run", "--silent", "build"], cwd=WEB, env=node.environment())
    _stamp("web-built", value)


def web_outputs() -> list[Path]:
    """The built apps' entry pages."""
    return [path for path in (WEB / "customer/dist/index.html", WEB / "console/dist/index.html")
            if path.exists()]


def run(argv: list[str]) -> int:
    """The command: `./dev build [--clang|--asan|--tsan|--release] [--all]`."""
    asked = [word.removeprefix("--") for word in argv]
    unknown = [word for word in asked if word not in KINDS and word != "all"]
    if unknown:
        raise DevError(f"build: unknown option --{unknown[0]}; known: --all "
                       + " ".join(f"--{name}" for name in KINDS))
    names = list(KINDS) if "all" in asked else asked or ["plain"]
    web_build()
    for name in names:
        folder = c_build(name)
        say(f"built {folder.relative_to(ROOT)}/")
    return 0
