"""What the tests of the whole interface share: every operation of the contract, with a path that
can be asked and a caller of its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dev.client import Client, new_key
from dev.conformance import Contract
from dev.walk import Scene

# Well-formed values of path parameters that name nothing: the check characters are wrong or the
# thing does not exist, so an operation that gets as far answers 404.
NOTHING = {
    "order_id": "D" + "0" * 27, "payment_id": "P" + "0" * 27, "receipt_no": "R" + "0" * 27,
    "funding_source_id": "F" + "0" * 27, "extension_request_id": "X" + "0" * 27,
    "token": "0" * 32, "session_id": "1", "customer_id": "1", "shop_order_no": "NO-SUCH-ORDER",
}


@dataclass(frozen=True)
class Operation:
    """One operation of the contract."""

    method: str
    template: str
    callers: tuple[str, ...]  # of customer, staff, shop; empty when public
    csrf: bool
    keyed: bool
    has_body: bool
    json_body: bool

    @property
    def path(self) -> str:
        """A path that names nothing."""
        return re.sub(r"\{(\w+)\}", lambda m: NOTHING[m.group(1)], self.template)

    def ask(self, client: Client, **more):
        """Call it with what its kind needs besides a body."""
        if self.template.startswith("/events") or self.template.startswith("/staff/events"):
            more.setdefault("timeout", 5)
        headers = dict(more.pop("headers", {}))
        if self.template == "/autopay" and self.method == "PUT":
            headers.setdefault("If-Match", '"0"')
        return client.call(self.method, self.path, key=new_key() if self.keyed else None,
                           headers=headers, **more)


def operations(contract: Contract) -> list[Operation]:
    """All of them, in the contract's order."""
    found = []
    for template, item in contract.document["paths"].items():
        for method, node in item.items():
            if method not in ("get", "put", "post", "delete", "patch"):
                continue
            security = node.get("security", [])
            schemes = set().union(*security) if security else set()
            parameters = [contract.resolved(p) for p in node.get("parameters", [])]
            content = node.get("requestBody", {}).get("content", {})
            found.append(Operation(
                method.upper(), template, tuple(sorted(schemes - {"csrf"})), "csrf" in schemes,
                any(p["name"] == "Idempotency-Key" for p in parameters), bool(content),
                "application/json" in content and not template.startswith("/notify/")))
    return found


def callers(scene: Scene) -> dict[str, Client]:
    """A logged-in client of each kind."""
    customer, _ = scene.register()
    return {"customer": customer, "staff": scene.staff(), "shop": scene.shop}


def caller_of(operation: Operation, clients: dict[str, Client], scene: Scene) -> Client:
    """The client that may ask an operation."""
    return clients[operation.callers[0]] if operation.callers else scene.client()
