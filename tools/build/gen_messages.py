"""Turns spec/messages.tsv into the enum and the table of messages to customers.

Usage: gen_messages.py spec/messages.tsv OUT.h OUT.inc
"""

import csv
import json
import sys

COLUMNS = ("kind", "target", "title_zh", "title_en", "body_zh", "body_en")


def c_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def main(source: str, header: str, table: str) -> None:
    with open(source, encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            sys.exit(f"{source}: columns must be {COLUMNS}")
        rows = list(reader)
    with open(header, "w", encoding="utf-8") as out:
        out.write("/* Generated from spec/messages.tsv. */\n")
        for row in rows:
            out.write(f'MESSAGE_{row["kind"].upper()},\n')
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Generated from spec/messages.tsv. */\n")
        for row in rows:
            if any(not row[column] for column in COLUMNS):
                sys.exit(f'{source}: an empty cell in row {row["kind"]}')
            values = ", ".join(c_string(row[column]) for column in COLUMNS)
            out.write(f'[MESSAGE_{row["kind"].upper()}] = {{{values}}},\n')


if __name__ == "__main__":
    main(*sys.argv[1:])
