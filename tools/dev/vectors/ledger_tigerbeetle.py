"""Transfers and balances from a double-entry database's own tests, as kind `ledger`."""

from __future__ import annotations

from typing import Iterable

FILE = "ledger_tigerbeetle.json"
KIND = "ledger"

# What a plain operation has; any other field that is set is written out as a word.
_PLAIN = {"op", "id", "status", "ledger", "code", "debit_account", "credit_account", "amount",
          "user_data_128", "user_data_64", "user_data_32", "debits_posted", "credits_posted"}


def _words(op: dict) -> str:
    extra = sorted(k for k, v in op.items() if k not in _PLAIN and v not in (None, 0))
    if op.get("ledger") == 0:
        extra.append("ledger_zero")
    return "".join(f" {word}" for word in extra)


def _line(op: dict) -> str | None:
    kind = op["op"]
    if kind == "account":
        return f"account {op['id']}{_words(op)} : {op['status']}"
    if kind == "setup":
        rest = "".join(f" {k}" for k in ("debits_pending", "credits_pending") if op.get(k))
        return f"balance {op['account']} {op['debits_posted']} {op['credits_posted']}{rest}"
    if kind == "transfer":
        return (f"transfer {op['id']} {op.get('debit_account', '-')}"
                f" {op.get('credit_account', '-')} {op.get('amount', '-')}{_words(op)}"
                f" : {op['status']}")
    if kind == "expect_account":
        if "debits_posted" not in op:
            return f"expect_account {op['id']} - - absent"
        return (f"expect_account {op['id']} {op['debits_posted']} {op['credits_posted']}"
                f"{_words(op)}")
    if kind == "expect_transfer" or kind.endswith("_result"):
        return f"other {kind} 1"
    return None


def convert(data) -> Iterable[str]:
    """One case a test."""
    for case in data["cases"]:
        yield f"case {case['id']}"
        yield f"source {case['source']}"
        for op in case["ops"]:
            line = _line(op)
            if line:
                yield line
        yield ""
