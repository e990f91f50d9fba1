"""The shop's side of webhooks: a small server that keeps what comes in and checks its signature.

Signatures are those of the Standard Webhooks specification: `webhook-signature` holds
`v1,BASE64` with the HMAC-SHA256 over `ID.TIMESTAMP.BODY`, keyed by the bytes after `whsec_`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Mapping

TOLERANCE_S = 300


@dataclass(frozen=True)
class Webhook:
    """One delivery as it came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict:
        return json.loads(self.body)


def signature(secret: str, webhook_id: str, timestamp: str, body: bytes) -> str:
    """The v1 signature of a delivery."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def why_refused(secret: str, headers: Mapping[str, str], body: bytes,
                now: float | None = None) -> str:
    """Why a shop would refuse a delivery; empty when it is genuine."""
    try:
        webhook_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
        given = headers["webhook-signature"].split(" ")
    except KeyError as missing:
        return f"no header {missing}"
    if abs((time.time() if now is None else now) - int(timestamp)) > TOLERANCE_S:
        return "stale"
    wanted = signature(secret, webhook_id, timestamp, body)
    if not any(hmac.compare_digest(wanted, one) for one in given):
        return "signature wrong"
    return ""


class Receiver:
    """Context manager: listens on a free port of loopback, answers 204 and keeps deliveries."""

    def __init__(self) -> None:
        self.received: list[Webhook] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802 - the name that http.server calls
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.received.append(Webhook(headers, body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhooks"

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def of_order(self, order_id: str, kind: str) -> list[Webhook]:
        """Deliveries of one kind about one order."""
        return [hook for hook in list(self.received)
                if hook.event["type"] == kind and hook.event["data"]["order_id"] == order_id]
