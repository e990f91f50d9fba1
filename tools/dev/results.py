"""Test results and how they are read from what test programs print (TAP, JSON of web runners)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass


@dataclass
class Result:
    """One test. `output` is what to show when it failed."""

    name: str
    passed: bool
    output: str = ""
    skipped: bool = False


_PLAN = re.compile(r"^1\.\.(\d+)")
_POINT = re.compile(r"^(ok|not ok)\b\s*(\d+)?\s*(?:-\s*)?(.*)$")
_DIRECTIVE = re.compile(r"#\s*(SKIP|TODO)\b\s*(.*)$", re.IGNORECASE)


def from_tap(program: str, output: str, code: int, seconds: float = 0,
             timed_out: bool = False) -> list[Result]:
    """Results of one program that speaks TAP (several plans in a row are summed).

    A crash, a time-out, a missing test of the plan and a bad exit code without a failed test are
    failures too: a program that dies half way must not look green.
    """
    results: list[Result] = []
    planned = 0
    before: list[str] = []  # lines since the last test point: what a failing test printed
    for line in output.splitlines():
        plan = _PLAN.match(line)
        if plan:
            planned += int(plan.group(1))
            continue
        point = _POINT.match(line)
        if point:
            results.append(_point(program, point))
            if not results[-1].passed:
                results[-1].output = "".join(text + "\n" for text in before[-40:])
            before = []
        elif results and not results[-1].passed and line.startswith("#"):
            results[-1].output += line + "\n"
        else:
            before.append(line)
    seen = len(results)
    failed = any(not r.passed and not r.skipped for r in results)
    tail = "\n".join(output.splitlines()[-60:])
    if timed_out:
        results.append(Result(f"{program} (ended by time-out after {seconds:.0f} s)", False, tail))
    elif code < 0 or code >= 128:
        results.append(Result(f"{program} (died by signal {-code if code < 0 else code - 128})",
                              False, tail))
    elif seen < planned:
        results.append(Result(f"{program} ({planned - seen} planned tests did not run)", False,
                              tail))
    elif code != 0 and not failed:
        results.append(Result(f"{program} (exit code {code})", False, tail))
    elif seen == 0:
        results.append(Result(f"{program} (ran no test)", False, tail))
    return results


def _point(program: str, point: re.Match[str]) -> Result:
    passed = point.group(1) == "ok"
    title = point.group(3)
    directive = _DIRECTIVE.search(title)
    if directive:
        # cmocka writes a skipped test as "not ok N # SKIP name".
        name = title[:directive.start()].strip() or directive.group(2)
        return Result(f"{program}: {name}", False, skipped=True)
    return Result(f"{program}: {title.strip()}", passed)


def from_exit(program: str, output: str, code: int) -> list[Result]:
    """One result for a program that only has an exit code."""
    return [Result(program, code == 0, "" if code == 0 else "\n".join(output.splitlines()[-60:]))]


def from_vitest(document: str) -> list[Result]:
    """Results of `vitest --reporter=json`."""
    results = []
    for file in json.loads(document)["testResults"]:
        short = file["name"].split("/web/")[-1]
        for test in file["assertionResults"]:
            name = " › ".join([short, *test["ancestorTitles"], test["title"]])
            state = test["status"]
            results.append(Result(name, state == "passed",
                                  "\n".join(test.get("failureMessages") or []),
                                  skipped=state in ("pending", "skipped", "todo", "disabled")))
        if not file["assertionResults"] and file["status"] != "passed":
            results.append(Result(f"{short} (could not be loaded)", False,
                                  file.get("message", "")))
    return results


def from_playwright(document: str) -> list[Result]:
    """Results of `playwright test --reporter=json`; a flaky test counts as failed."""
    results: list[Result] = []
    top = json.loads(document)

    def walk(suite: dict, above: list[str]) -> None:
        here = above + ([suite["title"]] if suite.get("title") else [])
        for spec in suite.get("specs", []):
            for test in spec["tests"]:
                name = " › ".join([*here, spec["title"]])
                if test.get("projectName"):
                    name = f"[{test['projectName']}] {name}"
                state = test["status"]
                results.append(Result(name, state == "expected", _playwright_errors(test),
                                      skipped=state == "skipped"))
        for inner in suite.get("suites", []):
            walk(inner, here)

    for suite in top.get("suites", []):
        walk(suite, [])
    for error in top.get("errors", []):
        results.append(Result("playwright", False, _plain(error.get("message", str(error)))))
    return results


def _playwright_errors(test: dict) -> str:
    texts = []
    for attempt in test.get("results", []):
        for error in attempt.get("errors", []):
            texts.append(_plain(error.get("message", "")))
    return "\n".join(texts)


def _plain(text: str) -> str:
    """Without terminal colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
