"""A private PostgreSQL cluster: made in a temporary folder, started, used, stopped, removed.

It listens on a unix socket only (in its own folder), with a port number of its own so that the
package's default cluster, running or not, does not matter. fsync stays on: the tests of
durability mean something. PostgreSQL refuses to run as root, so root runs it as `postgres`.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path

from .console import DevError, Stage
from .process import finish

SETTINGS = (
    "listen_addresses = ''",
    "fsync = on",
    "max_connections = 120",
    "shared_buffers = 64MB",
    "logging_collector = off",
    "log_min_messages = warning",
    "timezone = 'UTC'",
)


def binaries() -> Path:
    """Folder of initdb and pg_ctl of the newest installed PostgreSQL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"),
                   key=lambda path: int(path.parts[4]))
    if not found:
        raise DevError("PostgreSQL is not installed (apt package postgresql)")
    return found[-1].parent


def _status(process: int) -> dict[str, str]:
    """What the kernel says of a process; empty when there is none."""
    try:
        lines = Path(f"/proc/{process}/status").read_text("utf-8", "replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def _runs(process: int) -> bool:
    return _status(process).get("State", "Z")[0] not in "ZX"


def _children(parent: int) -> list[int]:
    """The processes that another one started."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [number for number in numbers if _status(number).get("PPid") == str(parent)]


class Cluster:
    """Context manager; `database(name)` makes a fresh database and hands back its URL."""

    settings: tuple[str, ...] = ()  # beside SETTINGS, and stronger

    def __init__(self) -> None:
        self.port = random.randint(20000, 60000)
        self.folder = Path()
        self._lock = threading.Lock()
        self._made = 0

    def __enter__(self) -> "Cluster":
        with Stage("start a private PostgreSQL"):
            self.folder = Path(tempfile.mkdtemp(prefix="fenqi-pg-", dir="/tmp"))
            try:
                self._start()
            except BaseException:
                shutil.rmtree(self.folder, ignore_errors=True)
                raise
        return self

    def __exit__(self, *_: object) -> None:
        self._as_postgres(binaries() / "pg_ctl", "-D", self.folder / "data", "-m", "immediate",
                          "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        if os.getuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self.folder.chmod(0o755)
        data = self.folder / "data"
        self._must(binaries() / "initdb", "-D", data, "-A", "trust", "-U", "fenqi", "-E", "UTF8",
                   "--locale=C.UTF-8")
        with open(data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write("\n".join((*SETTINGS, *self.settings, f"port = {self.port}",
                                  f"unix_socket_directories = '{self.folder}'",
                                  "unix_socket_permissions = 0777")) + "\n")
        self._must(binaries() / "pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "start")

    def start_again(self) -> None:
        """Start it after kill() or a stop; comes back when it has recovered."""
        self._must(binaries() / "pg_ctl", "-D", self.folder / "data", "-w", "-l",
                   self.folder / "log", "start")

    def kill(self) -> None:
        """SIGKILL to all of its processes, as a power cut would."""
        lock = self.folder / "data" / "postmaster.pid"
        postmaster = int(lock.read_text().split()[0])
        os.kill(postmaster, signal.SIGSTOP)  # or it would see its children die, and say so
        family = [*_children(postmaster), postmaster]
        for process in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for process in family:
            while _runs(process):
                time.sleep(0.005)
        # Nobody is left; but where nobody buries the dead, the number in its locks seems to live.
        for stale in (lock, self.folder / f".s.PGSQL.{self.port}.lock"):
            stale.unlink(missing_ok=True)

    def _as_postgres(self, *argv: str | Path):
        prefix = ("runuser", "-u", "postgres", "--") if os.getuid() == 0 else ()
        return finish([*prefix, *argv], cwd=Path("/tmp"), timeout=120)

    def _must(self, *argv: str | Path) -> str:
        done = self._as_postgres(*argv)
        if done.code != 0:
            log = self.folder / "log"
            more = log.read_text("utf-8", "replace")[-2000:] if log.exists() else ""
            raise DevError(f"private PostgreSQL: {argv[0]} failed\n{done.output}{more}")
        return done.output

    def url(self, database: str) -> str:
        return f"postgres:///{database}?host={self.folder}&port={self.port}&user=fenqi"

    def database(self, name: str, template: str = "template0") -> str:
        """Make a database, empty by default, whose name begins with `name`; hand back its URL."""
        with self._lock:
            self._made += 1
            full = f"{name}_{self._made}".replace("-", "_")
        self._must("createdb", "-h", self.folder, "-p", str(self.port), "-U", "fenqi",
                   "-T", template, full)
        return self.url(full)

    def drop(self, url: str) -> None:
        """Remove a database made by `database`, so that a long run does not fill the disk."""
        name = url.removeprefix("postgres:///").split("?")[0]
        self._as_postgres("dropdb", "-h", str(self.folder), "-p", str(self.port), "-U", "fenqi",
                          "--force", name)


class Replica:
    """Context manager: a streaming replica of a cluster, by pg_basebackup, on a port of its own.

    `pause()` keeps it from applying what it receives, so that it lags on purpose.
    """

    def __init__(self, primary: Cluster) -> None:
        self._primary = primary
        self._port = random.randint(20000, 60000)
        self._data = primary.folder / f"replica-{self._port}"

    def __enter__(self) -> "Replica":
        primary = self._primary
        with Stage("make a streaming replica"):
            primary._must(binaries() / "pg_basebackup", "-h", primary.folder, "-p",
                          str(primary.port), "-U", "fenqi", "-D", self._data, "-R", "-c", "fast")
            with open(self._data / "postgresql.conf", "a", encoding="utf-8") as file:
                file.write(f"port = {self._port}\n")
            primary._must(binaries() / "pg_ctl", "-D", self._data, "-w", "-l",
                          primary.folder / "replica-log", "start")
        return self

    def __exit__(self, *_: object) -> None:
        self._primary._as_postgres(binaries() / "pg_ctl", "-D", self._data, "-m", "immediate",
                                   "stop")

    def url(self, url: str) -> str:
        """The same database on the replica."""
        return url.replace(f"port={self._primary.port}", f"port={self._port}")

    def _ask(self, text: str) -> str:
        return self._primary._must("psql", "-XAtq", "-h", self._primary.folder, "-p",
                                   str(self._port), "-U", "fenqi", "-d", "postgres", "-c",
                                   text).strip()

    def pause(self) -> None:
        """Applies nothing until `resume`."""
        self._ask("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        """Applies again what came and comes."""
        self._ask("SELECT pg_wal_replay_resume()")

    def caught_up(self, position: str) -> bool:
        """Whether everything up to a place in the primary's log is applied."""
        return self._ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'") == "t"
