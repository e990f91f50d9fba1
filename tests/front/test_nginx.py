"""conf/nginx/fenqi.conf: nginx takes it, and through it the server answers as by itself.

FENQI_PROGRAM is the built `fenqi`. Skipped where nginx is not installed: its package starts a
service of its own, so `./dev` does not install it.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
MAIN = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/fenqi.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@unittest.skipUnless(NGINX, "nginx is not installed")
class Front(unittest.TestCase):
    """One server and one nginx for all tests."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.temporary = tempfile.TemporaryDirectory(prefix="fenqi-front-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        cls.port = free_port()
        cls._write_configuration()
        cls.server = subprocess.Popen(
            [os.environ["FENQI_PROGRAM"], "serve", "--data", cls.folder / "data", "--mode", "demo",
             "--listen", f"unix:{cls.folder}/fenqi.sock", "--public-url",
             "https://pay.example.com"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        cls.addClassCleanup(cls._end, cls.server)
        line = cls.server.stdout.readline()
        assert line.startswith("listening "), line
        cls.nginx = subprocess.Popen([NGINX, "-c", cls.folder / "nginx.conf"],
                                     stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls._end, cls.nginx)
        end = time.monotonic() + 10
        while cls.nginx.poll() is None and time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", cls.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError((cls.folder / "error.log").read_text())

    @staticmethod
    def _end(process: subprocess.Popen) -> None:
        process.terminate()
        process.wait(20)
        if process.stdout:
            process.stdout.close()

    @classmethod
    def _write_configuration(cls) -> None:
        """The shipped file with this test's paths and ports in the place of the example's."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=pay.example.com", "-keyout", cls.folder / "key.pem", "-out",
                        cls.folder / "cert.pem"], check=True, capture_output=True)
        text = (ROOT / "conf/nginx/fenqi.conf").read_text("utf-8")
        for old, new in (("/run/fenqi/fenqi.sock", f"{cls.folder}/fenqi.sock"),
                         ("/etc/ssl/fenqi/fullchain.pem", f"{cls.folder}/cert.pem"),
                         ("/etc/ssl/fenqi/privkey.pem", f"{cls.folder}/key.pem"),
                         ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
                         ("listen 443 ssl", f"listen 127.0.0.1:{cls.port} ssl")):
            assert old in text, old
            text = text.replace(old, new)
        text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
        (cls.folder / "fenqi.conf").write_text(text)
        user = "user root;\n" if os.geteuid() == 0 else ""  # the folder is nobody else's
        (cls.folder / "nginx.conf").write_text(user + MAIN.format(folder=cls.folder))

    def _tls(self, *protocols: str) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        context.check_hostname = False
        if protocols:
            context.set_alpn_protocols(list(protocols))
        return context

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None,
            body: bytes | None = None) -> http.client.HTTPResponse:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10,
                                                 context=self._tls())
        self.addCleanup(connection.close)
        connection.request(method, path, body, headers or {})
        return connection.getresponse()

    def test_nginx_takes_the_configuration(self) -> None:
        done = subprocess.run([NGINX, "-t", "-c", self.folder / "nginx.conf"], capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("[warn]", done.stderr)

    def test_answers_come_through(self) -> None:
        answer = self.ask("GET", "/api/v1/status")
        self.assertEqual(answer.status, 200)
        self.assertIn(b'"mode":"demo"', answer.read())
        page = self.ask("GET", "/")
        self.assertEqual(page.status, 200)
        self.assertIn("default-src 'none'", page.getheader("Content-Security-Policy"))
        self.assertIn("max-age", page.getheader("Strict-Transport-Security"))
        page.read()

    def test_forwarded_headers_of_a_client_are_not_believed(self) -> None:
        for _ in range(3):
            answer = self.ask("GET", "/api/v1/status", {"X-Forwarded-For": "1.2.3.4",
                                                        "X-Forwarded-Proto": "http"})
            self.assertEqual(answer.status, 200)
            answer.read()
        page = self.ask("GET", "/", {"X-Forwarded-Proto": "http"})
        self.assertIsNotNone(page.getheader("Strict-Transport-Security"))
        page.read()

    def test_chunked_bodies_arrive_with_a_length(self) -> None:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=10,
                                                 context=self._tls())
        self.addCleanup(connection.close)
        connection.request("POST", "/api/v1/account/codes", iter([b'{"phone":"1380', b'0000001"',
                                                                  b',"purpose":"register"}']),
                           {"Content-Type": "application/json"}, encode_chunked=True)
        answer = connection.getresponse()
        self.assertEqual(answer.status, 202, answer.read())

    def test_event_streams_are_not_held_back(self) -> None:
        phone = {"phone": "13800000002", "purpose": "register"}
        self._json("POST", "/api/v1/account/codes", phone)
        codes = self._json("GET", "/api/v1/demo/codes")["items"]
        code = next(c["code"] for c in codes if c["phone"] == phone["phone"])
        answer = self.ask("POST", "/api/v1/account/register", {"Content-Type": "application/json"},
                          json.dumps({"phone": phone["phone"], "code": code,
                                      "accepted_terms": True}).encode())
        self.assertEqual(answer.status, 201, answer.read())
        cookie = answer.getheader("Set-Cookie").split(";")[0]
        self.assertIn("; Secure", answer.getheader("Set-Cookie"))
        answer.read()
        began = time.monotonic()
        stream = self.ask("GET", "/api/v1/events", {"Cookie": cookie})
        self.assertEqual(stream.getheader("Content-Type"), "text/event-stream; charset=utf-8")
        while b"event: hb" not in (line := stream.readline()):
            self.assertTrue(line)
        self.assertLess(time.monotonic() - began, 3)  # a proxy that buffers would wait for more

    def _json(self, method: str, path: str, body: dict | None = None) -> dict:
        answer = self.ask(method, path, {"Content-Type": "application/json"} if body else {},
                          json.dumps(body).encode() if body else None)
        self.assertLess(answer.status, 300)
        return json.load(answer)

    def test_speaks_http_2(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), 10) as plain:
            with self._tls("h2", "http/1.1").wrap_socket(plain) as secure:
                self.assertEqual(secure.selected_alpn_protocol(), "h2")

    def test_large_bodies_are_refused(self) -> None:
        answer = self.ask("POST", "/api/v1/account/codes", {"Content-Type": "application/json"},
                          b"{" + b" " * 200_000 + b"}")
        self.assertEqual(answer.status, 413)
        self.assertIn(b'"code":"body_too_large"', answer.read())


if __name__ == "__main__":
    unittest.main()
