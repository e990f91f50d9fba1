"""The seven steps of a customer, walked through the public interface; one file a step.

A step is a function that takes the scene, does what a customer (shop, member of staff) would do,
holds every number against what it must be, and hands back one line that says what was checked.
"""

from __future__ import annotations

from typing import Callable

from . import account, autopay, help_and_chat, orders, overdue, records, repay
from .scene import Scene

STEPS: tuple[tuple[str, Callable[[Scene], str]], ...] = (
    ("account", account.walk),
    ("my orders", orders.walk),
    ("repay", repay.walk),
    ("automatic repayment", autopay.walk),
    ("records", records.walk),
    ("overdue", overdue.walk),
    ("help", help_and_chat.walk),
)
