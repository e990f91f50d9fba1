"""Holds answers of the HTTP interface against spec/openapi.yaml.

A client passes every answer that it gets through `Recorder.answer`: the route must be documented,
so must the status (or it is a problem answer whose code the operation may give), the media type
must fit, and the body must validate. What does not fit is kept in `violations`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

# jsonschema and yaml are imported where they are used: `./dev help` runs before they are installed.

METHODS = ("get", "put", "post", "delete", "patch")

# Problems that any operation may answer: named once in info.description of the contract.
ANY_PROBLEM = frozenset((
    "malformed_request", "malformed_json", "field_unknown", "field_duplicate", "field_missing",
    "field_type", "field_invalid", "body_too_large", "not_logged_in", "csrf_invalid",
    "not_allowed", "not_found", "method_not_allowed", "idempotency_key_required",
    "idempotency_key_reused", "rate_limited", "busy", "internal"))


class Contract:
    """spec/openapi.yaml, ready for questions."""

    def __init__(self, path: Path) -> None:
        import jsonschema
        self.document = _load(path.read_text("utf-8"))
        self.prefix = self.document["servers"][0]["url"].rstrip("/")
        self._resolver = jsonschema.RefResolver("", self.document)
        self._routes = []
        for template, item in self.document["paths"].items():
            pattern = re.compile("".join(
                "[^/]+" if part.startswith("{") else re.escape(part)
                for part in re.split(r"(\{[^}]*\})", template)) + "$")
            for method in METHODS:
                if method in item:
                    self._routes.append(("{" in template, method.upper(), pattern, template,
                                         item[method]))
        self._routes.sort(key=lambda route: route[0])  # /sessions/current before /sessions/{id}

    def operation(self, method: str, path: str) -> tuple[str, dict] | None:
        """Template and operation of a request path without its query."""
        if not path.startswith(self.prefix + "/"):
            return None
        rest = path[len(self.prefix):]
        for _, route_method, pattern, template, operation in self._routes:
            if route_method == method and pattern.match(rest):
                return template, operation
        return None

    def operations(self) -> set[str]:
        """Every operation as METHOD TEMPLATE."""
        return {f"{method} {template}" for _, method, _, template, _ in self._routes}

    def resolved(self, node: dict) -> dict:
        """A node with its $ref followed."""
        while "$ref" in node:
            node = self._resolver.resolve(node["$ref"])[1]
        return node

    def errors(self, schema: dict, value: object) -> list[str]:
        """Why a value does not fit a schema; empty when it does."""
        import jsonschema
        validator = jsonschema.Draft202012Validator(schema, resolver=self._resolver)
        return [f"{'/'.join(map(str, error.absolute_path)) or '(top)'}: {error.message[:300]}"
                for error in validator.iter_errors(value)]


def _load(text: str) -> dict:
    """YAML without the guess that a bare date is a date."""
    import yaml

    class Loader(yaml.SafeLoader):
        """Dates stay text."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers
                if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    return yaml.load(text, Loader=Loader)


class Recorder:
    """Collects answers; `violations` names what does not fit, `seen` counts operations."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.violations: list[str] = []
        self.seen: Counter[str] = Counter()

    def answer(self, method: str, path: str, status: int, media_type: str, body: bytes) -> None:
        """Hold one answer against the contract."""
        path = path.split("?")[0]
        found = self.contract.operation(method, path)
        if found is None:
            if not (path.startswith(self.contract.prefix + "/") and status in (400, 404, 405)):
                self.violations.append(f"{method} {path}: not in the contract")
            return
        template, operation = found
        self.seen[f"{method} {template}"] += 1
        where = f"{method} {template} → {status}"
        for why in self._unfit(operation, status, media_type.split(";")[0].strip(), body):
            self.violations.append(f"{where}: {why}")

    def _unfit(self, operation: dict, status: int, media_type: str, body: bytes) -> list[str]:
        responses = operation["responses"]
        response = responses.get(str(status))
        if response is None:
            if status < 400:
                return ["status is not documented"]
            response = responses.get("default")
            if response is None:
                return ["no default answer is documented"]
        content = self.contract.resolved(response).get("content")
        if not content:
            return [f"{len(body)} bytes where no content is documented"] if body else []
        if media_type not in content:
            return [f"media type '{media_type}', documented: {', '.join(content)}"]
        schema = content[media_type].get("schema", {})
        if not media_type.endswith("json"):
            return [] if body else ["empty body"]
        try:
            value = json.loads(body, object_pairs_hook=_no_duplicates)
        except ValueError as error:
            return [f"body is not JSON: {error}"]
        errors = self.contract.errors(schema, value)
        if media_type == "application/problem+json" and not errors:
            errors += self._unfit_problem(operation, status, value)
        return errors

    @staticmethod
    def _unfit_problem(operation: dict, status: int, value: dict) -> list[str]:
        errors = []
        if value["status"] != status:
            errors.append(f"problem says status {value['status']}")
        if value["code"] not in ANY_PROBLEM | set(operation.get("x-problems", ())):
            errors.append(f"problem '{value['code']}' is not among the operation's x-problems")
        if not value["title"] or not value["title_en"]:
            errors.append(f"problem '{value['code']}' has no title in one of the languages")
        return errors


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict:
    keys = Counter(key for key, _ in pairs)
    twice = [key for key, count in keys.items() if count > 1]
    if twice:
        raise ValueError(f"key '{twice[0]}' twice in one object")
    return dict(pairs)
