"""Web tests: type check and unit tests (vitest), and the journeys in Chromium (Playwright)."""

from __future__ import annotations

import json
from pathlib import Path

from . import build, node
from .context import Context
from .paths import OPENAPI, WEB
from .process import finish
from .results import Result, from_exit, from_playwright, from_vitest
from .stack import Stack

E2E_CUSTOMERS = 60


def _scripts() -> dict[str, str]:
    package = WEB / "package.json"
    return json.loads(package.read_text()).get("scripts", {}) if package.exists() else {}


def run_unit(context: Context) -> list[Result]:
    """`npm run typecheck` as one test, then every vitest test."""
    scripts = _scripts()
    if not scripts:
        return []
    build.web_install()
    results: list[Result] = []
    if "typecheck" in scripts:
        done = finish(["npm", "run", "--silent", "typecheck"], cwd=WEB, env=node.environment())
        results += from_exit("web: types", done.output, done.code)
    results.append(_client_is_generated(context))
    report = context.folder("vitest") / "report.json"
    done = finish(["npx", "vitest", "run", "--reporter=json", f"--outputFile={report}"], cwd=WEB,
                  env=node.environment())
    return results + _from_report(report, from_vitest, "vitest", done.output, done.code)


def _client_is_generated(context: Context) -> Result:
    """The committed types are those that spec/openapi.yaml gives."""
    committed = WEB / "packages/api/schema.d.ts"
    fresh = context.folder("schema") / "schema.d.ts"
    done = finish(["npx", "openapi-typescript", OPENAPI, "-o", fresh], cwd=WEB,
                  env=node.environment())
    same = done.code == 0 and fresh.read_bytes() == committed.read_bytes()
    return Result("web: types of the API are generated from spec/openapi.yaml", same,
                  done.output if done.code else "run `npm run generate` in web/")


def run_e2e_mock(context: Context) -> list[Result]:
    """Every screen and state against a mock that answers by the contract."""
    return _playwright(context, "mock", "customer", {})


def run_e2e(context: Context) -> list[Result]:
    """The customers' journeys against the real server with its demo shop."""
    return _on_server(context, "server", "customer")


def run_e2e_console(context: Context) -> list[Result]:
    """The staff's journeys, on a demo shop of their own: they move its business date."""
    return _on_server(context, "console", "console")


def _on_server(context: Context, name: str, project: str) -> list[Result]:
    folder = context.built("plain")
    if not (folder / "fenqi").exists():
        return []
    with Stack(folder, context.folder(f"e2e-{name}")) as stack:
        stack.start(E2E_CUSTOMERS)
        results = _playwright(context, name, project, {
            "FENQI_BASE_URL": stack.url, "FENQI_SANDBOX_URL": stack.sandbox_url,
            "FENQI_DEMO_LOGINS": str(stack.data / "server" / "demo.json")})
        complaints = stack.stop()
    results.append(Result(f"[{name}] server and sandbox end cleanly after the journeys",
                          not complaints, "\n".join(complaints)))
    return results


def _playwright(context: Context, name: str, project: str, env: dict[str, str]) -> list[Result]:
    """One run of Playwright; Chromium is Debian's."""
    if not (WEB / "e2e" / "playwright.config.ts").exists():
        return []
    build.web_build()
    build.web_install()
    report = context.folder(f"playwright-{name}") / "report.json"
    done = finish(["npx", "playwright", "test", "-c", "e2e/playwright.config.ts",
                   "--project", project, "--reporter=json"], cwd=WEB, timeout=900,
                  env={**node.environment(), "PLAYWRIGHT_JSON_OUTPUT_NAME": str(report), **env})
    results = _from_report(report, from_playwright, f"playwright ({name})", done.output, done.code)
    for result in results:
        result.name = f"[{name}] {result.name}"
    return results


def _from_report(report: Path, reader, name: str, output: str, code: int) -> list[Result]:
    """Results from a report file; no report, or a bad exit without a failed test, is a failure."""
    if not report.exists():
        return [Result(f"{name} (no report, exit code {code})", False, output[-4000:])]
    results = reader(report.read_text("utf-8"))
    failed = any(not r.passed and not r.skipped for r in results)
    if code != 0 and not failed or not results:
        results.append(Result(f"{name} (exit code {code})", False, output[-4000:]))
    return results
