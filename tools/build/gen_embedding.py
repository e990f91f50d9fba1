"""Make libfenqi-engine's one public header, its forwarding functions and its list of symbols.

    gen_embedding.py SRC TABLE VERSION HEADER FORWARDS MAP

Reads the headers that TABLE (spec/embedding.tsv) names and those that they include, takes the
declarations that its functions need, and puts `fenqi_` before every name that would be the
embedding program's business too. Declarations keep their comments. The form that it understands is
that of the house: one declaration after the other, functions ended by `;`, inline ones left out.
"""

from __future__ import annotations

import re
import sys
import zlib
from dataclasses import dataclass, field
from pathlib import Path

_WORD = re.compile(r"[A-Za-z_]\w*")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)


@dataclass
class Declaration:
    """One thing of a header: its text with the comment before it, what it defines and needs."""

    text: str
    code: str
    defines: set[str] = field(default_factory=set)
    needs: set[str] = field(default_factory=set)
    function: str = ""
    inline: bool = False


def headers_in_order(src: Path, wanted: list[str]) -> list[str]:
    """The headers and what they include, each after those that it includes."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        for other in re.findall(r'#include "([^"]+)"', (src / name).read_text("utf-8")):
            visit(other)
        order.append(name)

    for name in wanted:
        visit(name)
    return order


def _body(text: str) -> str:
    """A header without its first comment, its guard and its includes."""
    text = text[text.index("*/") + 2:]
    lines = [line for line in text.splitlines()
             if not re.match(r"\s*#\s*(include|ifndef|endif)\b", line)
             and not re.match(r"#define FENQI_\w+_H$", line)]
    return "\n".join(lines)


def _pieces(text: str) -> list[str]:
    """Declarations, each with the comments that stand before it."""
    pieces, start, at, depth = [], 0, 0, 0
    while at < len(text):
        if text.startswith("/*", at):
            at = text.index("*/", at) + 2
            continue
        if text[at] == "#" and depth == 0:
            end = at
            while text[end:].split("\n", 1)[0].endswith("\\"):
                end = text.index("\n", end) + 1
            at = text.find("\n", end)
            at = len(text) if at < 0 else at
            pieces.append(text[start:at])
            start = at
            continue
        if text[at] in "{(":
            depth += 1
        elif text[at] in "})":
            depth -= 1
            if depth == 0 and text[at] == "}" and "static inline" in text[start:at]:
                pieces.append(text[start:at + 1])
                start = at + 1
        elif text[at] == ";" and depth == 0:
            end = text.find("\n", at)
            rest = text[at + 1:end if end >= 0 else len(text)]
            if rest.strip().startswith("/*"):
                at = text.index("*/", at) + 1
            pieces.append(text[start:at + 1])
            start = at + 1
        at += 1
    return pieces


def _declaration(piece: str) -> Declaration:
    code = _COMMENT.sub(" ", piece).strip()
    made = Declaration(piece.strip("\n"), code)
    words = set(_WORD.findall(code))
    if code.startswith("#define"):
        made.defines = {_WORD.findall(code)[1]}
    elif "static inline" in code:
        made.inline = True
    elif code.startswith("enum") and "{" in code:
        tag = re.match(r"enum\s+(\w+)\s*{", code)
        inside = code[code.index("{") + 1:code.rindex("}")]
        made.defines = {_WORD.search(part).group() for part in inside.split(",")
                        if _WORD.search(part)} | ({tag.group(1)} if tag else set())
    elif code.startswith("struct") and "{" in code:
        made.defines = {re.match(r"struct\s+(\w+)", code).group(1)}
    elif "typedef" in code:
        made.defines = {_WORD.findall(code)[-1]}
    elif "(" in code:
        made.function = re.search(r"(\w+)\s*\(", code).group(1)
        made.defines = {made.function}
    made.needs = words - made.defines
    return made


def _chosen(declarations: list[Declaration], asked: list[str]) -> list[Declaration]:
    """What is asked for, and what it needs, and what that needs."""
    by_name = {name: made for made in declarations for name in made.defines if not made.inline}
    missing = [name for name in asked if name not in by_name]
    if missing:
        raise SystemExit(f"gen_embedding: no declaration of {missing}")
    taken: set[int] = set()
    todo = [by_name[name] for name in asked]
    while todo:
        made = todo.pop()
        if id(made) in taken:
            continue
        taken.add(id(made))
        todo += [by_name[name] for name in made.needs
                 if name in by_name and not by_name[name].function]
    known = {name for made in declarations if id(made) in taken for name in made.defines}
    for made in declarations:  # how many members an enum has
        names = [name for name in made.defines if name.endswith("_COUNT")]
        if names and made.code.startswith("enum {") and made.needs & known:
            taken.add(id(made))
    return [made for made in declarations if id(made) in taken]


def _prefixed(text: str, names: set[str], tags: set[str]) -> str:
    """The text with every public name under the library's own."""
    def tag(match: re.Match) -> str:
        return f"{match.group(1)} fenqi_{match.group(2)}" if match.group(2) in tags \
            else match.group()

    text = re.sub(r"\b(struct|enum)\s+(\w+)", tag, text)

    def name(match: re.Match) -> str:
        word = match.group()
        if word not in names:
            return word
        return f"FENQI_{word}" if word.isupper() or word[0].isupper() else f"fenqi_{word}"

    text = re.sub(r"(?<![\w\"])[A-Za-z_]\w*\b", name, text)
    return re.sub(r"\bclass\b(?=[;,)])", "class_", text)  # a keyword of C++


def _forward(made: Declaration) -> str:
    """A function of the library that calls the engine's."""
    result, rest = made.code.split(made.function, 1)
    inside = rest[rest.index("(") + 1:rest.rindex(")")]
    parameters = [] if inside.strip() == "void" else inside.split(",")
    arguments = ", ".join(re.search(r"(\w+)\s*(\[[^]]*\])?\s*$", parameter).group(1)
                          for parameter in parameters)
    call = f"{made.function}({arguments});"
    head = f"{result.strip()} fenqi_{made.function}({inside})"
    back = "" if result.strip() == "void" else "return "
    return f"{head};\n{head} {{\n    {back}{call}\n}}\n"


_TOP = """/*
 * fenqi/engine.h: the lending engine of Fenqi, version {version}, for C and C++.
 *
 * Generated from the headers of src/engine; docs/embedding.md says how to use it. Every function is
 * pure: it works in the memory that it is given, allocates nothing, reads no clock, does no I/O and
 * may be called from any number of threads on different objects. Functions want terms that
 * fenqi_terms_validate() has accepted and numbers in the ranges that are stated; what breaks that
 * is a bug of the caller, which ends the process with a line on standard error.
 */
#ifndef FENQI_ENGINE_H
#define FENQI_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Of this header. Structs are not frozen before version 1.0: compare with fenqi_engine_layout()
 * when the program starts, and the library can never be another one than it was compiled for.
 */
#define FENQI_ENGINE_LAYOUT UINT32_C(0x{layout:08x})

#ifdef __cplusplus
extern "C" {{
#endif

/* The layout that the library was built with, and its version "{version}". */
uint32_t fenqi_engine_layout(void);
const char *fenqi_engine_version(void);
"""

_END = """
#ifdef __cplusplus
}
#endif

#endif
"""


def main() -> None:
    """Write the three files."""
    src, table, version, header, forwards, symbols = sys.argv[1:]
    rows = [line.split("\t") for line in Path(table).read_text("utf-8").splitlines()
            if line.strip() and not line.startswith("#")]
    asked = [row[0] for row in rows]
    order = headers_in_order(Path(src), list(dict.fromkeys(row[1] for row in rows)))
    declarations = [_declaration(piece) for name in order
                    for piece in _pieces(_body((Path(src) / name).read_text("utf-8")))]
    chosen = _chosen([made for made in declarations if made.code], asked)
    functions = [made.function for made in chosen if made.function]
    names = {name for made in chosen for name in made.defines}
    tags = {match for made in chosen
            for match in re.findall(r"^(?:struct|enum)\s+(\w+)\s*{", made.code)}
    names -= tags - set(functions)
    body = "\n\n".join(_prefixed(made.text.strip("\n"), names, tags) for made in chosen)
    layout = zlib.crc32(_COMMENT.sub("", body).encode())
    Path(header).write_text(_TOP.format(version=version, layout=layout) + "\n" + body + "\n" + _END,
                            "utf-8")
    includes = "".join(f'#include "{name}"\n' for name in dict.fromkeys(row[1] for row in rows))
    own = (f"uint32_t fenqi_engine_layout(void);\nuint32_t fenqi_engine_layout(void) {{\n"
           f"    return UINT32_C(0x{layout:08x});\n}}\n\nconst char *fenqi_engine_version(void);\n"
           f"const char *fenqi_engine_version(void) {{\n    return \"{version}\";\n}}\n")
    Path(forwards).write_text(
        "/* Generated by gen_embedding.py: the exported functions. */\n" + includes + "\n" + own
        + "\n" + "\n".join(_forward(made) for made in chosen if made.function), "utf-8")
    exported = [f"fenqi_{name}" for name in functions] + \
        ["fenqi_engine_layout", "fenqi_engine_version"]
    Path(symbols).write_text("{\n  global:\n" + "".join(f"    {name};\n" for name in exported)
                             + "  local: *;\n};\n", "utf-8")


if __name__ == "__main__":
    main()
