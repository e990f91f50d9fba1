"""What the program does when its disk fails: full, read-only, damaged, or with the clock gone back.

A real file system of a few megabytes, a real read-only mount, a page overwritten in the file. What
was acknowledged stays; what cannot be saved is answered 503 and says so; /healthz says it; when the
disk is well again the same process goes on, without a restart.
"""

from __future__ import annotations

import atexit
import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = os.environ.get("FENQI_PROGRAM", "fenqi")
TEMPLATE = Path(tempfile.mkdtemp(prefix="fenqi-storage-shop-"))
atexit.register(shutil.rmtree, TEMPLATE, ignore_errors=True)


def command(*words: str | Path) -> subprocess.CompletedProcess:
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=100,
                          check=False)


class Server:
    """A running server, and a shop that makes orders in it: each is a durable write."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--data", str(data), "--port", "0", "--mode", "demo", "--quiet",
             "--rate-scale", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("listening "), line + self.process.stderr.read()
        self.port = int(line.rsplit(":", 1)[1])
        shop = json.loads((data / "demo.json").read_text("utf-8"))["shop"]
        self.bearer, self.product = shop["api_key"], shop["products"]["interest_free"]
        self.made = 0

    def ask(self, method: str, path: str, body: dict | None = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.bearer}", "Content-Type": "application/json",
                   "Idempotency-Key": secrets.token_urlsafe(18)}
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content

    def order(self) -> tuple[int, dict]:
        """One order; status and answer."""
        self.made += 1
        status, content = self.ask("POST", "/api/v1/orders", {
            "shop_order_no": f"N-{os.getpid()}-{self.made}", "phone": "19900000001",
            "amount_fen": 100_000, "product_code": self.product,
            "goods": [{"name": "手机" * 40, "quantity": 1, "amount_fen": 100_000}]})
        return status, json.loads(content)

    def there(self, order: dict) -> bool:
        return self.ask("GET", f"/api/v1/shop/orders/{order['shop_order_no']}")[0] == 200

    def health(self) -> tuple[int, str]:
        status, content = self.ask("GET", "/healthz")
        return status, content.decode().strip()

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)
        return self.process.returncode


class Storage(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="fenqi-storage-")
        self.addCleanup(temporary.cleanup)
        self.data = Path(temporary.name) / "data"
        self.data.mkdir()

    def mount(self, *options: str) -> None:
        done = subprocess.run(["mount", *options, str(self.data)], capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest("may not mount here")

    def shop(self) -> None:
        """The demo shop in the data folder: loaded once, copied for each test."""
        if not (TEMPLATE / "demo.json").exists():
            done = command("demo", "load", "--data", TEMPLATE, "--customers", "8")
            self.assertEqual(done.returncode, 0, done.stderr)
        shutil.copytree(TEMPLATE, self.data, dirs_exist_ok=True)

    def serve(self) -> Server:
        server = Server(self.data)

        def end() -> None:
            if server.process.poll() is None:
                server.process.kill()
                server.process.communicate()

        self.addCleanup(end)
        return server

    def well_again(self, server: Server) -> None:
        """The same process takes writes again, and says so."""
        end = time.monotonic() + 15
        while server.health()[0] != 200:
            self.assertLess(time.monotonic(), end, server.health())
            time.sleep(0.05)
        self.assertEqual(server.order()[0], 201)

    def books_are_clean(self) -> None:
        done = command("verify", "--data", self.data)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_full_disk(self) -> None:
        self.mount("-t", "tmpfs", "-o", "size=24m", "tmpfs")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.data)], check=False)
        self.shop()
        server = self.serve()
        self.assertEqual(server.health(), (200, "ok"))
        made = [server.order()[1] for _ in range(5)]
        ballast = self.data / "ballast"
        with open(ballast, "wb", buffering=0) as file, self.assertRaises(OSError):
            while file.write(b"x" * 4096) == 4096:
                pass
            raise OSError
        status, answer = 201, {}
        while status == 201 and len(made) < 3000:  # until what the files had in hand is used up
            status, answer = server.order()
            if status == 201:
                made.append(answer)
        self.assertEqual((status, answer["code"]), (503, "storage_unavailable"))
        status, text = server.health()
        self.assertEqual((status, text), (503, "store takes no writes: full"))
        self.assertTrue(server.there(made[0]) and server.there(made[-1]), "reading goes on")
        self.assertIsNone(server.process.poll())
        ballast.unlink()
        self.well_again(server)
        for order in made:
            self.assertTrue(server.there(order))
        self.assertEqual(server.end(), 0)
        self.books_are_clean()

    def test_a_disk_that_becomes_read_only(self) -> None:
        self.mount("-t", "tmpfs", "-o", "size=64m", "tmpfs")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.data)], check=False)
        self.shop()
        server = self.serve()
        made = server.order()[1]
        server.end()
        self.mount("-o", "remount,ro")
        done = command("serve", "--data", self.data, "--port", "0")
        self.assertIn(done.returncode, (74, 77), done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.mount("-o", "remount,rw")
        server = self.serve()
        self.assertTrue(server.there(made))
        self.assertEqual(server.order()[0], 201)
        self.books_are_clean()

    def test_a_damaged_page_is_said_and_acknowledged_is_not_lied_about(self) -> None:
        self.shop()
        server = self.serve()
        server.order()
        server.end()
        with open(self.data / "fenqi.db", "r+b") as database:
            pages = database.seek(0, 2) // 4096
            for page in range(2, pages):
                database.seek(page * 4096)
                database.write(secrets.token_bytes(64))
        done = command("verify", "--data", self.data)
        self.assertEqual(done.returncode, 70, done.stdout + done.stderr)
        self.assertIn("malformed", done.stderr)
        done = command("serve", "--data", self.data, "--port", "0")
        self.assertEqual(done.returncode, 70, done.stderr)

    def test_a_page_that_is_damaged_under_a_running_server(self) -> None:
        self.shop()
        server = self.serve()
        server.order()
        with open(self.data / "fenqi.db", "r+b") as database:
            pages = database.seek(0, 2) // 4096
            for page in range(2, pages):
                database.seek(page * 4096)
                database.write(secrets.token_bytes(64))
        status, content = server.ask("GET", "/api/v1/shop/orders/never-made")
        self.assertEqual(status, 503, content)
        self.assertEqual(json.loads(content)["code"], "storage_unavailable")
        status, text = server.health()
        self.assertEqual(status, 503)
        self.assertIn("damaged", text)
        self.assertEqual(server.health()[0], 503)  # until somebody has looked and restarted
        self.assertEqual(server.end(), 0)

    def test_a_file_that_is_no_database(self) -> None:
        self.shop()
        (self.data / "fenqi.db").write_bytes(b"not a database" * 1000)
        done = command("serve", "--data", self.data, "--port", "0")
        self.assertEqual(done.returncode, 70, done.stderr)

    def test_the_business_date_does_not_go_back(self) -> None:
        self.shop()
        date = json.loads((self.data / "demo.json").read_text("utf-8"))["business_date"]
        done = command("day-end", "--data", self.data, "--date", "2020-01-01")
        self.assertNotEqual(done.returncode, 0)
        server = self.serve()
        self.assertEqual(json.loads(server.ask("GET", "/api/v1/status")[1])["business_date"], date)
