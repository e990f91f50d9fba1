"""Server and payment sandbox together, on one data folder: for the demo, the walks and the tests.

    DIR/fenqi.db          the SQLite database (unless another database is given)
    DIR/server/           keys of the installation, demo.json (logins of the demo shop)
    DIR/sandbox/          the sandbox's book and keys; merchant/channels.json is read by the server
    DIR/log/              what each of them printed
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

from .console import DevError, Stage
from .process import Child, finish, must

READY_WITHIN_S = 30

SERVICE_PHONE = "010-5550-0100"  # fictitious


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(url: str, timeout: float = 5) -> int:
    """HTTP status of a GET; 0 when nobody answers."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


class Stack:
    """Server and sandbox. `start` and `stop` may be called again; a killed child is restarted."""

    def __init__(self, build: Path, data: Path, database: str = "", port: int = 0,
                 webhook_url: str = "", serve_options: tuple[str, ...] = (),
                 env: dict[str, str] | None = None) -> None:
        self.fenqi = build / "fenqi"
        self._sandbox_program = build / "sandbox" / "fenqi-sandbox"
        self.data = data.resolve()
        self.database = database or f"sqlite:{self.data / 'fenqi.db'}"
        self._port = port or free_port()
        self._sandbox_port = free_port()
        self._webhook_url = webhook_url
        self._serve_options = serve_options
        self._env = env or {}
        self.server: Child | None = None
        self.sandbox: Child | None = None
        for name in ("server", "sandbox", "log"):
            (self.data / name).mkdir(parents=True, exist_ok=True)

    # ---- where things are ----------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self._sandbox_port}"

    @property
    def channels(self) -> Path:
        return self.data / "sandbox" / "merchant" / "channels.json"

    @property
    def children(self) -> list[Child]:
        return [child for child in (self.sandbox, self.server) if child]

    def logins(self) -> dict:
        """What `fenqi demo load` wrote about the demo shop."""
        return json.loads((self.data / "server" / "demo.json").read_text("utf-8"))

    # ---- doing ---------------------------------------------------------------------------------

    def command(self, *words: str, timeout: float = 600) -> str:
        """Run one `fenqi` command on this database; a bad exit is an error."""
        argv = self._argv(*words)
        done = finish(argv, env=self._env, timeout=timeout)
        if done.code != 0:
            raise DevError(f"fenqi {' '.join(words)}: exit code {done.code}\n{done.output}")
        return done.output

    def _argv(self, *words: str) -> list[str]:
        return [str(self.fenqi), *words, "--database", self.database, "--data",
                str(self.data / "server")]

    def load(self, customers: int) -> None:
        """Fill an empty database with the demo shop."""
        told = ["--webhook-url", self._webhook_url] if self._webhook_url else []
        must(f"load the demo shop ({customers} customers)",
             self._argv("demo", "load", "--customers", str(customers), "--channels",
                        str(self.channels), *told), env=self._env)

    def start_sandbox(self) -> None:
        self.sandbox = self._child("sandbox", [
            str(self._sandbox_program), "--data", str(self.data / "sandbox"), "--port",
            str(self._sandbox_port)])
        self._wait(self.sandbox)

    def start_server(self) -> None:
        self.server = self._child("server", self._argv(
            "serve", "--port", str(self._port), "--mode", "demo", "--channels",
            str(self.channels), "--service-phone", SERVICE_PHONE, *self._serve_options))
        self._wait(self.server)

    def _child(self, name: str, argv: list[str]) -> Child:
        return Child(name, argv, self.data / "log" / f"{name}.log", env=self._env)

    @staticmethod
    def _wait(child: Child) -> None:
        """Until it prints its `listening` line."""
        end = time.monotonic() + READY_WITHIN_S
        while not re.search(r"^listening http://", child.said(), re.MULTILINE):
            if child.dead:
                raise DevError(f"{child.name} ended at start (code {child.process.returncode})\n"
                               + child.tail())
            if time.monotonic() > end:
                child.stop()
                raise DevError(f"{child.name} was not ready after {READY_WITHIN_S} s\n"
                               + child.tail())
            time.sleep(0.01)

    def start(self, customers: int | None = None) -> None:
        """Sandbox, then (with `customers`) the demo shop unless it is there, then the server."""
        self.start_sandbox()
        if customers is not None and not (self.data / "server" / "demo.json").exists():
            self.load(customers)
        with Stage("start fenqi serve"):
            self.start_server()

    def stop(self) -> list[str]:
        """Stop both; hands back complaints about a bad end."""
        complaints = []
        for child in (self.server, self.sandbox):
            if child is None:
                continue
            code = child.stop()
            if code != 0:
                complaints.append(f"{child.name} ended with code {code} on SIGTERM\n{child.tail()}")
        self.server = self.sandbox = None
        return complaints

    def __enter__(self) -> "Stack":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
