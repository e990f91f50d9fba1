"""SQL read by PostgreSQL's own grammar (libpg_query), as trees of dictionaries.

Exports parse(), walk(), text_of(), names_of(), bare(), conjuncts(). A node is {"Kind": {...}} as
libpg_query prints it; names of kinds and fields are those of PostgreSQL's parsenodes.h.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
from functools import cache
from typing import Any, Iterator

from ..console import DevError

Node = dict[str, Any]


class _Error(ctypes.Structure):
    _fields_ = [("message", ctypes.c_char_p)]


class _Result(ctypes.Structure):
    _fields_ = [("parse_tree", ctypes.c_char_p), ("stderr_buffer", ctypes.c_char_p),
                ("error", ctypes.POINTER(_Error))]


@cache
def _library() -> ctypes.CDLL:
    name = ctypes.util.find_library("pg_query")
    if name is None:
        raise DevError("libpg_query is not installed (apt package libpg-query-dev)")
    library = ctypes.CDLL(name)
    library.pg_query_parse.restype = _Result
    library.pg_query_parse.argtypes = [ctypes.c_char_p]
    return library


def parse(text: str) -> list[tuple[str, Node]]:
    """Kind and body of every statement of `text`. ValueError: not SQL, with the parser's word."""
    result = _library().pg_query_parse(text.encode())
    if result.error:
        raise ValueError(result.error.contents.message.decode())
    tree = json.loads(result.parse_tree)
    return [next(iter(entry["stmt"].items())) for entry in tree.get("stmts", [])]


def walk(node: Any) -> Iterator[tuple[str, Node]]:
    """Kind and body of every node below, `node` itself included."""
    if isinstance(node, list):
        for item in node:
            yield from walk(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, dict) and name[:1].isupper():
                yield name, value
            yield from walk(value)


def text_of(node: Node) -> str:
    """The text of a String node."""
    return node["String"]["sval"]


def names_of(nodes: list[Node]) -> list[str]:
    """The texts of a list of String nodes; `*` for a star."""
    return [text_of(node) if "String" in node else "*" for node in nodes]


def bare(node: Node) -> Node:
    """The node inside casts."""
    while "TypeCast" in node:
        node = node["TypeCast"]["arg"]
    return node


def conjuncts(node: Node | None) -> Iterator[Node]:
    """The conditions that must all hold."""
    if not node:
        return
    group = node.get("BoolExpr")
    if group is not None and group["boolop"] == "AND_EXPR":
        for part in group["args"]:
            yield from conjuncts(part)
    else:
        yield node
