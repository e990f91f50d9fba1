"""`./dev released NAME`: keeps what a release leaves in a database, for the migrations after it.

Loads a small demo shop into SQLite and PostgreSQL and writes schema and rows as SQL text into
tests/scale/released/NAME. Every later version must bring these forward (tests/scale).
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
from pathlib import Path

from .console import DevError, say
from .context import Context
from .paths import ROOT
from .postgres import binaries
from .process import must

RELEASED = ROOT / "tests" / "scale" / "released"
DEMO = ("--customers", "8", "--seed", "1", "--date", "2026-11-22")


def _load(program: Path, data: Path, url: str) -> None:
    must("load a demo shop", [program, "demo", "load", "--database", url, "--data", data, *DEMO])


def _sqlite(program: Path, folder: Path) -> str:
    _load(program, folder / "sqlite", f"sqlite:{folder / 'fenqi.db'}")
    with sqlite3.connect(folder / "fenqi.db") as file:
        text = "\n".join(file.iterdump()) + "\n"
    file.close()
    return text


def _postgres(program: Path, folder: Path, url: str) -> str:
    _load(program, folder / "postgres", url)
    text = must("dump it", [binaries() / "pg_dump", "--inserts", "--rows-per-insert=50",
                            "--no-owner", "--no-privileges", "--no-comments", "-d", url])
    # what names the server's version or a secret of this dump says nothing about ours
    return "".join(line + "\n" for line in text.splitlines()
                   if line and not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog.")))


def command(argv: list[str]) -> int:
    """Writes one folder; refuses to overwrite."""
    if len(argv) != 1 or not re.fullmatch(r"[0-9a-z][0-9a-z.-]*", argv[0]):
        raise DevError("released NAME: the version, as 0.1.0")
    target = RELEASED / argv[0]
    if target.exists():
        raise DevError(f"{target} is there already: a release is never changed")
    with Context() as context, tempfile.TemporaryDirectory(prefix="fenqi-released-") as folder:
        program = context.built("plain") / "fenqi"
        sqlite = _sqlite(program, Path(folder))
        postgres = _postgres(program, Path(folder), context.cluster().database("released"))
    target.mkdir(parents=True)
    head = (f"-- What version {argv[0]} left in a database: "
            "written by ./dev released, never changed.\n")
    (target / "sqlite.sql").write_text(head + sqlite, "utf-8")
    (target / "postgres.sql").write_text(head + postgres, "utf-8")
    say(f"{target.relative_to(ROOT)}: {len(sqlite)} and {len(postgres)} characters")
    return 0
