"""What each statement of a migration does to a database that is in use.

Exports steps(): for `fenqi migrate --plan`. The effects are those of PostgreSQL 15 and SQLite 3.37;
what is not recognised is EFFECT_UNKNOWN, never guessed. On SQLite every migration holds the one
write lock until it is done, whatever its effect.
"""

import re

from sql_dialect import tokens

# The first that fits: pattern, effect on SQLite, effect on PostgreSQL. The group names the table.
ADD = r"ALTER TABLE (\w+) ADD (?:COLUMN )?"
RULES = (
    (r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", "NEW", "NEW"),
    (r"CREATE (?:UNIQUE )?INDEX (?:IF NOT EXISTS )?\w+ ON (\w+)", "READS", "READS"),
    (r"CREATE VIEW (\w+)", "NEW", "NEW"),
    (ADD + r"(?:CONSTRAINT|CHECK|FOREIGN|UNIQUE|PRIMARY)\b", "UNKNOWN", "READS"),
    (ADD + r".*\b(?:REFERENCES|UNIQUE|CHECK)\b", "READS", "READS"),
    (ADD + r".*\bDEFAULT\b[^,]*\(", "REWRITES", "REWRITES"),
    (ADD, "BRIEF", "BRIEF"),
    (r"ALTER TABLE (\w+) DROP COLUMN\b", "REWRITES", "BRIEF"),
    (r"ALTER TABLE (\w+) RENAME\b", "BRIEF", "BRIEF"),
    (r"ALTER TABLE (\w+) ALTER (?:COLUMN )?\w+ (?:SET DATA )?TYPE\b", "UNKNOWN", "REWRITES"),
    (r"ALTER TABLE (\w+) ALTER (?:COLUMN )?\w+ SET NOT NULL", "UNKNOWN", "READS"),
    (r"ALTER TABLE (\w+) ALTER (?:COLUMN )?\w+ (?:SET|DROP)\b", "UNKNOWN", "BRIEF"),
    (r"ALTER TABLE (\w+)", "UNKNOWN", "UNKNOWN"),
    (r"DROP TABLE (?:IF EXISTS )?(\w+)", "DROPS", "DROPS"),
    (r"DROP INDEX (?:IF EXISTS )?\w+()", "BRIEF", "BRIEF"),
    (r"INSERT INTO (\w+)", "ROWS", "ROWS"),
    (r"UPDATE (\w+)", "ROWS", "ROWS"),
    (r"DELETE FROM (\w+)", "ROWS", "ROWS"),
)
SHORT = 96


def statements(text: str) -> list[str]:
    """The statements of one dialect's text, each on one line."""
    found, current = [], []
    for kind, piece, _ in tokens(text):
        if kind == "end":
            found.append("".join(current))
            current = []
        else:
            current.append(" " if kind in ("space", "line", "block") else piece)
    found.append("".join(current))
    return [line for line in (re.sub(r" +", " ", one).strip() for one in found) if line]


def _short(statement: str) -> str:
    made = re.match(r"CREATE TABLE (?:IF NOT EXISTS )?\w+", statement, re.IGNORECASE)
    if made:
        return made.group(0)
    return statement if len(statement) <= SHORT else statement[: SHORT - 4] + " ..."


def steps(text: str, dialect: str) -> list[tuple[str, str, str]]:
    """(text in short, table, effect) of every statement; dialect is sqlite or postgres."""
    found = []
    for statement in statements(text):
        for pattern, sqlite, postgres in RULES:
            match = re.match(pattern, statement, re.IGNORECASE | re.DOTALL)
            if match:
                effect = sqlite if dialect == "sqlite" else postgres
                found.append((_short(statement), match.group(1), effect))
                break
        else:
            found.append((_short(statement), "", "UNKNOWN"))
    return found
