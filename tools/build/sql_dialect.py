"""The one dialect of sql/ turned into what SQLite and PostgreSQL each read.

Exports tokens(), for_sqlite(), for_postgres(), essence(), parameter_numbers(), statement_count(),
c_string(). The source is written so that little is left to turn: BLOB is BYTEA on PostgreSQL;
BIGINT is INTEGER on SQLite, whose tables are STRICT; $1 is ?1 on SQLite; a comment
/*sqlite: WITHOUT ROWID */ or /*postgres: ... */ is text for that one only.
"""

import re

# Order matters: strings and comments first, so that nothing inside them is taken for SQL.
TOKEN = re.compile(
    r"""
      (?P<string>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*")
    | (?P<line>--[^\n]*)
    | (?P<sqlite>/\*\s*sqlite:(?P<sqlite_text>.*?)\*/)
    | (?P<postgres>/\*\s*postgres:(?P<postgres_text>.*?)\*/)
    | (?P<block>/\*.*?\*/)
    | (?P<parameter>\$(?P<number>[0-9]+))
    | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
    | (?P<end>;)
    | (?P<space>\s+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str):
    """Yields (kind, text, match) over the whole of `text`."""
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        # lastgroup names the innermost group that closed last; the outer one is what is wanted
        kind = {"sqlite_text": "sqlite", "postgres_text": "postgres", "number": "parameter"}.get(
            kind, kind
        )
        yield kind, match.group(0), match


def parameter_numbers(text: str) -> set[int]:
    """The numbers of the parameters that the statement uses."""
    return {int(match.group("number")) for kind, _, match in tokens(text) if kind == "parameter"}


def statement_count(text: str) -> int:
    """How many statements, told apart by semicolons, are in `text`."""
    count, inside = 0, False
    for kind, _, _ in tokens(text):
        if kind == "end":
            count, inside = count + inside, False
        elif kind not in ("space", "line", "block"):
            inside = True
    return count + inside


def _turn(text: str, own: str, words: dict[str, str], parameter: str, table_end) -> str:
    out, statement = [], []
    for kind, piece, match in tokens(text):
        if kind in ("line", "block"):
            statement.append(" ")
        elif kind in ("sqlite", "postgres"):
            statement += [" ", match.group(own + "_text").strip() if kind == own else " ", " "]
        elif kind == "parameter":
            statement.append(parameter + match.group("number"))
        elif kind == "word":
            statement.append(words.get(piece.upper(), piece))
        elif kind == "space":
            statement.append(" ")
        elif kind == "end":
            out.append(table_end(_joined(statement)) + ";\n")
            statement = []
        else:
            statement.append(piece)
    rest = _joined(statement)
    if rest:
        out.append(table_end(rest))
    return "".join(out).strip()


def _joined(pieces: list[str]) -> str:
    """The pieces as one text; neighbouring blanks become one, those inside strings stay."""
    text = ""
    for piece in pieces:
        if not piece.isspace():
            text += piece
        elif text and not text.endswith(" "):
            text += " "
    return text.strip()


def _strict(statement: str) -> str:
    if not re.match(r"CREATE TABLE\b", statement, re.IGNORECASE):
        return statement
    tail = statement[statement.rindex(")") + 1 :].strip()
    return statement + (", STRICT" if tail else " STRICT")


def for_sqlite(text: str) -> str:
    """`text` as SQLite reads it."""
    return _turn(text, "sqlite", {"BIGINT": "INTEGER"}, "?", _strict)


def for_postgres(text: str) -> str:
    """`text` as PostgreSQL reads it."""
    return _turn(text, "postgres", {"BLOB": "BYTEA"}, "$", lambda statement: statement)


def essence(text: str) -> str:
    """`text` without what means nothing: its tokens, a blank between two."""
    return " ".join(
        piece for kind, piece, _ in tokens(text) if kind not in ("space", "line", "block")
    )


def c_string(text: str) -> str:
    """`text` as a C string literal, one line of source a line of SQL."""
    lines = text.split("\n")
    quoted = []
    for place, line in enumerate(lines):
        escaped = line.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
        quoted.append(f'"{escaped}' + ('\\n"' if place + 1 < len(lines) else '"'))
    return "\n    ".join(quoted)
