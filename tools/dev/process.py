"""Running other programs: in the foreground with a log, and as children that are watched."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

from .console import DevError, Stage


@dataclass
class Finished:
    """How a program ended; output is stdout and stderr in the order written."""

    code: int
    output: str
    seconds: float
    timed_out: bool = False


def finish(argv: Sequence[str | Path], *, cwd: Path | None = None,
           env: Mapping[str, str] | None = None, timeout: float = 600) -> Finished:
    """Run to the end and hand back code and output. On timeout the whole group is killed."""
    began = time.monotonic()
    child = subprocess.Popen([str(a) for a in argv], cwd=cwd, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             env={**os.environ, **(env or {})}, start_new_session=True)
    timed_out = False
    try:
        out, _ = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        timed_out = True
        kill_group(child)
        out, _ = child.communicate()
    except BaseException:
        kill_group(child)
        child.wait()
        raise
    return Finished(child.returncode, out.decode("utf-8", "replace"),
                    time.monotonic() - began, timed_out)


def kill_group(child: subprocess.Popen) -> None:
    """Kill a child that leads its own process group, with everything that it started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def must(title: str, argv: Sequence[str | Path], *, cwd: Path | None = None,
         env: Mapping[str, str] | None = None, timeout: float = 1800) -> str:
    """Run as a stage of its own; on failure show the output and stop ./dev."""
    with Stage(title):
        done = finish(argv, cwd=cwd, env=env, timeout=timeout)
        if done.code != 0:
            why = "did not end in time" if done.timed_out else f"exit code {done.code}"
            command = " ".join(str(a) for a in argv)
            raise DevError(f"{title}: {why}\n$ {command}\n{done.output.rstrip()}")
    return done.output


class Child:
    """A server that runs beside us, with its output in a log file."""

    def __init__(self, name: str, argv: Sequence[str | Path], log: Path,
                 env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
        self.name = name
        self.log = log
        self._log_file = open(log, "ab")
        self._log_start = log.stat().st_size
        self.process = subprocess.Popen(
            [str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=self._log_file,
            stderr=self._log_file, env={**os.environ, **(env or {})}, cwd=cwd,
            start_new_session=True)

    @property
    def dead(self) -> bool:
        return self.process.poll() is not None

    def said(self) -> str:
        """What it printed since this start."""
        return self.log.read_bytes()[self._log_start:].decode("utf-8", "replace")

    def tail(self, lines: int = 20) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    def stop(self, patience: float = 10) -> int:
        """SIGTERM, then after `patience` seconds SIGKILL; hands back the exit code."""
        if not self.dead:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                kill_group(self.process)
                self.process.wait()
        self._log_file.close()
        return self.process.returncode

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        kill_group(self.process)
        self.process.wait()
        self._log_file.close()
