"""Turns sql/queries/*.sql into enum query and the table of their texts.

Usage: gen_queries.py QUERIES_DIR OUT.h OUT.inc OUT.depfile

A file is one statement, its first line a comment that says what the statement is for. A line
`-- scan: reason` lets the query read or sort without an index (the guard in tests/conformance
holds every other query to its indexes). The depfile names the folder too, so that a new file is
picked up by a plain ninja.
"""

import re
import sys
from pathlib import Path

from many_rows import kind_of, many_rows, tables_of
from sql_dialect import c_string, for_postgres, for_sqlite, parameter_numbers, statement_count


def read_query(path: Path) -> dict:
    """The query of one file; ends the build with file and reason when a rule is broken."""

    def refuse(reason: str):
        sys.exit(f"{path}: {reason}")

    text = path.read_text(encoding="utf-8")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", path.stem):
        refuse("the name must be AGGREGATE_verb in small letters, digits and underscores")
    if not re.match(r"-- \S", text):
        refuse("the first line must be a comment that says what the query is for")
    if statement_count(text) != 1:
        refuse("a file holds exactly one statement")
    numbers = parameter_numbers(text)
    if numbers != set(range(1, len(numbers) + 1)):
        refuse(f"parameters must be $1 to $n without a gap, these are {sorted(numbers)}")
    if len(numbers) > 48:
        refuse("more than 48 parameters")
    postgres = for_postgres(text).rstrip(";")
    return {
        "name": path.stem,
        "kind": kind_of(postgres),
        "many": many_rows(postgres, len(numbers)),
        "tables": tables_of(postgres),
        "parameters": len(numbers),
        "scan": bool(re.search(r"^-- scan: \S", text, re.MULTILINE)),
        "sqlite": for_sqlite(text).rstrip(";"),
        "postgres": postgres,
        "comment": text.split("\n", 1)[0][3:].replace("*/", "* /"),
    }


def main(folder: str, header: str, table: str, depfile: str) -> None:
    paths = sorted(Path(folder).glob("*.sql"))
    queries = [read_query(path) for path in paths]
    tables = sorted({table for query in queries for table in query["tables"]})
    if len(tables) > 64:
        sys.exit(f"{folder}: {len(tables)} tables do not fit into a set of 64 bits")
    with open(header, "w", encoding="utf-8") as out:
        out.write("/* Generated from sql/queries. Exports enum query. */\n")
        out.write("#ifndef FENQI_STORE_QUERY_H\n#define FENQI_STORE_QUERY_H\n\nenum query {\n")
        for query in queries:
            out.write(f"    QUERY_{query['name'].upper()}, /* {query['comment']} */\n")
        out.write("    QUERY_COUNT\n};\n\n#endif\n")
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Generated from sql/queries. */\n")
        out.write('#pragma GCC diagnostic ignored "-Woverlength-strings"\n')
        out.write("static const struct query_text query_table[QUERY_COUNT] = {\n")
        for query in queries:
            scan = "true" if query["scan"] else "false"
            out.write(f"[QUERY_{query['name'].upper()}] = {{\n    \"{query['name']}\",\n")
            out.write(f"    {c_string(query['sqlite'])},\n    {c_string(query['postgres'])},\n")
            many = "NULL" if query["many"] is None else c_string(query["many"])
            mask = sum(1 << tables.index(table) for table in query["tables"])
            out.write(f"    {many},\n    {query['parameters']}, QUERY_{query['kind']}, ")
            out.write(f"UINT64_C({mask:#x}), {scan}}},\n")
        out.write("};\n")
    with open(depfile, "w", encoding="utf-8") as out:
        out.write(f"{header}: {folder} " + " ".join(str(path) for path in paths) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
