"""The program `fenqi`: its options, its start and its end, its key file, TLS of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = os.environ.get("FENQI_PROGRAM", "fenqi")


def run(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=30,
                          check=False)


class Served:
    """A running server on a free port."""

    def __init__(self, data: Path, *options: str) -> None:
        began = time.monotonic()
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--data", str(data), "--port", "0", "--mode", "demo", *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        self.start_s = time.monotonic() - began
        assert line.startswith("listening "), line + self.process.stderr.read()
        self.url = line.split()[1]
        self.port = int(self.url.rsplit(":", 1)[1])

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Exit code and what it logged."""
        self.process.send_signal(number)
        _, log = self.process.communicate(timeout=20)
        return self.process.returncode, log


class Program(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="fenqi-program-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def serve(self, *options: str) -> Served:
        served = Served(self.folder / "data", *options)

        def end() -> None:
            if served.process.poll() is None:
                served.end()

        self.addCleanup(end)
        return served

    def test_help_and_version(self) -> None:
        self.assertIn("fenqi serve", run("help").stdout)
        self.assertEqual(run().returncode, 0)
        self.assertRegex(run("version").stdout, r"^\d+\.\d+\.\d+\n$")
        self.assertIn("GET /api/v1/status\n", run("routes").stdout)

    def test_wrong_use_ends_with_code_2_and_one_line(self) -> None:
        for words in (("nothing",), ("serve", "--nothing"), ("serve", "--port"),
                      ("serve", "--port", "65536"), ("serve", "--port", "x"),
                      ("serve", "--mode", "play"), ("serve", "--mode", "live"),
                      ("serve", "--tls-cert", "a"), ("serve", "word"), ("migrate", "--data", "")):
            done = run(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertEqual(done.stderr.count("\n"), 1, words)

    def test_starts_quickly_idles_small_and_ends_cleanly(self) -> None:
        served = self.serve()
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
        connection.request("GET", "/healthz")
        self.assertEqual(connection.getresponse().read(), b"ok\n")
        connection.close()
        status = Path(f"/proc/{served.process.pid}/status").read_text()
        resident_kb = int(next(w for w in status.split("VmRSS:")[1].split()))
        if "libasan" not in Path(f"/proc/{served.process.pid}/maps").read_text():
            self.assertLess(resident_kb, 60_000)
            self.assertLess(served.start_s, 0.5 if os.getloadavg()[0] < 4 else 3)
        code, log = served.end(signal.SIGINT)
        self.assertEqual(code, 0, log)
        lines = [json.loads(line) for line in log.splitlines()]
        self.assertTrue(any(line.get("route") == "/healthz" for line in lines))

    def test_key_file(self) -> None:
        self.serve().end()
        key = self.folder / "data" / "master.key"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(key.parent.stat().st_mode), 0o700)
        before = key.read_text()
        self.serve().end()
        self.assertEqual(key.read_text(), before)
        key.chmod(0o644)
        done = run("serve", "--data", str(self.folder / "data"), "--port", "0")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("chmod 600", done.stderr)
        key.chmod(0o600)
        key.write_text("short")
        done = run("migrate", "--data", str(self.folder / "data"))
        self.assertIn("not a key file", done.stderr)
        self.assertNotIn("short", done.stderr)

    def test_a_taken_port_is_said(self) -> None:
        served = self.serve()
        done = run("serve", "--data", str(self.folder / "other"), "--port", str(served.port))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("cannot listen", done.stderr)

    def test_environment_stands_in_for_options(self) -> None:
        done = subprocess.run([PROGRAM, "migrate"], capture_output=True, text=True, timeout=30,
                              check=False, env={**os.environ,
                                                "FENQI_DATA": str(self.folder / "env")})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "env" / "fenqi.db").exists())

    def test_log_holds_no_query_and_no_path(self) -> None:
        served = self.serve()
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
        for path in ("/api/v1/verify/R1?h=secret-query", "/checkout/secret-path",
                     "/api/v1/account/sessions/secret-id"):
            connection.request("GET", path, headers={"Cookie": "fenqi_session=secret-cookie"})
            connection.getresponse().read()
        connection.close()
        _, log = served.end()
        self.assertIn('"status":', log)
        self.assertNotIn("secret", log)

    def test_tls_of_its_own(self) -> None:
        certificate, key = self.folder / "cert.pem", self.folder / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-keyout", key, "-out", certificate], check=True,
                       capture_output=True)
        served = self.serve("--tls-cert", str(certificate), "--tls-key", str(key))
        self.assertTrue(served.url.startswith("https://"))
        context = ssl.create_default_context(cafile=str(certificate))
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", served.port, timeout=10,
                                                 context=context)
        for _ in range(3):
            connection.request("GET", "/api/v1/status")
            answer = connection.getresponse()
            self.assertEqual(answer.status, 200)
            answer.read()
        body = b'{"phone":"' + b"1" * 60_000 + b'"}'  # more than one record
        connection.request("POST", "/api/v1/account/codes", body,
                           {"Content-Type": "application/json"})
        self.assertEqual(connection.getresponse().status, 400)
        connection.close()
        with socket.create_connection(("127.0.0.1", served.port), 10) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try:
                self.assertNotIn(b"HTTP/1.1 200", plain.recv(1000))
            except ConnectionResetError:
                pass
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(("127.0.0.1", served.port), 10) as plain:
            with self.assertRaises((ssl.SSLError, OSError)):
                old.wrap_socket(plain)
        code, log = served.end()
        self.assertEqual(code, 0, log)
        done = run("serve", "--data", str(self.folder / "bad"), "--tls-cert", str(key),
                   "--tls-key", str(key))
        self.assertIn("TLS certificate", done.stderr)


if __name__ == "__main__":
    unittest.main()
