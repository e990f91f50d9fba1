"""The guards: rules of the house that a machine keeps. Each is a test, and each is tested itself.

A guard is a function that takes a root folder (and what it needs besides) and hands back
violations. tests/tools plants a violation for every rule: a guard that cannot fail is a defect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from ..console import DevError, say
from ..context import Context
from ..paths import OPENAPI, ROOT
from ..results import Result
from . import formatted, layers, linking, routes, shards, symbols, tidy
from .violation import Violation


@dataclass(frozen=True)
class Guard:
    """One guard: the rule in words, and the function that finds violations."""

    rule: str
    find: Callable[[Context], list[Violation]]


def _routes(context: Context) -> list[Violation]:
    binary = context.built("plain") / "fenqi"
    if not binary.exists():
        return []
    return routes.find(OPENAPI, binary)


GUARDS: tuple[Guard, ...] = (
    Guard("every include follows spec/layers.tsv", lambda _: layers.find(ROOT)),
    Guard("engine and ledger tests link base and their own room alone",
          lambda c: linking.find(c.built("asan"))),
    Guard("release base, engine and ledger need only the symbols of spec/symbols.tsv",
          lambda c: symbols.find(ROOT, c.built("release"))),
    Guard("tables and queries can be spread over machines by sql/distribution.tsv",
          lambda _: shards.find(ROOT)),
    Guard("C sources are formatted by clang-format-14", lambda _: formatted.find(ROOT)),
    Guard("every route stands in spec/openapi.yaml and the reverse", _routes),
    *(Guard(rule, lambda _, find=find: find(ROOT)) for rule, find in tidy.RULES),
)


def run(context: Context) -> list[Result]:
    """The test step: one result a guard."""
    results = []
    for guard in GUARDS:
        try:
            violations = guard.find(context)
        except DevError as error:
            results.append(Result(guard.rule, False, str(error)))
            continue
        results.append(Result(guard.rule, not violations, "\n".join(map(str, violations[:60]))))
    return results


def command(_argv: list[str]) -> int:
    """`./dev check`: the guards alone."""
    with Context() as context:
        results = run(context)
    for result in results:
        say(f"{'ok    ' if result.passed else 'FAILED'} {result.name}")
        for line in result.output.splitlines():
            say(f"       {line}")
    return 0 if all(result.passed for result in results) else 1
