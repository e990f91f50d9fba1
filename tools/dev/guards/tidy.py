"""Guards on how files are written: one rule a function, each over the tracked files of a root.

A rule says in its message what to do instead. Where the house allows an exception, the code
itself carries the reason in a marker comment on the same line:
    /* foreign: ... */   a default: in a switch over values that are not ours
    /* clock: ... */     reading a clock outside main, http and job
"""

from __future__ import annotations

import re
from pathlib import Path

from ..paths import tracked
from . import c_source
from .violation import Violation

LONGEST_LINE = 100
LONGEST_FILE = 600
LONGEST_FUNCTION = 70
PURE_ROOMS = ("base", "engine", "ledger")

# Sources that people write; generated and foreign files are not held to our style.
_OURS = (".c", ".h", ".py", ".sh", ".ts", ".vue", ".sql", ".css", ".mjs")
_GENERATED = re.compile(r"(schema\.d\.ts|package-lock\.json)$")


def _name(root: Path, path: Path) -> str:
    return str(path.relative_to(root))


def _room(root: Path, path: Path) -> str:
    parts = path.relative_to(root).parts
    return parts[1] if parts[0] == "src" and len(parts) > 2 else parts[0]


def _sources(root: Path, *suffixes: str) -> list[Path]:
    return [path for path in tracked(root) if path.suffix in (suffixes or _OURS)
            and not _GENERATED.search(path.name)]


def _c_sources(root: Path) -> list[Path]:
    return [path for path in _sources(root, ".c", ".h")
            if path.relative_to(root).parts[0] in ("src", "sandbox", "tests", "bench")]


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace")


def opening_comments(root: Path) -> list[Violation]:
    """A file says first what it is and what it exports."""
    begins = {".c": ("/*",), ".h": ("/*",), ".py": ('"""', "#!", "#"), ".sql": ("--",),
              ".ts": ("/*", "//"), ".mjs": ("/*", "//", "#!"),
              ".vue": ("<!--", '<script setup lang="ts">\n//', '<script lang="ts">\n//'),
              ".css": ("/*",), ".sh": ("#!",)}
    violations = []
    for path in _sources(root):
        text = _text(path).lstrip("\ufeff")
        if text.strip() and not text.startswith(begins.get(path.suffix, ("",))):
            violations.append(Violation(
                _name(root, path), 1, "open the file with a comment: what it is, what it exports"))
    return violations


def line_lengths(root: Path) -> list[Violation]:
    """C, Python and shell: at most 100 columns (a wide CJK character is one column here)."""
    violations = []
    for path in _sources(root, ".c", ".h", ".py", ".sh"):
        for number, line in enumerate(_text(path).splitlines(), 1):
            if len(line) > LONGEST_LINE:
                violations.append(Violation(_name(root, path), number,
                                            f"{len(line)} columns; at most {LONGEST_LINE}"))
    return violations


def _ratchet(root: Path) -> dict[str, int]:
    """Permitted excesses: path or path:function → lines."""
    table = root / "spec" / "ratchet.tsv"
    entries = {}
    if table.exists():
        for number, line in enumerate(table.read_text("utf-8").splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                cells = line.split("\t")
                if len(cells) != 3 or not cells[2].strip():
                    raise ValueError(f"{table}:{number}: expected what, lines, why")
                entries[cells[0]] = int(cells[1])
    return entries


def sizes(root: Path) -> list[Violation]:
    """Files ≤ 600 lines, functions ≤ 70, or an entry in the ratchet that is still needed."""
    ratchet = _ratchet(root)
    needed = set()
    violations = []

    def judge(what: str, path: str, line: int, lines: int, limit: int) -> None:
        if lines <= limit:
            return
        needed.add(what)
        if lines > ratchet.get(what, 0):
            permitted = f"the ratchet permits {ratchet[what]}" if what in ratchet else \
                f"at most {limit}: split it by meaning"
            violations.append(Violation(path, line, f"{what}: {lines} lines; {permitted}"))

    for path in _sources(root, ".c", ".h", ".py", ".ts", ".vue", ".mjs"):
        name, text = _name(root, path), _text(path)
        judge(name, name, 0, len(text.splitlines()), LONGEST_FILE)
        if path.suffix in (".c", ".h"):
            for function in c_source.functions(text):
                judge(f"{name}:{function.name}", name, function.line, function.lines,
                      LONGEST_FUNCTION)
    for what in sorted(set(ratchet) - needed):
        violations.append(Violation("spec/ratchet.tsv", 0, f"{what} is short now: delete its line"))
    return violations


_BANNED_NAMES = re.compile(r"(^|[_.-])(utils?|helpers?|commons?|managers?|misc)([_.-]|$)")


def names(root: Path) -> list[Violation]:
    """A file or folder is named for what is in it."""
    violations = []
    for path in tracked(root):
        for part in path.relative_to(root).parts:
            if _BANNED_NAMES.search(part.lower()):
                violations.append(Violation(_name(root, path), 0,
                                            f"'{part}' says nothing: name what is in it"))
    return violations


# Function → what to use instead.
_BANNED_FUNCTIONS = {
    "strcpy": "builder_add or memcpy with a checked size",
    "strcat": "builder_add", "sprintf": "snprintf or builder_add", "vsprintf": "vsnprintf",
    "gets": "a bounded read", "strtok": "a loop over the text",
    "atoi": "a parser that refuses bad text", "atol": "a parser that refuses bad text",
    "atoll": "a parser that refuses bad text", "atof": "integers",
    "rand": "the randomness that is passed in", "srand": "the randomness that is passed in",
    "random": "the randomness that is passed in", "alloca": "the arena",
    "system": "no shell", "popen": "no shell", "localtime": "base/instant.h",
    "gmtime": "base/instant.h", "mktime": "base/day.h",
    "setjmp": "status codes (tests may, for cmocka)", "longjmp": "status codes",
}
_CLOCKS = {"time", "clock", "gettimeofday", "clock_gettime", "timespec_get"}
_CLOCK_ROOMS = ("main", "http", "job", "sandbox", "tests", "bench")
_CALL = re.compile(r"(?<![\w.>])([a-z_]\w*)\s*\(")


def functions_banned(root: Path) -> list[Violation]:
    """Calls that the house does not make."""
    violations = []
    for path in _c_sources(root):
        room = _room(root, path)
        original = _text(path).splitlines()
        for number, line in enumerate(c_source.code_only(_text(path)).splitlines(), 1):
            for call in _CALL.findall(line):
                if call in _BANNED_FUNCTIONS:
                    violations.append(Violation(_name(root, path), number,
                                                f"{call}(): use {_BANNED_FUNCTIONS[call]}"))
                elif call in _CLOCKS and room not in _CLOCK_ROOMS \
                        and "/* clock:" not in original[number - 1]:
                    violations.append(Violation(
                        _name(root, path), number,
                        f"{call}(): time is an argument (struct moment); say /* clock: why */"))
    return violations


def floating_point(root: Path) -> list[Violation]:
    """base, engine and ledger compute in integers."""
    violations = []
    for path in _c_sources(root):
        parts = path.relative_to(root).parts
        if parts[0] == "src" and _room(root, path) in PURE_ROOMS:
            code = c_source.code_only(_text(path))
            for number, line in enumerate(code.splitlines(), 1):
                if re.search(r"\b(float|double)\b|\b\d+\.\d+", line):
                    violations.append(Violation(_name(root, path), number,
                                                "no floating point here: integers and rounding.h"))
    return violations


_SQL = re.compile(r"\b(SELECT\s+[\w*(]|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
                  r"|CREATE\s+(TABLE|INDEX|UNIQUE)\b|DROP\s+TABLE\b|ALTER\s+TABLE\b)")


def sql_in_store_only(root: Path) -> list[Violation]:
    """Statements live in sql/; only the drivers in src/store may hold a few words of their own.

    The sandbox is another program, with a book of its own, tests may look where they want, and the
    bare programs that the benchmarks compare with know a database and nothing else.
    """
    violations = []
    for path in _c_sources(root):
        parts = path.relative_to(root).parts
        if parts[0] in ("tests", "sandbox") or parts[:2] in (
                ("src", "store"), ("bench", "floor")):
            continue
        for number, text in c_source.strings(_text(path)):
            if _SQL.search(text):
                violations.append(Violation(_name(root, path), number,
                                            "SQL outside src/store: put it into sql/queries/"))
    return violations


_FOREIGN = re.compile(r"/\* foreign( values?)?:")


def no_default_case(root: Path) -> list[Violation]:
    """A switch over our own enum names every member, so that the compiler finds a new one."""
    violations = []
    for path in _c_sources(root):
        original = _text(path).splitlines()
        for number, line in enumerate(c_source.code_only(_text(path)).splitlines(), 1):
            if re.search(r"\bdefault\s*:", line) and not _FOREIGN.search(original[number - 1]):
                violations.append(Violation(
                    _name(root, path), number,
                    "default: hides a missing case; over foreign values say /* foreign: what */"))
    return violations


# Written in pieces, so that this file does not find itself.
_PLACES = re.compile("|".join((
    "/" + r"work/(main|shared)\b", "/" + r"tmp/wt\b", "/" + r"home/[a-z]", "/" + r"root/[a-z.]",
    r"registry" + r"\.npmjs\.org", r"registry" + r"\.npmmirror", r"deb\." + r"debian\.org",
    r"files\." + r"pythonhosted", '"resolved"' + r":\s*\"http")))
# A header with real contents after it; a placeholder in a document has none.
_PRIVATE_KEY = re.compile("-----BEGIN " + r"([A-Z]+ )*PRIVATE " + "KEY-----"
                          + r'(\\n|[\s"])*[A-Za-z0-9+/]{40}')


def places_and_secrets(root: Path) -> list[Violation]:
    """Nothing of one machine, no registry's address, no private key in a tracked file."""
    violations = []
    for path in tracked(root):
        data = path.read_bytes()
        if b"\0" in data[:4096]:
            continue
        text = data.decode("utf-8", "replace")
        for key in _PRIVATE_KEY.finditer(text):
            violations.append(Violation(_name(root, path), text.count("\n", 0, key.start()) + 1,
                                        "a private key: make it at run time"))
        for number, line in enumerate(text.splitlines(), 1):
            place = _PLACES.search(line)
            if place:
                violations.append(Violation(_name(root, path), number,
                                            f"'{place.group()}' is a place of one machine"))
    return violations


def whitespace(root: Path) -> list[Violation]:
    """UTF-8, unix line ends, no tabs in code, a line end at the end."""
    violations = []
    for path in _sources(root):
        data = path.read_bytes()
        name = _name(root, path)
        if not data:
            continue
        if b"\r" in data:
            violations.append(Violation(name, 0, "carriage returns: use unix line ends"))
        if not data.endswith(b"\n"):
            violations.append(Violation(name, 0, "the last line has no end"))
        if path.suffix in (".c", ".h", ".py") and b"\t" in data:
            violations.append(Violation(name, 0, "tabs: indent with 4 spaces"))
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            violations.append(Violation(name, 0, "not UTF-8"))
    return violations


RULES = (
    ("every source file opens with a comment", opening_comments),
    ("no line of C, Python or shell is longer than 100 columns", line_lengths),
    ("files have at most 600 lines and functions 70, or an entry in spec/ratchet.tsv", sizes),
    ("files are named for what is in them", names),
    ("no banned function is called, clocks are read at the edge only", functions_banned),
    ("no floating point in base, engine and ledger", floating_point),
    ("SQL stands in sql/ and src/store only", sql_in_store_only),
    ("no default: in a switch over our own values", no_default_case),
    ("no machine paths, registries or private keys in tracked files", places_and_secrets),
    ("sources are UTF-8 with unix line ends and no tabs", whitespace),
)
