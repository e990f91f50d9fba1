"""Turns spec/status.tsv into the table that src/base/fault.c includes.

Usage: gen_status.py spec/status.tsv OUT.inc
"""

import csv
import sys


def main(source: str, target: str) -> None:
    with open(source, encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    with open(target, "w", encoding="utf-8") as out:
        out.write("/* Generated from spec/status.tsv. */\n")
        for row in rows:
            retry = {"yes": "true", "no": "false"}[row["retry"]]
            out.write(
                f'[STATUS_{row["name"].upper()}] = '
                f'{{"{row["name"]}", {int(row["http"])}, {int(row["exit"])}, {retry}}},\n'
            )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
