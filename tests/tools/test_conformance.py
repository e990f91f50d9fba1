"""The conformance recorder finds answers that do not fit the contract."""

from __future__ import annotations

import json
import unittest

from dev.conformance import Contract, Recorder
from dev.paths import OPENAPI

STATUS = {"business_date": "2026-11-20", "now": "2026-11-20T09:00:00+08:00", "version": "0.1.0",
          "mode": "demo"}
PROBLEM = {"type": "/problems/not_found", "title": "没有找到", "title_en": "Not found",
           "status": 404, "code": "not_found", "detail": "", "detail_en": "", "instance": "r1"}


class Answers(unittest.TestCase):
    contract = Contract(OPENAPI)

    def check(self, method: str, path: str, status: int, body: object,
              media_type: str = "application/json") -> list[str]:
        recorder = Recorder(self.contract)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        recorder.answer(method, path, status, media_type, raw)
        return recorder.violations

    def assertSays(self, violations: list[str], word: str) -> None:
        self.assertEqual(len(violations), 1, violations)
        self.assertIn(word, violations[0])

    def test_good_answer(self) -> None:
        self.assertEqual(self.check("GET", "/api/v1/status", 200, STATUS), [])

    def test_missing_field(self) -> None:
        body = {k: v for k, v in STATUS.items() if k != "now"}
        self.assertSays(self.check("GET", "/api/v1/status", 200, body), "now")

    def test_field_too_many(self) -> None:
        self.assertSays(self.check("GET", "/api/v1/status", 200, {**STATUS, "x": 1}), "x")

    def test_wrong_type(self) -> None:
        self.assertSays(self.check("GET", "/api/v1/status", 200, {**STATUS, "version": 1}),
                        "version")

    def test_unknown_route(self) -> None:
        self.assertSays(self.check("GET", "/api/v1/attic", 200, STATUS), "not in the contract")

    def test_undocumented_status(self) -> None:
        self.assertSays(self.check("GET", "/api/v1/status", 201, STATUS), "not documented")

    def test_wrong_media_type(self) -> None:
        self.assertSays(self.check("GET", "/api/v1/status", 200, STATUS, "text/html"),
                        "media type")

    def test_duplicate_key(self) -> None:
        self.assertSays(self.check("GET", "/api/v1/status", 200, b'{"a": 1, "a": 2}'), "twice")

    def test_good_problem(self) -> None:
        self.assertEqual(self.check("GET", "/api/v1/orders", 404, PROBLEM,
                                    "application/problem+json"), [])

    def test_problem_that_the_operation_may_not_give(self) -> None:
        body = {**PROBLEM, "code": "card_number_invalid"}
        self.assertSays(self.check("GET", "/api/v1/orders", 404, body,
                                   "application/problem+json"), "x-problems")

    def test_problem_with_another_status(self) -> None:
        self.assertSays(self.check("GET", "/api/v1/orders", 400, PROBLEM,
                                   "application/problem+json"), "says status")

    def test_content_where_none_is_documented(self) -> None:
        self.assertSays(self.check("DELETE", "/api/v1/account/sessions/current", 204, b"x"),
                        "no content")

    def test_fixed_path_before_parameter(self) -> None:
        found = self.contract.operation("DELETE", "/api/v1/account/sessions/current")
        self.assertIsNotNone(found)
        self.assertEqual(found[0], "/account/sessions/current")

    def test_every_schema_of_the_contract_is_sound(self) -> None:
        import jsonschema
        for name, schema in self.contract.document["components"]["schemas"].items():
            with self.subTest(name):
                jsonschema.Draft202012Validator.check_schema(schema)


if __name__ == "__main__":
    unittest.main()
