"""`./dev demo`: the demo shop on this machine until Ctrl-C; with --check the seven steps."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from . import build, demo_check
from .console import DevError, say
from .paths import VAR
from .stack import Stack, free_port


def _parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev demo", add_help=True)
    parser.add_argument("--port", type=int, default=8080, help="port of the server (8080)")
    parser.add_argument("--data", type=Path, default=VAR / "demo", help="data folder (var/demo)")
    parser.add_argument("--database", default="", help="postgres://… instead of SQLite")
    parser.add_argument("--customers", type=int, default=200, help="customers to make (200)")
    parser.add_argument("--check", action="store_true",
                        help="walk the seven steps through the API on both databases, then stop")
    return parser.parse_args(argv)


def run(argv: list[str]) -> int:
    """The command."""
    asked = _parse(argv)
    build.web_build()
    folder = build.c_build("plain")
    if asked.check:
        return demo_check.run(folder)
    return _serve(folder, asked)


def _serve(folder: Path, asked: argparse.Namespace) -> int:
    """Run until a signal (exit 0) or until a child dies (exit 1)."""
    wake = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: wake.set())
    if asked.port and not _is_free(asked.port):
        raise DevError(f"port {asked.port} is taken: choose another one with --port")
    stack = Stack(folder, asked.data, asked.database, asked.port or free_port())
    try:
        stack.start(asked.customers)
        _welcome(stack)
        while not wake.wait(0.3):
            for child in stack.children:
                if child.dead:
                    say(f"\n{child.name} ended by itself with code {child.process.returncode}; "
                        f"its last words ({child.log}):\n{child.tail()}")
                    return 1
        say("\nstopping …")
    finally:
        complaints = stack.stop()
    for complaint in complaints:
        say(complaint)
    return 1 if complaints else 0


def _is_free(port: int) -> bool:
    import socket
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _welcome(stack: Stack) -> None:
    logins = stack.logins()
    say(f"""
Fenqi 分期 · demo · business date {logins['business_date']}

  customer app      {stack.url}/
  staff console     {stack.url}/console/
  one-time codes    {stack.url}/demo
  payment sandbox   {stack.sandbox_url}/control

  customers (phone / password)""")
    for customer in logins["customers"]:
        say(f"    {customer['phone']}  {customer['password']}  {customer['name']}  "
            f"{customer['note_zh']} · {customer['note_en']}")
    say("  staff (login / password)")
    for person in logins["staff"]:
        say(f"    {person['login']}  {person['password']}  {person['role']}")
    say(f"\n  data in {stack.data}, database {stack.database}\n  Ctrl-C stops everything.\n")
