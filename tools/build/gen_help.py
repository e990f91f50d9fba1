"""Turns spec/help.tsv into the table of questions and answers.

Usage: gen_help.py spec/help.tsv OUT.inc
"""

import csv
import json
import sys

COLUMNS = ("topic_id", "state", "target", "question_zh", "question_en", "answer_zh", "answer_en")
STATES = ("overdue", "due", "running", "autopay_off", "any")


def main(source: str, target: str) -> None:
    with open(source, encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            sys.exit(f"{source}: columns must be {COLUMNS}")
        rows = list(reader)
    with open(target, "w", encoding="utf-8") as out:
        out.write("/* Generated from spec/help.tsv. */\n")
        for row in rows:
            if row["state"] not in STATES or any(not row[column] for column in COLUMNS):
                sys.exit(f'{source}: row {row["topic_id"]} is not complete')
            columns = (column for column in COLUMNS if column != "state")
            texts = ", ".join(json.dumps(row[column], ensure_ascii=False) for column in columns)
            out.write(f'{{HELP_{row["state"].upper()}, {texts}}},\n')


if __name__ == "__main__":
    main(*sys.argv[1:])
