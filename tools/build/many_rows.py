"""One statement turned into the statement that does it for many rows of parameters at once.

Exports kind_of(), many_rows(), tables_of(). For PostgreSQL, where a statement costs more than its
rows: the parameters of all rows come as one array each, and rows are made of them again, called
given (p1, p2, ...). The text leaves {rows} for "unnest($1::bigint[]) AS p1, ...", because the
server alone knows the parameters' types.

    SELECT a FROM t WHERE x = $1       every row's answer, with its place (given.place) before it
    INSERT INTO t (a) VALUES ($1)      INSERT INTO t (a) SELECT given.p1 FROM (SELECT {rows}) ...
    UPDATE t SET a = $2 WHERE x = $1   UPDATE t SET a = given.p2 FROM ... WHERE x = given.p1
    DELETE FROM t WHERE x = $1         DELETE FROM t USING ... WHERE x = given.p1

unnest() stands in the select list and not in FROM: there PostgreSQL keeps the rows of each array in
a store of its own before it joins them, which costs four times as much.
"""

import re

from sql_dialect import tokens

# FROM a, b AS c: tables one after another, each with an alias or without
TABLE = r"\w+(?:\s+(?:AS\s+)?\w+)?"
LISTED = re.compile(rf"\bFROM\s+({TABLE}(?:\s*,\s*{TABLE})+)", re.IGNORECASE)


def _words(text: str):
    """(word in capitals, start, depth of brackets) of the words outside strings."""
    depth = 0
    for kind, piece, match in tokens(text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth -= 1
        elif kind == "word":
            yield piece.upper(), match.start(), depth


def kind_of(text: str) -> str:
    """READS; APPENDS (plain rows, many in one statement); CHANGES (a row once a statement);
    ANSWERS (a write that gives rows: run alone)."""
    words = [word for word, _, _ in _words(text)]
    if words[0] in ("SELECT", "WITH"):
        return "READS"
    if "RETURNING" in words:
        return "ANSWERS"
    plain = words[0] == "INSERT" and "SELECT" not in words
    return "APPENDS" if plain and "UPDATE" not in words else "CHANGES"


def tables_of(text: str) -> set[str]:
    """Names that stand where a table stands."""
    found = set()
    words = list(_words(text))
    for (word, _, _), (name, start, _) in zip(words, words[1:]):
        after_do = word == "UPDATE" and name == "SET"
        if word in ("FROM", "JOIN", "INTO", "UPDATE") and not after_do:
            found.add(text[start:start + len(name)].lower())
    for match in LISTED.finditer(text):
        found |= {piece.split()[0].lower() for piece in match.group(1).split(",")}
    return found


def _place_of(text: str, word: str, start: int = 0) -> int | None:
    """Where `word` stands outside brackets and strings, from `start` on."""
    return next((at for found, at, depth in _words(text)
                 if found == word and depth == 0 and at >= start), None)


GIVEN = "(SELECT {rows}) AS given"
PLACED = "(SELECT {rows}, generate_subscripts($1, 1) AS place) AS given"


def many_rows(text: str, count: int) -> str | None:
    """The statement for many rows; None where it has no parameters or no such form."""
    if count == 0 or "{" in text or "}" in text:
        return None
    each = "".join(f"given.p{match.group('number')}" if kind == "parameter" else piece
                   for kind, piece, match in tokens(text))
    kind = kind_of(text)
    first = next(_words(text))[0]
    if kind == "ANSWERS" or first == "WITH":
        return None
    if kind == "READS":
        # OFFSET 0 keeps the planner from flattening it: rows come place by place, each in order
        return f"SELECT given.place, q.* FROM {PLACED} CROSS JOIN LATERAL ({each} OFFSET 0) AS q"
    if first == "INSERT":
        values = _place_of(each, "VALUES")
        if values is None:
            return None
        conflict = _place_of(each, "ON", values)
        end = len(each) if conflict is None else conflict
        row = each[values + len("VALUES"):end].strip()
        tail = "" if conflict is None else " " + each[conflict:]
        if "given.p" in tail:
            return None
        return f"{each[:values]}SELECT {row[1:-1]} FROM {GIVEN}{tail}"
    where = _place_of(each, "WHERE")
    if where is None:
        return None
    word = "FROM" if first == "UPDATE" else "USING"
    return f"{each[:where]}{word} {GIVEN} {each[where:]}"
