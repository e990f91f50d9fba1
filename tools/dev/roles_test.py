"""The step `roles` of ./dev test: one PostgreSQL, served by processes of unlike roles.

Two processes of each kind: api answers people, channel talks to the sandbox and takes its
notifications, jobs runs the day-end and the webhooks. A customer walks through it as through one
server, and what one process commits reaches a screen at another within a second.
"""

from __future__ import annotations

import tempfile
import threading
import time
import traceback
from contextlib import ExitStack
from pathlib import Path

from .client import Client, Unexpected, new_key
from .conformance import Contract, Recorder
from .console import DevError, say
from .context import Context
from .paths import OPENAPI
from .process import Child, finish
from .results import Result
from .stack import Stack, free_port
from .walk import STEPS, Scene
from .webhook_receiver import Receiver

CUSTOMERS = 8
WALKED = ("account", "my orders", "repay", "automatic repayment")
HEARD_WITHIN_S = 1.0


class Roles(Stack):
    """A stack whose server is six processes; `server` is the api process that the walk uses."""

    def __init__(self, *words, **options) -> None:
        super().__init__(*words, **options)
        self.others: list[Child] = []
        self._second = free_port()

    @property
    def elsewhere(self) -> str:
        """The other api process."""
        return f"http://127.0.0.1:{self._second}"

    def _role(self, role: str, node: int, port: int, *words: str) -> Child:
        child = self._child(f"{role}-{node}", self._argv(
            "serve", "--role", role, "--node", str(node), "--port", str(port), "--mode", "demo",
            *words))
        self._wait(child)
        return child

    def start_server(self) -> None:
        keys = ("--channels", str(self.channels))
        self.others = [self._role("channel", 1, free_port(), *keys),
                       self._role("channel", 2, free_port(), *keys),
                       self._role("jobs", 3, free_port()), self._role("jobs", 4, free_port()),
                       self._role("api", 5, self._second)]
        self.server = self._role("api", 6, self._port)

    @property
    def children(self) -> list[Child]:
        return [*super().children, *self.others]

    def stop(self) -> list[str]:
        complaints = [f"{child.name} ended with code {code}\n{child.tail()}"
                      for child in self.others if (code := child.stop()) != 0]
        self.others = []
        return complaints + super().stop()


def _walk(stack: Roles, hooks: Receiver) -> list[Result]:
    recorder = Recorder(Contract(OPENAPI))
    scene = Scene(stack, recorder, hooks=hooks)
    results = []
    for name, step in STEPS:
        if name not in WALKED:
            continue
        try:
            line = step(scene)
        except (Unexpected, DevError):
            logs = "\n".join(f"--- {child.name}\n{child.tail(12)}" for child in stack.children)
            return [*results, Result(f"[roles] {name}", False, f"{traceback.format_exc()}\n{logs}")]
        results.append(Result(f"[roles] {name}: {line}", True))
        say(f"  ✓ [roles] {name:24} {line}")
    results += [_heard(stack, scene), _day(scene)]
    violations = list(dict.fromkeys(recorder.violations))
    results.append(Result("[roles] every answer conforms to spec/openapi.yaml", not violations,
                          "\n".join(violations[:20])))
    return [*results, _books(stack)]


def _heard(stack: Roles, scene: Scene) -> Result:
    """What the customer writes on one device reaches the screen of another, at another process."""
    name = "[roles] what one process commits is heard at another one"
    customer = scene.customer
    elsewhere = Client(stack.elsewhere, scene.recorder)
    elsewhere.cookies, elsewhere.csrf = customer.cookies, customer.csrf
    last = customer.get("/events", wait=0)["last_number"]
    heard: list[float] = []

    def listen() -> None:
        customer.get("/events", after=last, wait=10)
        heard.append(time.monotonic())

    listener = threading.Thread(target=listen)
    listener.start()
    time.sleep(0.5)
    sent = time.monotonic()
    elsewhere.expect(201, "POST", "/chat/messages", {"client_id": new_key(), "text": "在吗"})
    listener.join(15)
    took = heard[0] - sent if heard else 99.0
    return Result(f"{name}, in {took * 1000:.0f} ms", took < HEARD_WITHIN_S,
                  f"took {took:.1f} s, more than {HEARD_WITHIN_S} s")


def _day(scene: Scene) -> Result:
    """Staff asks one process for a day-end, and two others do it."""
    today = scene.today()
    try:
        scene.go_to(today)
    except Unexpected as error:
        return Result("[roles] a day-end asked of one process is done by others", False, str(error))
    return Result("[roles] a day-end asked of one process is done by others", True)


def _books(stack: Roles) -> Result:
    """All processes end cleanly and the books are whole."""
    complaints = stack.stop()
    if complaints:
        return Result("[roles] all end cleanly on SIGTERM", False, "\n".join(complaints))
    try:
        return Result(f"[roles] verify: {stack.command('verify').splitlines()[-1]}", True)
    except DevError as error:
        return Result("[roles] verify", False, str(error))


def _refused(stack: Stack) -> list[Result]:
    """Roles on SQLite, keys in the wrong process, a process without a number."""
    cases = (
        ("--role api on SQLite", ["--role", "api", "--node", "1", "--database",
                                  f"sqlite:{stack.data / 'one.db'}"], "needs PostgreSQL"),
        ("provider keys for --role api", ["--role", "api", "--node", "1", "--channels",
                                          str(stack.channels)], "only channel does"),
        ("--role jobs without --node", ["--role", "jobs"], "needs --node"),
        ("--role king", ["--role", "king"], "all, api, jobs or channel"),
    )
    results = []
    for what, words, reason in cases:
        argv = [str(stack.fenqi), "serve", "--data", str(stack.data / "server"), "--port", "0"]
        done = finish([*argv, *words], timeout=30)
        results.append(Result(f"[roles] {what} is refused", done.code != 0 and
                              reason in done.output, f"code {done.code}: {done.output}"))
    return results


def run(context: Context) -> list[Result]:
    """As a step of ./dev test."""
    with ExitStack() as exits:
        data = Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="fenqi-roles-")))
        hooks = exits.enter_context(Receiver())
        stack = exits.enter_context(Roles(context.built("plain"), data,
                                          context.cluster().database("roles"),
                                          webhook_url=hooks.url))
        try:
            stack.start(CUSTOMERS)
            return [*_refused(stack), *_walk(stack, hooks)]
        except DevError as error:
            return [Result("[roles] start", False, str(error))]
