"""`./dev fuzz [NAME...] [--seconds N]`: libFuzzer under ASan and UBSan, canary first.

Every target of tests/fuzz is built twice: as it is, and with a planted bug (the canary) that the
fuzzer must find within a bounded number of runs, because a fuzzer that cannot fail proves nothing.
What the fuzzer has learnt stays in .cache/fuzz/NAME; what it finds is kept in
.cache/fuzz/NAME-found and belongs, once mended, into tests/fuzz/corpus/NAME, where every test run
plays it again.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from . import build
from .console import DevError, say
from .context import Context
from .paths import CACHE, ROOT
from .process import Finished, finish
from .results import Result

CORPUS = ROOT / "tests" / "fuzz" / "corpus"
EXAMPLES = ROOT / "docs" / "examples" / "calc.jsonl"
SECONDS = 60.0
SEED = 20261122
# Sanitizers stop at the first finding; leaks are for the tests to find.
ENV = {**build.SANITIZER_ENV, "ASAN_OPTIONS": "abort_on_error=1:detect_leaks=0"}


@dataclass(frozen=True)
class Target:
    """One fuzz target: how many runs a test gives it, and the canary at most."""

    name: str
    what: str
    test_runs: int
    canary_runs: int
    longest: int  # bytes of an input


TARGETS: dict[str, Target] = {target.name: target for target in (
    Target("engine", "terms and events that bytes choose, every law held", 2_000, 40_000, 1024),
    Target("decode", "the decoders of terms, events and states", 200_000, 200_000, 4096),
    Target("calc", "documents of fenqi calc", 5_000, 40_000, 4096),
)}


def _folder() -> Path:
    """The fuzz build with all targets, their canaries and the writer of seeds."""
    programs = [f"tests/fuzz/fuzz_{name}{kind}" for name in TARGETS for kind in ("", "_canary")]
    return build.c_build("fuzz", (*programs, "tests/fuzz/write_seeds")) / "tests" / "fuzz"


def _fuzz(folder: Path, program: str, target: Target, corpus: list[Path], found: Path,
          *options: str, timeout: float) -> Finished:
    found.mkdir(parents=True, exist_ok=True)
    argv = [folder / program, f"-seed={SEED}", f"-max_len={target.longest}",
            f"-artifact_prefix={found}/", "-timeout=20", "-print_final_stats=1", *options, *corpus]
    return finish(argv, env=ENV, timeout=timeout)


def _seeds(folder: Path, target: Target, room: Path) -> Path:
    """A folder with what the fuzzer begins with."""
    room.mkdir(parents=True, exist_ok=True)
    if target.name == "calc":
        for number, line in enumerate(EXAMPLES.read_bytes().splitlines()):
            (room / f"example{number}").write_bytes(line)
        return room
    done = finish([folder / "write_seeds", target.name, room])
    if done.code != 0:
        raise DevError(f"write_seeds {target.name}: {done.output}")
    return room


def _canary_dies(folder: Path, target: Target, room: Path) -> Result:
    """The planted bug must be found, and by what is meant to find it."""
    seeds = _seeds(folder, target, room / f"{target.name}-canary")
    done = _fuzz(folder, f"fuzz_{target.name}_canary", target, [seeds],
                 room / f"{target.name}-canary-found", f"-runs={target.canary_runs}", timeout=600)
    found = done.code != 0 and not done.timed_out and \
        ("law broken" in done.output or "AddressSanitizer" in done.output)
    return Result(f"fuzz {target.name}: the planted bug is found within "
                  f"{target.canary_runs} runs", found, done.output[-4000:])


def _clean(folder: Path, target: Target, corpus: list[Path], found: Path, *options: str,
           timeout: float) -> Finished:
    kept = CORPUS / target.name
    return _fuzz(folder, f"fuzz_{target.name}", target,
                 corpus + ([kept] if kept.is_dir() else []), found, *options, timeout=timeout)


def run_step(context: Context) -> list[Result]:
    """The test step: canaries, then a fixed number of runs of every target."""
    folder = _folder()
    room = context.folder("fuzz")
    results = []
    for target in TARGETS.values():
        results.append(_canary_dies(folder, target, room))
        seeds = _seeds(folder, target, room / target.name)
        done = _clean(folder, target, [seeds], room / f"{target.name}-found",
                      f"-runs={target.test_runs}", timeout=900)
        results.append(Result(f"fuzz {target.name}: {target.what}, {target.test_runs} runs",
                              done.code == 0, done.output[-6000:]))
    return results


def _asked(argv: list[str]) -> tuple[list[Target], float]:
    names, seconds, words = [], SECONDS, list(argv)
    while words:
        word = words.pop(0)
        if word == "--seconds" and words:
            seconds = float(words.pop(0))
        elif word in TARGETS:
            names.append(word)
        else:
            raise DevError(f"fuzz: no target '{word}'; there are: {' '.join(TARGETS)}")
    return [TARGETS[name] for name in names or TARGETS], seconds


def run(argv: list[str]) -> int:
    """The command."""
    targets, seconds = _asked(argv)
    folder = _folder()
    bad = False
    for target in targets:
        canary_room = CACHE / "fuzz" / "canary"
        shutil.rmtree(canary_room, ignore_errors=True)
        canary = _canary_dies(folder, target, canary_room)
        say(f"{'ok    ' if canary.passed else 'FAILED'} {canary.name}")
        learnt = _seeds(folder, target, CACHE / "fuzz" / target.name)
        found = CACHE / "fuzz" / f"{target.name}-found"
        say(f"       fuzz {target.name} for {seconds:.0f} s …")
        done = _clean(folder, target, [learnt], found, f"-max_total_time={seconds:.0f}",
                      timeout=seconds + 300)
        say(f"{'ok    ' if done.code == 0 else 'FAILED'} fuzz {target.name}: {target.what}")
        say("\n".join(f"       {line}" for line in done.output.splitlines()[-12:]
                      if done.code == 0 and line.startswith("stat::")))
        if done.code != 0:
            say(done.output[-6000:])
            say(f"       the input is in {found.relative_to(ROOT)}/")
        bad = bad or not canary.passed or done.code != 0
    return 1 if bad else 0
