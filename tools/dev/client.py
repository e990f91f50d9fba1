"""A client of the public HTTP interface, as a shop's or customer's own program would be.

Standard library only: cookies, the CSRF token and idempotency keys as the contract describes. Each
answer goes through a conformance recorder.
"""

from __future__ import annotations

import http.client
import json
import secrets
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Callable
from urllib.parse import urlencode, urlsplit

from .conformance import Recorder

PREFIX = "/api/v1"


class Unexpected(Exception):
    """An answer or a number that is not what the walk expects."""


@dataclass
class Answer:
    """One HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body) if self.body else {}

    @property
    def code(self) -> str:
        """The stable code of a problem answer."""
        return self.json.get("code", "") if self.status >= 400 else ""


class Client:
    """One browser or program: its own cookies, one connection a call."""

    def __init__(self, base_url: str, recorder: Recorder, bearer: str = "") -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80
        self._recorder = recorder
        self._bearer = bearer
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    def call(self, method: str, path: str, body: object = None, *, key: str | None = None,
             headers: dict[str, str] | None = None, raw: bytes | None = None,
             timeout: float = 40) -> Answer:
        """One request below /api/v1; `key` is the Idempotency-Key."""
        send = {"Accept": "application/json, */*", "User-Agent": "fenqi-demo-check/1"}
        data = raw
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
        if data is not None:
            send["Content-Type"] = "application/json"
        if self._bearer:
            send["Authorization"] = f"Bearer {self._bearer}"
        if self.cookies:
            send["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.csrf and method != "GET":
            send["X-CSRF-Token"] = self.csrf
        if key:
            send["Idempotency-Key"] = key
        send.update(headers or {})
        connection = http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        try:
            connection.request(method, PREFIX + path, body=data, headers=send)
            response = connection.getresponse()
            answer = Answer(response.status, {k.lower(): v for k, v in response.getheaders()},
                            response.read())
            self._keep_cookies(response.headers.get_all("Set-Cookie") or [])
        finally:
            connection.close()
        self._recorder.answer(method, PREFIX + path, answer.status,
                              answer.headers.get("content-type", ""), answer.body)
        if "csrf_token" in answer.headers.get("content-type", "") or b'"csrf_token"' in answer.body:
            self.csrf = answer.json.get("csrf_token", self.csrf)
        return answer

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)

    def expect(self, status: int, method: str, path: str, body: object = None,
               **more) -> Answer:
        """A call whose status must be this one."""
        answer = self.call(method, path, body, **more)
        if answer.status != status:
            raise Unexpected(f"{method} {path}: {answer.status} instead of {status}: "
                             f"{answer.body[:600].decode('utf-8', 'replace')}")
        return answer

    def get(self, path: str, **query: object) -> dict:
        """A GET that must succeed; hands back its JSON."""
        if query:
            path += "?" + urlencode({k: v for k, v in query.items() if v is not None})
        return self.expect(200, "GET", path).json

    def refused(self, code: str, method: str, path: str, body: object = None, **more) -> Answer:
        """A call that must be refused with this problem code."""
        answer = self.call(method, path, body, **more)
        if answer.code != code:
            raise Unexpected(f"{method} {path}: expected refusal '{code}', got {answer.status} "
                             f"{answer.body[:600].decode('utf-8', 'replace')}")
        return answer


def new_key() -> str:
    """A fresh Idempotency-Key."""
    return secrets.token_urlsafe(18)


def until(what: str, ask: Callable[[], object], seconds: float = 30, every: float = 0.1) -> object:
    """Ask again until the answer is truthy; complain after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = ask()
        if value:
            return value
        if time.monotonic() > end:
            raise Unexpected(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(every)


def expect_equal(what: str, found: object, wanted: object) -> None:
    """A number that must be this number."""
    if found != wanted:
        raise Unexpected(f"{what}: {found!r} instead of {wanted!r}")
