"""What the kernel knows of a process and its children: bytes written, CPU time, memory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Usage:
    """Of one process or several, since they began."""

    user_s: float = 0
    system_s: float = 0
    bytes_written: int = 0

    @property
    def cpu_s(self) -> float:
        return self.user_s + self.system_s

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.user_s + other.user_s, self.system_s + other.system_s,
                     self.bytes_written + other.bytes_written)

    def __sub__(self, other: "Usage") -> "Usage":
        return Usage(self.user_s - other.user_s, self.system_s - other.system_s,
                     self.bytes_written - other.bytes_written)


def _stat(folder: Path) -> list[str]:
    text = (folder / "stat").read_text()
    return text[text.rindex(")") + 2:].split()


def usage(pid: int, with_ended_children: bool = False) -> Usage:
    """Of a process; `with_ended_children` counts those that it has waited for."""
    folder = Path("/proc") / str(pid)
    cells = _stat(folder)
    user, system = int(cells[11]), int(cells[12])
    if with_ended_children:
        user, system = user + int(cells[13]), system + int(cells[14])
    written = 0
    try:
        for line in (folder / "io").read_text().splitlines():
            if line.startswith("write_bytes:"):
                written = int(line.split()[1])
    except PermissionError:
        pass  # another user's process: its CPU is known, its writes are not
    return Usage(user / _TICK, system / _TICK, written)


def family_usage(pid: int) -> Usage:
    """Of a process, its living children, and the children that it has waited for."""
    total = usage(pid, with_ended_children=True)
    for child in children(pid):
        try:
            total = total + usage(child)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total


def children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if int(_stat(folder)[1]) == pid:
                    found.append(int(folder.name))
            except (FileNotFoundError, ProcessLookupError, ValueError):
                continue
    return found


def threads_cpu_s(pid: int) -> dict[str, float]:
    """CPU time by the threads' names, threads of one name together."""
    by_name: dict[str, float] = {}
    for task in (Path("/proc") / str(pid) / "task").iterdir():
        try:
            name = (task / "comm").read_text().strip()
            spent_ns = int((task / "schedstat").read_text().split()[0])
        except (FileNotFoundError, ProcessLookupError):
            continue
        by_name[name] = by_name.get(name, 0) + spent_ns / 1e9
    return by_name


def resident_mb(pid: int, peak: bool = False) -> float:
    word = "VmHWM:" if peak else "VmRSS:"
    for line in (Path("/proc") / str(pid) / "status").read_text().splitlines():
        if line.startswith(word):
            return int(line.split()[1]) / 1024
    return 0.0


def own_mb(pid: int) -> float:
    """Memory that is the process's alone: pages of mapped files are the system's to take back."""
    for line in (Path("/proc") / str(pid) / "status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0
