"""Turns spec/chart.tsv and spec/postings.tsv into the enums and tables of src/ledger.

Usage: gen_ledger.py chart.tsv postings.tsv account_enum.inc account_table.inc posting_enum.inc
       posting_table.inc

Refuses a chart with a repeated code or name, a posting with an unknown account or with the same
account on both sides, and a platform posting above an engine one (the engine's come first).
"""

import csv
import sys

CLASSES = {"asset", "liability", "equity", "income", "expense"}


def rows_of(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def fail(text: str) -> None:
    sys.exit(f"gen_ledger: {text}")


def check_chart(chart: list[dict[str, str]]) -> set[str]:
    names = [row["name"] for row in chart]
    codes = [row["code"] for row in chart]
    if len(set(names)) != len(names) or len(set(codes)) != len(codes):
        fail("a code or a name stands twice in the chart")
    for row in chart:
        if row["class"] not in CLASSES or not (row["code"].isdigit() and len(row["code"]) == 4):
            fail(f"bad row {row}")
    return set(names)


def check_postings(postings: list[dict[str, str]], accounts: set[str]) -> None:
    platform = False
    for row in postings:
        if row["debit"] not in accounts or row["credit"] not in accounts:
            fail(f"unknown account in {row}")
        if row["debit"] == row["credit"]:
            fail(f"same account on both sides in {row}")
        platform = platform or row["made_by"] == "platform"
        if platform and row["made_by"] != "platform":
            fail(f"an engine posting below a platform one: {row}")


def write(path: str, source: str, lines: list[str]) -> None:
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"/* Generated from {source}. */\n" + "\n".join(lines) + "\n")


def main(chart_path: str, postings_path: str, *outputs: str) -> None:
    chart, postings = rows_of(chart_path), rows_of(postings_path)
    check_postings(postings, check_chart(chart))
    write(outputs[0], "spec/chart.tsv",
          ["enum account {"] + [f'    ACCOUNT_{row["name"].upper()}, /* {row["name_zh"]} */'
                                for row in chart] +
          ["};", f"enum {{ ACCOUNT_COUNT = {len(chart)} }};"])
    write(outputs[1], "spec/chart.tsv",
          [f'[ACCOUNT_{row["name"].upper()}] = {{"{row["code"]}", "{row["name"]}", '
           f'ACCOUNT_{row["class"].upper()}, "{row["name_zh"]}", "{row["name_en"]}"}},'
           for row in chart])
    write(outputs[2], "spec/postings.tsv",
          ["enum posting_rule {"] + [f'    POSTING_{row["name"].upper()}, /* {row["what_zh"]} */'
                                     for row in postings] +
          ["};", f"enum {{ POSTING_RULE_COUNT = {len(postings)} }};"])
    write(outputs[3], "spec/postings.tsv",
          [f'[POSTING_{row["name"].upper()}] = {{"{row["name"]}", '
           f'ACCOUNT_{row["debit"].upper()}, ACCOUNT_{row["credit"].upper()}}},'
           for row in postings])


if __name__ == "__main__":
    main(*sys.argv[1:])
