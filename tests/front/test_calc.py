"""`fenqi calc` as a filter: the documented examples, what it refuses, streams, ends and memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

import jsonschema

PROGRAM = os.environ.get("FENQI_PROGRAM", "fenqi")
DOCS = Path(__file__).resolve().parents[2] / "docs"
# Freed memory is to be used again, so that memory can be measured under the sanitizer too.
ENV = {**os.environ,
       "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"}

LEVEL = {"method": "equal_instalment", "principal": "10000.00", "instalment_count": 12,
         "annual_rate": "12%", "start_day": "2026-01-15"}
SMALL = {"calc": 1, "terms": LEVEL, "questions": [{"ask": "due"}]}


def calc(text: str | bytes) -> subprocess.CompletedProcess:
    data = text if isinstance(text, bytes) else text.encode()
    return subprocess.run([PROGRAM, "calc"], input=data, capture_output=True, timeout=60,
                          check=False, env=ENV)


def answers(*documents: dict) -> list[dict]:
    done = calc("".join(json.dumps(document) + "\n" for document in documents))
    return [json.loads(line) for line in done.stdout.splitlines()]


def start(buffered: int = -1) -> subprocess.Popen:
    return subprocess.Popen([PROGRAM, "calc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, bufsize=buffered, env=ENV)


def high_water_kib(process: subprocess.Popen) -> int:
    for line in Path(f"/proc/{process.pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise AssertionError("no VmHWM")


class Documented(unittest.TestCase):
    """What docs/ says is what the program does."""

    def test_examples_give_the_expected_answers(self) -> None:
        done = calc((DOCS / "examples" / "calc.jsonl").read_bytes())
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        expected = (DOCS / "examples" / "calc.expected.jsonl").read_text("utf-8").splitlines()
        for given, wanted in zip(done.stdout.decode().splitlines(), expected, strict=True):
            self.assertEqual(json.loads(given), json.loads(wanted))

    def test_schema_is_the_printed_one_and_fits_examples(self) -> None:
        printed = subprocess.run([PROGRAM, "calc", "--schema"], capture_output=True, check=True,
                                 env=ENV).stdout
        schema = json.loads((DOCS / "calc.schema.json").read_text("utf-8"))
        self.assertEqual(json.loads(printed), schema)
        jsonschema.Draft202012Validator.check_schema(schema)
        refused = [json.dumps({**SMALL, "id": 7, "x": 1}), "no json", json.dumps(
            {**SMALL, "events": [{"kind": "sold", "day": "2026-01-15", "amount": "1"}]})]
        for name, lines in (
                ("input", (DOCS / "examples" / "calc.jsonl").read_text("utf-8").splitlines()),
                ("output", (DOCS / "examples" / "calc.expected.jsonl").read_text("utf-8")
                 .splitlines()),
                ("output", calc("\n".join(refused)).stdout.decode().splitlines())):
            whole = {"$schema": schema["$schema"], "$ref": f"#/$defs/{name}",
                     "$defs": schema["$defs"]}
            validator = jsonschema.Draft202012Validator(whole)
            for line in lines:
                validator.validate(json.loads(line))

    def test_the_manual_names_every_field_and_question(self) -> None:
        manual = (DOCS / "calc.md").read_text("utf-8")
        schema = json.loads((DOCS / "calc.schema.json").read_text("utf-8"))["$defs"]

        def names(shape: dict) -> set[str]:
            found = set(shape.get("properties", ()))
            for part in [*shape.get("properties", {}).values(), shape.get("items")]:
                found |= names(part) if part else set()
            return found

        wanted = names(schema["terms"])
        for kind in schema["event"]["oneOf"]:
            wanted |= names(kind) | set(kind["properties"]["kind"]["enum"])
        for name, shape in schema.items():
            if name.startswith("ask_"):
                wanted |= names(shape) | {shape["properties"]["ask"]["const"]}
            if name in ("rate_label", "about", "unit", "find"):
                wanted |= set(shape["enum"])
        self.assertEqual(sorted(name for name in wanted if f"`{name}`" not in manual), [])


class Refused(unittest.TestCase):
    """Every wrong document is refused with the path of what is wrong, and the filter goes on."""

    def refusals(self, *cases: tuple[dict, str, str]) -> None:
        given = answers(*(document for document, _, _ in cases), SMALL)
        self.assertIn("answers", given[-1])
        for answer, (document, path, code) in zip(given, cases):
            with self.subTest(path=path, code=code):
                self.assertEqual((answer["refused"]["path"], answer["refused"]["code"]),
                                 (path, code), document)
                self.assertTrue(answer["refused"]["zh"] and answer["refused"]["en"])

    def terms(self, path: str, code: str, **members: object) -> tuple[dict, str, str]:
        return {**SMALL, "terms": {**LEVEL, **members}}, path, code

    def test_terms(self) -> None:
        self.refusals(
            self.terms("terms.principal", "not_money", principal=10000),
            self.terms("terms.principal", "not_money", principal=10000.5),
            self.terms("terms.principal", "not_money", principal="10000.001"),
            self.terms("terms.principal", "not_money", principal="1e4"),
            self.terms("terms.principal", "out_of_range", principal="-1"),
            self.terms("terms.principal", "terms_refused", principal="0"),
            self.terms("terms.annual_rate", "not_rate", annual_rate=0.12),
            self.terms("terms.annual_rate", "not_rate", annual_rate="12"),
            self.terms("terms.annual_rate", "not_rate", annual_rate="-12%"),
            self.terms("terms.annual_rate", "not_rate", annual_rate="1.00000001%"),
            self.terms("terms.annual_rate", "terms_refused", annual_rate="101%"),
            self.terms("terms.start_day", "not_day", start_day="2026-02-29"),
            self.terms("terms.start_day", "not_day", start_day=20260215),
            self.terms("terms.method", "not_allowed", method="annuity"),
            self.terms("terms.instalment_count", "not_integer", instalment_count="12"),
            self.terms("terms.instalment_count", "out_of_range", instalment_count=-1),
            self.terms("terms.overdue_bears_interest", "not_flag", overdue_bears_interest=1),
            self.terms("terms.colour", "unknown_field", colour="red"),
            self.terms("terms.penalty.rate", "unknown_field", penalty={"rate": "1%"}),
            self.terms("terms.penalty.daily_rate", "not_rate", penalty={"daily_rate": 5}),
            self.terms("terms.penalty", "not_object", penalty=[]),
            self.terms("terms.charges", "not_list", charges={}),
            self.terms("terms.charges[1].base", "missing", charges=[
                {"time": "up_front", "base": "fixed", "fixed": "1"}, {"time": "up_front"}]),
            self.terms("terms.credit_order", "wrong_length", credit_order=["fee"]),
            self.terms("terms.credit_order[1]", "not_allowed",
                       credit_order=["fee", "x", "interest", "principal"]),
            self.terms("terms.allocation.steps[0].due_class", "missing", allocation={
                "steps": [{"component": "fee"}] * 12}),
            self.terms("terms.penalty.grace_days", "terms_refused", penalty={"grace_days": 31}))
        missing = dict(LEVEL)
        del missing["start_day"]
        self.refusals(({**SMALL, "terms": missing}, "terms.start_day", "missing"))

    def test_events_and_questions(self) -> None:
        def event(path: str, code: str, **members: object) -> tuple[dict, str, str]:
            first = {"kind": "activated", "day": "2026-01-15"}
            return {**SMALL, "events": [first, members]}, path, code

        def ask(path: str, code: str, **members: object) -> tuple[dict, str, str]:
            return {**SMALL, "questions": [{"ask": "state"}, members]}, path, code

        self.refusals(
            event("events[1].kind", "missing", day="2026-01-15"),
            event("events[1].kind", "not_allowed", kind="paid", day="2026-01-15"),
            event("events[1].amount", "missing", kind="payment_settled", day="2026-02-01",
                  target="due"),
            event("events[1].rate", "unknown_field", kind="payment_settled", day="2026-02-01",
                  amount="1", target="due", rate="1%"),
            event("events[1].amount", "not_money", kind="sold", day="2026-02-01", amount=1),
            event("events[1].day", "missing", kind="written_off"),
            ask("questions[1].ask", "missing"),
            ask("questions[1].ask", "not_allowed", ask="weather"),
            ask("questions[1].on", "not_day", ask="due", on="soon"),
            ask("questions[1].on", "too_early", ask="due", on="2025-01-01"),
            ask("questions[1].on", "too_late", ask="settle", on="2150-01-01"),
            ask("questions[1]", "not_window", ask="due", **{"from": "2026-03-01"}),
            ask("questions[1].instalment", "out_of_range", ask="explain", about="instalment",
                instalment=13),
            ask("questions[1].instalment", "missing", ask="explain", about="instalment"),
            ask("questions[1].days", "missing", ask="explain", about="extension", instalment=1),
            ask("questions[1]", "extension_not_offered", ask="explain", about="extension",
                instalment=1, days=5),
            ask("questions[1].events[0].day", "missing", ask="what_if",
                events=[{"kind": "accelerated"}]),
            ask("questions[1].colour", "unknown_field", ask="cost", colour=1),
            ask("questions[1]", "not_flows", ask="rates"),
            ask("questions[1].amounts[1]", "not_money", ask="rates", amounts=["-1", 2]),
            ask("questions[1].flows[1].day", "not_ascending", ask="rates", flows=[
                {"day": "2026-01-02", "amount": "-1"}, {"day": "2026-01-01", "amount": "2"}]),
            ask("questions[1].flows[0].day", "out_of_range", ask="rates", flows=[
                {"day": "1900-01-01", "amount": "-1"}, {"day": "1900-01-01", "amount": "2"}]),
            ask("questions[1].multiple", "out_of_range", ask="rates", unit="month", multiple=13,
                flows=[{"day": "2026-01-02", "amount": "-1"}]),
            ask("questions[1].rate", "not_rate", ask="annuity", find="payment", rate="x%"),
            ask("questions[1].payment", "not_allowed", ask="annuity", find="payment",
                payment="1"))

    def test_documents(self) -> None:
        self.refusals(
            ({}, "calc", "missing"), ({"calc": 2, "questions": []}, "calc", "out_of_range"),
            ({"calc": 1}, "questions", "missing"),
            ({"calc": 1, "questions": [], "x": 0}, "x", "unknown_field"),
            ({"calc": 1, "id": 1.5, "questions": []}, "id", "not_id"),
            ({"calc": 1, "questions": {}}, "questions", "not_list"),
            ({"calc": 1, "events": [], "questions": []}, "events", "needs_terms"),
            ({"calc": 1, "as_of": "2026-01-01", "questions": []}, "as_of", "needs_terms"),
            ({"calc": 1, "questions": [{"ask": "due"}]}, "questions[0].ask", "needs_terms"),
            ({**SMALL, "events": []}, "questions[0].ask", "needs_activation"),
            ({**SMALL, "as_of": "2026-01-14"}, "as_of", "too_early"),
            ({**SMALL, "as_of": "2200-01-14"}, "as_of", "too_late"),
            ({**SMALL, "questions": [{"ask": "cost"}] * 65}, "questions", "too_many"),
            ({**SMALL, "events": [{"kind": "activated", "day": "2026-01-15"}] * 2001}, "events",
             "too_many"))

    def test_an_event_that_the_engine_refuses_changes_nothing(self) -> None:
        answer = answers({**SMALL, "events": [
            {"kind": "activated", "day": "2026-01-15"},
            {"kind": "sold", "day": "2026-01-01", "amount": "5"},
            {"kind": "payment_settled", "day": "2026-02-15", "amount": "888.49",
             "target": "due"}]})[0]
        self.assertEqual(answer["refused_events"], 1)
        self.assertEqual(answer["events"][1]["refused"]["code"], "not_activated")
        self.assertEqual(answer["events"][2]["sequence"], 2)
        self.assertEqual(answer["answers"][0]["paid"], "888.49")


class Filter(unittest.TestCase):
    """Streams: lines, signals, pipes, memory."""

    def test_lines_that_are_no_documents(self) -> None:
        good = json.dumps(SMALL).encode()
        long = b'{"calc":1,"id":"' + b"x" * (1 << 20) + b'"}'
        done = calc(b"\n".join([good, b"", b"[", good + b"\r", long, b"\xff", b'{"a":1,"a":2}',
                                b"[" * 40, b"1", good]))
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([line["line"] for line in lines], [1, 3, 4, 5, 6, 7, 8, 9, 10])
        codes = [line.get("refused", {}).get("code") for line in lines]
        self.assertEqual(codes, [None, "not_json", None, "line_too_long", "not_json", "not_json",
                                 "not_json", "not_object", None])
        self.assertEqual((done.returncode, done.stderr), (1, b""))

    def test_exit_codes(self) -> None:
        self.assertEqual(calc(json.dumps(SMALL)).returncode, 0)
        self.assertEqual(calc("").returncode, 0)
        self.assertEqual(calc("x").returncode, 1)
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "calc"], input=json.dumps(SMALL).encode(), timeout=60,
                                  stdout=full, stderr=subprocess.PIPE, check=False, env=ENV)
        self.assertEqual(done.returncode, 74)

    def test_an_answer_comes_before_the_next_question(self) -> None:
        process = start()
        for number in (1, 2, 3):
            process.stdin.write(json.dumps(SMALL).encode() + b"\n")
            process.stdin.flush()
            self.assertEqual(json.loads(process.stdout.readline())["line"], number)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0)

    def test_a_signal_ends_it_between_two_lines(self) -> None:
        line = json.dumps({**SMALL, "questions": [{"ask": "schedule"}, {"ask": "state"}]}).encode()
        for number in (signal.SIGTERM, signal.SIGINT):
            process = start(0)
            process.stdin.write((line + b"\n") * 200)
            first = process.stdout.readline()
            process.send_signal(number)
            out, _ = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 0)
            self.assertTrue((first + out).endswith(b"\n"))
            for answer in (first + out).splitlines():
                json.loads(answer)

    def test_a_closed_pipe_ends_it_quietly(self) -> None:
        process = start()
        process.stdout.close()
        data = (json.dumps(SMALL) + "\n").encode() * 500
        try:
            process.stdin.write(data)
            process.stdin.close()
        except BrokenPipeError:
            pass
        error = process.stderr.read()
        self.assertEqual((process.wait(timeout=30), error), (0, b""))
        process.stderr.close()

    def test_memory_does_not_grow_with_the_stream(self) -> None:
        line = (json.dumps({**SMALL, "questions": [{"ask": "due"}]}) + "\n").encode()
        process = start()

        def pass_through(count: int) -> int:
            for _ in range(count // 50):
                process.stdin.write(line * 50)
                process.stdin.flush()
                for _ in range(50):
                    process.stdout.readline()
            return high_water_kib(process)

        after_few = pass_through(3_000)  # so that an instrumented allocator has its caches
        began = time.monotonic()
        after_many = pass_through(10_000)
        self.assertLess(time.monotonic() - began, 100)
        process.communicate(timeout=30)
        self.assertLess(after_many - after_few, 4096, f"{after_few} KiB, then {after_many} KiB")


if __name__ == "__main__":
    unittest.main()
