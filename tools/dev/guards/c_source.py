"""Reading C source for the guards: without comments, without strings, split into functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def without_comments(text: str) -> str:
    """Comments become spaces; lines stay where they are."""
    return _TOKEN.sub(lambda m: _blank(m.group()) if m.group()[0] == "/" else m.group(), text)


def code_only(text: str) -> str:
    """Comments and the insides of strings and character constants become spaces."""
    return _TOKEN.sub(
        lambda m: _blank(m.group()) if m.group()[0] == "/"
        else m.group()[0] + _blank(m.group()[1:-1]) + m.group()[-1], text)


def strings(text: str) -> list[tuple[int, str]]:
    """Line number and text of every string literal."""
    found = []
    for match in _TOKEN.finditer(text):
        if match.group()[0] == '"':
            found.append((text.count("\n", 0, match.start()) + 1, match.group()[1:-1]))
    return found


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


@dataclass(frozen=True)
class Function:
    """A function definition: its name, first line and number of lines."""

    name: str
    line: int
    lines: int


_HEAD = re.compile(r"([A-Za-z_]\w*)\s*\(")


def functions(text: str) -> list[Function]:
    """Function definitions, by the shape that clang-format gives them.

    The opening brace ends a line, the closing brace stands alone in the first column.
    """
    lines = code_only(text).split("\n")
    found = []
    head_line: int | None = None
    opened: int | None = None
    name = ""
    for number, line in enumerate(lines, 1):
        if opened is not None:
            if line.startswith("}"):
                found.append(Function(name, opened, number - opened + 1))
                opened = None
            continue
        if line[:1].isalpha() or line[:1] == "_":
            head_line = number
        if line.rstrip().endswith("{") and head_line is not None:
            head = " ".join(lines[head_line - 1:number])
            called = _HEAD.search(re.sub(r"__attribute__\s*\(\(.*?\)\)", " ", head))
            if called and "=" not in head.split("(")[0]:
                opened, name = head_line, called.group(1)
            head_line = None
        elif line.rstrip().endswith(";"):
            head_line = None
    return found
