"""Guard: schema and queries keep the rules of a distributed table.

Where each table lives is data (sql/distribution.tsv). A statement of a unit finds the shard by an
equality of each distributed table's own column with a parameter (or with an element of an array
whose elements are of one shard); what must look at every shard says so with a line
`-- shards: reason` and may neither lock nor read tables that do not lie together (docs/scale.md).
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from ..paths import ROOT
from .sql_tree import Node, bare, conjuncts, names_of, parse, text_of, walk
from .violation import Violation

sys.path.insert(0, str(ROOT / "tools" / "build"))
from many_rows import many_rows  # noqa: E402  (the build's own reading of sql/)
from sql_dialect import for_postgres, parameter_numbers  # noqa: E402

PLACEMENTS = ("customer", "directory", "reference", "local")
STATEMENTS = ("SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt")
# What another machine would answer otherwise, or what is bound to one session.
FORBIDDEN = frozenset((
    "nextval", "currval", "lastval", "setval", "random", "now", "clock_timestamp",
    "statement_timestamp", "transaction_timestamp", "gen_random_uuid", "set_config", "pg_notify",
    "txid_current", "pg_current_xact_id", "pg_advisory_lock", "pg_advisory_unlock"))


@dataclass(frozen=True)
class Placement:
    """One line of sql/distribution.tsv."""

    table: str
    kind: str
    column: str

    @property
    def spread(self) -> bool:
        """Whether the table has shards."""
        return self.kind in ("customer", "directory")

    @property
    def group(self) -> str:
        """Tables of one group lie together: equal values of their columns, one shard."""
        return "customer" if self.kind == "customer" else self.table


@dataclass
class Schema:
    """What the migrations make: columns of tables and keys, and what is wrong with them."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Violation] = field(default_factory=list)


def read_placements(path: Path) -> tuple[dict[str, Placement], list[Violation]]:
    """sql/distribution.tsv, and what is wrong in it."""
    placements, problems = {}, []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        spread = len(cells) == 4 and cells[1] in ("customer", "directory")
        if len(cells) != 4 or cells[1] not in PLACEMENTS or (cells[2] != "-") != spread:
            problems.append(Violation("sql/distribution.tsv", number, "is not a placement"))
        elif cells[0] in placements:
            problems.append(Violation("sql/distribution.tsv", number, f"{cells[0]} stands twice"))
        else:
            placements[cells[0]] = Placement(*cells[:3])
    return placements, problems


# ---- the schema ----

def _key_problem(placement: Placement | None, columns: list[str]) -> str | None:
    if placement is None or not placement.spread:
        return None
    if placement.column not in columns:
        return f"unique key ({', '.join(columns)}) lacks {placement.column}: it would cross shards"
    if placement.kind == "customer" and columns[0] != placement.column:
        return f"key ({', '.join(columns)}) does not start with {placement.column}"
    return None


def _foreign_problem(placements: dict[str, Placement], own: str, columns: list[str],
                     body: Node) -> str | None:
    other = body["pktable"]["relname"]
    here, there = placements.get(own), placements.get(other)
    if here is None or there is None or there.kind == "reference":
        return None
    there_columns = names_of(body.get("pk_attrs", [])) or [there.column]
    together = here.spread and there.spread and here.group == there.group
    if together and (here.column, there.column) in zip(columns, there_columns):
        return None
    return f"foreign key to {other} crosses shards"


def _constraint_problems(placements: dict[str, Placement], table: str, body: Node,
                         column: str | None) -> list[str]:
    kind = body["contype"]
    found: list[str | None] = []
    if kind in ("CONSTR_PRIMARY", "CONSTR_UNIQUE"):
        keys = names_of(body.get("keys", [])) or [column or ""]
        found.append(_key_problem(placements.get(table), keys))
    elif kind == "CONSTR_FOREIGN":
        columns = names_of(body.get("fk_attrs", [])) or [column or ""]
        found.append(_foreign_problem(placements, table, columns, body))
    elif kind == "CONSTR_IDENTITY":
        found.append("identity column: ids are made by the server")
    return [problem for problem in found if problem]


def _create_table(schema: Schema, placements: dict[str, Placement], path: str, body: Node) -> None:
    table = body["relation"]["relname"]
    columns = schema.columns.setdefault(table, [])
    problems: list[str] = []
    for element in body["tableElts"]:
        if "ColumnDef" in element:
            column = element["ColumnDef"]
            columns.append(column["colname"])
            if "serial" in names_of(column["typeName"]["names"])[-1]:
                problems.append("serial column: ids are made by the server")
            for constraint in column.get("constraints", []):
                problems += _constraint_problems(
                    placements, table, constraint["Constraint"], column["colname"])
        elif "Constraint" in element:
            problems += _constraint_problems(placements, table, element["Constraint"], None)
    placement = placements.get(table)
    if placement is None:
        problems.append("has no line in sql/distribution.tsv")
    elif placement.spread and placement.column not in columns:
        problems.append(f"has no column {placement.column}, by which it is spread")
    elif not placement.spread and "customer_id" in columns:
        problems.append(f"holds customers' rows but is {placement.kind}")
    schema.problems += [Violation(path, 0, f"table {table}: {text}") for text in problems]


def _schema_statement(schema: Schema, placements: dict[str, Placement], path: str, kind: str,
                      body: Node) -> None:
    say = lambda text: schema.problems.append(Violation(path, 0, text))  # noqa: E731
    if kind == "CreateStmt":
        _create_table(schema, placements, path, body)
    elif kind == "IndexStmt" and body.get("unique"):
        table = body["relation"]["relname"]
        columns = [one["IndexElem"].get("name", "?") for one in body["indexParams"]]
        problem = _key_problem(placements.get(table), columns)
        if problem:
            say(f"index {body['idxname']}: {problem}")
    elif kind == "AlterTableStmt":
        table = body["relation"]["relname"]
        for name, column in walk(body):
            if name == "ColumnDef" and "colname" in column:
                schema.columns.setdefault(table, []).append(column["colname"])
    elif kind in ("CreateSeqStmt", "CreateTrigStmt"):
        say("sequences and triggers belong to one machine")
    elif kind == "DropStmt" and body["removeType"] == "OBJECT_TABLE":
        for names in body["objects"]:
            schema.columns.pop(names_of(names["List"]["items"])[-1], None)
    for name, call in walk(body):
        if name == "FuncCall" and names_of(call["funcname"])[-1] in FORBIDDEN:
            say(f"calls {names_of(call['funcname'])[-1]}()")


def read_schema(root: Path, placements: dict[str, Placement]) -> Schema:
    """Every migration in its order."""
    schema = Schema({"schema_migration": ["number", "name", "checksum", "applied_at_us"]})
    for folder in sorted(path for path in (root / "sql/migrations").iterdir() if path.is_dir()):
        path = folder / "up.sql"
        name = str(path.relative_to(root))
        for kind, body in parse(for_postgres(path.read_text("utf-8"))):
            _schema_statement(schema, placements, name, kind, body)
    for table in sorted(set(placements) - set(schema.columns)):
        schema.problems.append(
            Violation("sql/distribution.tsv", 0, f"{table} is no table of the migrations"))
    return schema


# ---- a statement ----

class _Scope:
    """The tables that one query level reads, by the names it gives them."""

    def __init__(self, outer: _Scope | None) -> None:
        self.outer = outer
        self.tables: dict[str, str | None] = {}  # None: a subquery, a function, a CTE


class Statement:
    """Which columns a statement makes equal, and from that on which shards it works."""

    def __init__(self, placements: dict[str, Placement], columns: dict[str, list[str]]) -> None:
        self._placements = placements
        self._columns = columns
        self._parent: dict[object, object] = {}
        self._pinned: set[object] = set()
        self._spread: list[tuple[Placement, object]] = []
        self.problems: list[str] = []
        self.locks = False

    # equalities

    def _find(self, node: object) -> object:
        while self._parent.get(node, node) != node:
            node = self._parent[node]
        return node

    def _join(self, one: object, other: object) -> None:
        self._parent[self._find(one)] = self._find(other)

    def _column(self, scope: _Scope | None, node: Node) -> object | None:
        fields = names_of(node["fields"])
        if fields[-1] == "*":
            return None
        while scope is not None:
            for alias, table in scope.tables.items():
                known = table is None or fields[-1] in self._columns.get(table, [])
                if (len(fields) > 1 and fields[-2] == alias) or (
                        len(fields) == 1 and known and (table or len(scope.tables) == 1)):
                    return id(scope), alias, fields[-1]
            scope = scope.outer
        return None

    def _value(self, scope: _Scope, node: Node) -> object | None:
        node = bare(node)
        if "ColumnRef" in node:
            return self._column(scope, node["ColumnRef"])
        if "ParamRef" in node:
            value = "$", node["ParamRef"].get("number", 0)
        elif "A_Const" in node:
            value = "const", str(node["A_Const"])
        else:
            return None
        self._pinned.add(value)
        return value

    def _equal(self, scope: _Scope, left: Node, right: Node, pins: set[str] | None) -> None:
        """`pins`: only columns of these names of tables are pinned by a value (outer joins)."""
        if "RowExpr" in left and "RowExpr" in right:
            for one, other in zip(left["RowExpr"]["args"], right["RowExpr"]["args"]):
                self._equal(scope, one, other, pins)
            return
        one, other = self._value(scope, left), self._value(scope, right)
        if one is None or other is None:
            return
        if pins is not None:
            for value, column in ((one, other), (other, one)):
                if value in self._pinned and len(column) == 3 and column[1] not in pins:
                    return
        self._join(one, other)

    def _conditions(self, scope: _Scope, node: Node | None, pins: set[str] | None = None) -> None:
        for condition in conjuncts(node):
            expression = condition.get("A_Expr")
            if expression is None or names_of(expression["name"])[-1] != "=":
                continue
            if expression["kind"] == "AEXPR_OP":
                self._equal(scope, expression["lexpr"], expression["rexpr"], pins)
            elif expression["kind"] == "AEXPR_OP_ANY" and "ParamRef" in bare(expression["rexpr"]):
                self._equal(scope, expression["lexpr"], expression["rexpr"], pins)

    # what is read

    def _relation(self, scope: _Scope, body: Node, ctes: set[str]) -> str:
        table = body["relname"]
        alias = body.get("alias", {}).get("aliasname", table)
        if table in ctes:
            scope.tables[alias] = None
            return alias
        scope.tables[alias] = table
        placement = self._placements.get(table)
        if placement is None:
            self.problems.append(f"{table} has no line in sql/distribution.tsv")
        elif placement.spread:
            self._spread.append((placement, (id(scope), alias, placement.column)))
        return alias

    def _from(self, scope: _Scope, item: Node, ctes: set[str]) -> set[str]:
        """Adds an item of FROM; the names that it brings."""
        if "RangeVar" in item:
            return {self._relation(scope, item["RangeVar"], ctes)}
        if "JoinExpr" in item:
            return self._joined(scope, item["JoinExpr"], ctes)
        if "RangeSubselect" in item:
            return {self._subselect(scope, item["RangeSubselect"], ctes)}
        if "RangeFunction" in item:
            body = item["RangeFunction"]
            alias = body.get("alias", {}).get("aliasname", "?")
            scope.tables[alias] = None
            if any(kind == "ParamRef" for kind, _ in walk(body)):  # arrays of one shard
                for name in body.get("alias", {}).get("colnames", []):
                    self._pinned.add((id(scope), alias, text_of(name)))
            return {alias}
        self.problems.append(f"reads a {next(iter(item))}")
        return set()

    def _joined(self, scope: _Scope, body: Node, ctes: set[str]) -> set[str]:
        left = self._from(scope, body["larg"], ctes)
        right = self._from(scope, body["rarg"], ctes)
        kind = body.get("jointype", "JOIN_INNER")
        if kind == "JOIN_FULL":
            self.problems.append("FULL JOIN")
        nullable = {"JOIN_LEFT": right, "JOIN_RIGHT": left}.get(kind)
        self._conditions(scope, body.get("quals"), nullable)
        for name in names_of(body.get("usingClause", [])):
            for one in left:
                for other in right:
                    self._join((id(scope), one, name), (id(scope), other, name))
        return left | right

    def _subselect(self, scope: _Scope, body: Node, ctes: set[str]) -> str:
        alias = body["alias"]["aliasname"]
        select = body["subquery"]["SelectStmt"]
        inner = self.select(select, scope, ctes)
        scope.tables[alias] = None
        for target in select.get("targetList", []):
            value = bare(target["ResTarget"].get("val", {}))
            if "ColumnRef" in value:
                column = self._column(inner, value["ColumnRef"])
                name = target["ResTarget"].get("name") or names_of(value["ColumnRef"]["fields"])[-1]
                if column is not None:
                    self._join((id(scope), alias, name), column)
            elif "FuncCall" in value and names_of(value["FuncCall"]["funcname"])[-1] == "unnest":
                if any(kind == "ParamRef" for kind, _ in walk(value)):  # an array of one shard
                    self._pinned.add((id(scope), alias, target["ResTarget"].get("name")))
        return alias

    def _common(self, body: Node, outer: _Scope | None, ctes: set[str]) -> set[str]:
        names = set(ctes)
        for entry in body.get("withClause", {}).get("ctes", []):
            query = entry["CommonTableExpr"]["ctequery"]
            if "SelectStmt" not in query:
                self.problems.append("a WITH part that writes")
            else:
                self.select(query["SelectStmt"], outer, names)
            names.add(entry["CommonTableExpr"]["ctename"])
        return names

    def _nested(self, scope: _Scope, ctes: set[str], *parts: object) -> None:
        """Subqueries inside expressions."""
        if isinstance(parts, tuple) and len(parts) == 1 and isinstance(parts[0], list):
            parts = tuple(parts[0])
        for part in parts:
            if isinstance(part, list):
                self._nested(scope, ctes, *part)
            elif isinstance(part, dict):
                for name, value in part.items():
                    if name == "SubLink":
                        self.select(value["subselect"]["SelectStmt"], scope, ctes)
                    else:
                        self._nested(scope, ctes, value)

    def select(self, body: Node, outer: _Scope | None, ctes: set[str]) -> _Scope:
        """One SELECT and everything inside it."""
        scope = _Scope(outer)
        names = self._common(body, outer, ctes)
        if body.get("op", "SETOP_NONE") != "SETOP_NONE":
            self.select(body["larg"], outer, names)
            self.select(body["rarg"], outer, names)
            return scope
        for item in body.get("fromClause", []):
            self._from(scope, item, names)
        self._conditions(scope, body.get("whereClause"))
        self._nested(scope, names, *(body.get(part) for part in (
            "targetList", "whereClause", "havingClause", "sortClause", "valuesLists")))
        self.locks = self.locks or "lockingClause" in body
        return scope

    # what is written

    def _keeps_place(self, placement: Placement | None, targets: list[Node]) -> None:
        for target in targets:
            if placement and placement.spread and target["ResTarget"]["name"] == placement.column:
                self.problems.append(f"changes {placement.column}, by which the row is spread")

    def change(self, body: Node) -> None:
        """UPDATE or DELETE."""
        scope = _Scope(None)
        ctes = self._common(body, None, set())
        self._relation(scope, body["relation"], ctes)
        for item in body.get("fromClause", []) + body.get("usingClause", []):
            self._from(scope, item, ctes)
        self._conditions(scope, body.get("whereClause"))
        self._nested(scope, ctes, body.get("targetList"), body.get("whereClause"))
        self._keeps_place(self._placements.get(body["relation"]["relname"]),
                          body.get("targetList", []))

    def insert(self, body: Node) -> None:
        """INSERT: the row's place is a parameter, or the column of an array of parameters."""
        ctes = self._common(body, None, set())
        table = body["relation"]["relname"]
        placement = self._placements.get(table)
        scope = _Scope(None)
        self._relation(scope, body["relation"], ctes)
        select = body["selectStmt"]["SelectStmt"]
        names = [column["ResTarget"]["name"] for column in body.get("cols", [])]
        if placement and placement.spread:
            place = (id(scope), body["relation"].get("alias", {}).get("aliasname", table),
                     placement.column)
            if placement.column not in names:
                self.problems.append(f"gives no {placement.column}")
            else:
                self._inserted(scope, select, names.index(placement.column), place, ctes)
        elif "valuesLists" not in select:
            self.select(select, None, ctes)
        conflict = body.get("onConflictClause", {})
        self._keeps_place(placement, conflict.get("targetList", []))

    def _inserted(self, scope: _Scope, select: Node, at: int, place: object,
                  ctes: set[str]) -> None:
        if "valuesLists" in select:
            for row in select["valuesLists"]:
                value = self._value(scope, row["List"]["items"][at])
                if value is not None:
                    self._join(place, value)
            self._nested(scope, ctes, select["valuesLists"])
            return
        inner = self.select(select, None, ctes)
        if at < len(select["targetList"]):
            value = self._value(inner, select["targetList"][at]["ResTarget"]["val"])
            if value is not None:
                self._join(place, value)

    # the verdict

    def unpinned(self) -> list[str]:
        """Tables whose shard no parameter tells."""
        pinned = {self._find(node) for node in self._pinned}
        return [placement.table for placement, node in self._spread
                if self._find(node) not in pinned]

    def apart(self) -> list[str]:
        """Pairs of tables whose rows do not lie together."""
        found = []
        for placement, node in self._spread[1:]:
            first, first_node = self._spread[0]
            if placement.group != first.group:
                found.append(f"{first.table} and {placement.table} lie apart")
            elif self._find(node) != self._find(first_node):
                found.append(f"{first.table} and {placement.table} are not joined by "
                             f"{first.column} = {placement.column}")
        return found


def statement_problems(text: str, placements: dict[str, Placement],
                       columns: dict[str, list[str]], every_shard: bool) -> list[str]:
    """What stands against running one statement over a distributed schema."""
    try:
        statements = parse(text)
    except ValueError as error:
        return [str(error)]
    if len(statements) != 1 or statements[0][0] not in STATEMENTS:
        return ["must be one SELECT, INSERT, UPDATE or DELETE"]
    kind, body = statements[0]
    statement = Statement(placements, columns)
    if kind == "SelectStmt":
        statement.select(body, None, set())
    elif kind == "InsertStmt":
        statement.insert(body)
    else:
        statement.change(body)
    problems = statement.problems + statement.apart()
    for name, call in walk({kind: body}):
        if name == "FuncCall" and names_of(call["funcname"])[-1] in FORBIDDEN:
            problems.append(f"calls {names_of(call['funcname'])[-1]}()")
        elif name == "SQLValueFunction":
            problems.append("asks the machine for its time or user")
    open_tables = statement.unpinned()
    if every_shard and not open_tables:
        problems.append("says `-- shards:` but works on one shard")
    if open_tables and not every_shard:
        problems.append(f"names no shard of {', '.join(open_tables)}: compare the column of "
                        "sql/distribution.tsv with a parameter, or say `-- shards: reason`")
    if open_tables and statement.locks:
        problems.append("locks rows on every shard")
    if open_tables and kind == "InsertStmt":
        problems.append("inserts into rows whose shard no parameter tells")
    return problems


def forms(text: str, every_shard: bool) -> list[tuple[str, str]]:
    """The statement as it is and, unless it looks at every shard, as a batch sends it: arrays."""
    count = len(parameter_numbers(text))
    many = None if every_shard else many_rows(text, count)
    if many is None:
        return [("", text)]
    rows = ", ".join(f"unnest(${number}::bigint[]) AS p{number}" for number in range(1, count + 1))
    return [("", text), ("in a batch: ", many.replace("{rows}", rows))]


def find(root: Path) -> list[Violation]:
    """Schema and every query of a tree."""
    if not (root / "sql").is_dir():
        return []
    placements, violations = read_placements(root / "sql/distribution.tsv")
    schema = read_schema(root, placements)
    violations += schema.problems
    for path in sorted((root / "sql/queries").glob("*.sql")):
        text = path.read_text("utf-8")
        declared = re.search(r"^-- shards: \S", text, re.MULTILINE) is not None
        for form, one in forms(for_postgres(text).rstrip(";"), declared):
            for problem in statement_problems(one, placements, schema.columns, declared):
                violations.append(Violation(str(path.relative_to(root)), 0, form + problem))
    return violations
