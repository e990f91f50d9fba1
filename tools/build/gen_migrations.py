"""Turns sql/migrations/NNNN_name/up.sql into the table of migrations that the binary carries.

Usage: gen_migrations.py MIGRATIONS_DIR OUT.inc OUT.depfile

Each folder holds up.sql and note.md (what changes and why). The checksum is that of up.sql with
comments and spacing taken out, in the common dialect: rewording a comment is not a new migration.
"""

import hashlib
import re
import sys
from pathlib import Path

from migration_steps import steps
from sql_dialect import c_string, essence, for_postgres, for_sqlite


def read_migration(folder: Path) -> dict:
    """One migration; ends the build with folder and reason when a rule is broken."""
    match = re.fullmatch(r"([0-9]{4})_([a-z][a-z0-9_]*)", folder.name)
    if match is None:
        sys.exit(f"{folder}: a migration's folder is called NNNN_name")
    for name in ("up.sql", "note.md"):
        if not (folder / name).is_file():
            sys.exit(f"{folder}: {name} is missing")
    text = (folder / "up.sql").read_text(encoding="utf-8")
    sqlite, postgres = for_sqlite(text), for_postgres(text)
    return {
        "number": int(match.group(1)),
        "name": match.group(2),
        "checksum": hashlib.sha256(f"{essence(sqlite)}\n{essence(postgres)}".encode()).hexdigest(),
        "sqlite": sqlite,
        "postgres": postgres,
    }


def steps_name(migration: dict, dialect: str) -> str:
    """The C name of a migration's array of steps."""
    return f"{dialect}_steps_{migration['number']}"


def write_steps(out, migration: dict, dialect: str) -> None:
    """The array of one dialect, ended by an empty entry."""
    out.write(f"static const struct migration_step {steps_name(migration, dialect)}[] = {{\n")
    for text, table, effect in steps(migration[dialect], dialect):
        out.write(f'{{{c_string(text)}, "{table}", EFFECT_{effect}}},\n')
    out.write("{NULL, NULL, EFFECT_NEW}};\n")


def main(folder: str, table: str, depfile: str) -> None:
    folders = sorted(path for path in Path(folder).iterdir() if path.is_dir())
    migrations = [read_migration(path) for path in folders]
    numbers = [migration["number"] for migration in migrations]
    if len(set(numbers)) != len(numbers):
        sys.exit(f"{folder}: two migrations have the same number")
    with open(table, "w", encoding="utf-8") as out:
        out.write("/* Generated from sql/migrations. */\n")
        out.write('#pragma GCC diagnostic ignored "-Woverlength-strings"\n')
        for migration in migrations:
            write_steps(out, migration, "sqlite")
            write_steps(out, migration, "postgres")
        out.write("static const struct migration migration_table[] = {\n")
        for migration in migrations:
            out.write(f"{{{migration['number']}, \"{migration['name']}\",\n")
            out.write(f"    \"{migration['checksum']}\",\n")
            out.write(f"    {c_string(migration['sqlite'])},\n")
            out.write(f"    {c_string(migration['postgres'])},\n")
            out.write(f"    {steps_name(migration, 'sqlite')},\n")
            out.write(f"    {steps_name(migration, 'postgres')}}},\n")
        out.write("};\n")
    with open(depfile, "w", encoding="utf-8") as out:
        files = [str(path / name) for path in folders for name in ("up.sql", "note.md")]
        out.write(f"{table}: {folder} " + " ".join([str(path) for path in folders] + files) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
