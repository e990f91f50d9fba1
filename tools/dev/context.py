"""What the test steps share and make only when somebody asks: builds and the PostgreSQL cluster."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from . import build
from .console import DevError
from .postgres import Cluster


class Context:
    """Shared by the steps of one `./dev test`; closing it stops what it started."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._cluster: Cluster | None = None
        self._built: dict[str, Path] = {}
        self._broken: set[str] = set()

    def __enter__(self) -> "Context":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def built(self, kind: str) -> Path:
        """Folder of a build kind, compiled once a run."""
        if kind in self._broken:
            raise DevError(f"the {kind} build does not compile: see its first failure")
        if kind not in self._built:
            self._broken.add(kind)
            build.web_build()
            self._built[kind] = build.c_build(kind)
            self._broken.discard(kind)
        return self._built[kind]

    def cluster(self) -> Cluster:
        """The private PostgreSQL, started at the first call."""
        if self._cluster is None:
            self._cluster = self._stack.enter_context(Cluster())
        return self._cluster

    def folder(self, name: str) -> Path:
        """A temporary folder that goes away at the end."""
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix=f"fenqi-{name}-")))
