"""What ./dev shows while it works: one line a stage, with the time that it took.

On a terminal a running stage counts its seconds in place; elsewhere (a log) a stage that runs
long says so every fifteen seconds, so that nobody has to guess whether it hangs.
"""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType


class DevError(Exception):
    """Something that the person at the keyboard has to know; shown without a traceback."""


def say(text: str = "") -> None:
    """One line of output, flushed at once so that logs keep the order."""
    print(text, flush=True)


class Stage:
    """Context manager that shows `title` and the time; `note` is appended when it ends."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.note = ""
        self.seconds = 0.0
        self._stop = threading.Event()
        self._tty = sys.stdout.isatty()
        self._thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> "Stage":
        self._began = time.monotonic()
        self._thread.start()
        return self

    def _tick(self) -> None:
        every = 1.0 if self._tty else 15.0
        if self._stop.wait(1.0 if self._tty else 2.0):
            return
        while True:
            spent = time.monotonic() - self._began
            if self._tty:
                sys.stdout.write(f"\r  {self.title} … {spent:.0f} s\033[K")
                sys.stdout.flush()
            else:
                say(f"  {self.title} … {spent:.0f} s")
            if self._stop.wait(every):
                return

    def __exit__(self, kind: type | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        self.seconds = time.monotonic() - self._began
        if self._tty:
            sys.stdout.write("\r\033[K")
        state = "✗" if kind else "✓"
        note = f"  {self.note}" if self.note else ""
        if kind or self.note or self.seconds > 2:
            say(f"{state} {self.title}{note}  {self.seconds:.1f} s")
