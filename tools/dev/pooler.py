"""A PgBouncer in front of the private PostgreSQL: transaction pooling over few connections.

As the cluster it listens on a unix socket in a folder of its own, and refuses to run as root.
"""

from __future__ import annotations

import os
import pwd
import random
import shutil
import tempfile
import time
from pathlib import Path

from .console import DevError
from .postgres import Cluster
from .process import Child

PROGRAM = Path("/usr/sbin/pgbouncer")


class Pooler:
    """Context manager; `url(...)` turns a URL of the cluster into one that goes through here."""

    def __init__(self, cluster: Cluster, connections: int = 4, mode: str = "transaction") -> None:
        self._cluster = cluster
        self._connections = connections
        self._mode = mode
        self._port = random.randint(20000, 60000)
        self._folder = Path()
        self._child: Child | None = None

    def __enter__(self) -> "Pooler":
        if not PROGRAM.exists():
            raise DevError("PgBouncer is not installed (apt package pgbouncer)")
        self._folder = Path(tempfile.mkdtemp(prefix="fenqi-pool-", dir="/tmp"))
        self._folder.chmod(0o755)
        (self._folder / "pgbouncer.ini").write_text(self._settings(), "utf-8")
        argv: list[str | Path] = [PROGRAM, self._folder / "pgbouncer.ini"]
        if os.getuid() == 0:
            os.chown(self._folder, pwd.getpwnam("postgres").pw_uid, -1)
            argv[:0] = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        self._child = Child("pgbouncer", argv, self._folder / "log")
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is not None:
            self._child.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _settings(self) -> str:
        return "\n".join((
            "[databases]",
            f"* = host={self._cluster.folder} port={self._cluster.port} user=fenqi",
            "[pgbouncer]",
            "listen_addr =",
            f"listen_port = {self._port}",
            f"unix_socket_dir = {self._folder}",
            "auth_type = any",
            "auth_file = ",
            f"pool_mode = {self._mode}",
            f"default_pool_size = {self._connections}",
            "max_client_conn = 200",
            "server_round_robin = 1",  # as unkind as can be: each transaction on another connection
            "ignore_startup_parameters = extra_float_digits", ""))

    def _wait(self) -> None:
        socket = self._folder / f".s.PGSQL.{self._port}"
        for _ in range(100):
            if socket.exists():
                return
            if self._child.dead:
                break
            time.sleep(0.05)
        raise DevError(f"PgBouncer does not start\n{self._child.tail()}")

    def url(self, url: str) -> str:
        """The same database through the pooler."""
        here = f"host={self._folder}&port={self._port}"
        return url.replace(f"host={self._cluster.folder}&port={self._cluster.port}", here)
