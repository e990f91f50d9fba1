"""Turns sql/distribution.tsv into the table by which `fenqi migrate --distribute` goes.

Usage: gen_distribution.py DISTRIBUTION.tsv OUT.inc

Order: reference tables first (others may point to them), then the first table of the customers,
then those that lie beside it, then the directories.
"""

import sys

FIRST = "customer"
ORDER = {"reference": 0, "customer": 1, "directory": 2}


def main(source: str, table: str) -> None:
    rows = []
    with open(source, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                name, placement, column, _ = line.rstrip("\n").split("\t")
                if placement != "local":
                    rows.append((ORDER[placement], name != FIRST, name, placement, column))
    if not any(name == FIRST for _, _, name, _, _ in rows):
        sys.exit(f"{source}: no table {FIRST}")
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Generated from sql/distribution.tsv. */\n")
        out.write("static const struct placement placement_table[] = {\n")
        for _, _, name, placement, column in sorted(rows):
            spread = "NULL" if placement == "reference" else f'"{column}"'
            beside = f'"{FIRST}"' if placement == "customer" and name != FIRST else "NULL"
            out.write(f'{{"{name}", {spread}, {beside}}},\n')
        out.write("};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
