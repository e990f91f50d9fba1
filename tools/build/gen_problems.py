"""Turns spec/problems.tsv into the codes and the table that src/api/problem.h and .c include.

Usage: gen_problems.py spec/problems.tsv OUT_CODES.h OUT_TABLE.inc
"""

import csv
import json
import re
import sys

COLUMNS = ["code", "http", "title_zh", "title_en", "detail_zh", "detail_en"]


def main(source: str, codes: str, table: str) -> None:
    with open(source, encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        rows = list(reader)
    if reader.fieldnames != COLUMNS:
        sys.exit(f"{source}: columns must be {COLUMNS}")
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        code = row["code"]
        if not re.fullmatch(r"[a-z][a-z0-9_]*", code or "") or code in seen:
            sys.exit(f"{source}:{number}: bad or repeated code {code!r}")
        seen.add(code)
        if not 400 <= int(row["http"]) <= 599 or any(not row[name] for name in COLUMNS):
            sys.exit(f"{source}:{number}: {code} lacks a text or has a wrong status")
        for name in COLUMNS:
            if re.search(r"[\x00-\x1f]", row[name]):
                sys.exit(f"{source}:{number}: control character in {name}")
    with open(codes, "w", encoding="utf-8") as out:
        out.write("/* problem_codes.h: generated from spec/problems.tsv: enum problem_code. */\n")
        out.write("#ifndef FENQI_API_PROBLEM_CODES_H\n#define FENQI_API_PROBLEM_CODES_H\n\n")
        out.write("enum problem_code {\n    PROBLEM_NONE,\n")
        for row in rows:
            out.write(f'    PROBLEM_{row["code"].upper()}, /* {row["http"]} */\n')
        out.write(f"}};\nenum {{ PROBLEM_COUNT = {len(rows) + 1} }};\n\n#endif\n")
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Generated from spec/problems.tsv. */\n")
        for row in rows:
            texts = ", ".join(json.dumps(row[name], ensure_ascii=False) for name in COLUMNS[2:])
            index = f'PROBLEM_{row["code"].upper()}'
            out.write(f'[{index}] = {{"{row["code"]}", {row["http"]}, {texts}}},\n')


if __name__ == "__main__":
    main(*sys.argv[1:4])
