"""A merchant written from the providers' documents, for tests of the sandbox.

Its cryptography is the `openssl` program (and GHASH below), so it shares no code with either side:
`Sandbox` runs the program, `Receiver` takes notifications, `WeChat` and `Card` speak the protocols.
"""

from __future__ import annotations

import atexit
import base64
import http.client
import http.server
import json
import os
import secrets
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path


def openssl(*arguments: str, data: bytes = b"") -> bytes:
    """Output of the openssl program; an error when it fails."""
    done = subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=False)
    if done.returncode != 0:
        raise ValueError(f"openssl {arguments[0]}: {done.stderr.decode()[:200]}")
    return done.stdout


def _multiply(x: int, y: int) -> int:
    """Product in GF(2^128) of GCM."""
    z = 0
    for bit in range(127, -1, -1):
        if y >> bit & 1:
            z ^= x
        x = x >> 1 ^ (0xE1 << 120 if x & 1 else 0)
    return z


def _aes_blocks(key: bytes, blocks: bytes) -> bytes:
    return openssl("enc", f"-aes-{len(key) * 8}-ecb", "-K", key.hex(), "-nopad", data=blocks)


def gcm_open(key: bytes, nonce: bytes, aad: bytes, sealed: bytes) -> bytes:
    """AES-GCM from its definition; an error when the tag is wrong."""
    text, tag = sealed[:-16], sealed[-16:]
    count = (len(text) + 15) // 16
    counters = b"".join(nonce + number.to_bytes(4, "big") for number in range(1, count + 2))
    stream = _aes_blocks(key, bytes(16) + counters)
    secret, mask, stream = int.from_bytes(stream[:16], "big"), stream[16:32], stream[32:]
    padded = b"".join(part + bytes(-len(part) % 16) for part in (aad, text))
    padded += (len(aad) * 8).to_bytes(8, "big") + (len(text) * 8).to_bytes(8, "big")
    value = 0
    for at in range(0, len(padded), 16):
        value = _multiply(value ^ int.from_bytes(padded[at:at + 16], "big"), secret)
    if bytes(a ^ b for a, b in zip(value.to_bytes(16, "big"), mask)) != tag:
        raise ValueError("wrong GCM tag")
    return bytes(a ^ b for a, b in zip(text, stream))


class Receiver:
    """A merchant's notification address. `answers` are used up first, then (200, b"OK")."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, bytes]] = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            """Keeps what comes."""

            def do_POST(self) -> None:  # noqa: N802
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.got.append((self.path, {k.lower(): v for k, v in self.headers.items()},
                                     body))
                status, text = receiver.answers.pop(0) if receiver.answers else (200, b"OK")
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_arguments) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wait(self, count: int, path: str = "/", seconds: float = 8) -> list:
        """The notifications to a path, when there are `count` of them."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = [one for one in self.got if one[0].startswith(path)]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise AssertionError(f"{path}: {len(found)} notifications instead of {count}")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Sandbox:
    """The program on a folder of its own."""

    def __init__(self, *options: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.options = options
        self.process: subprocess.Popen | None = None
        atexit.register(self.kill)
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [os.environ["SANDBOX"], "--data", self.folder.name, "--port", "0", *self.options],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening http://127.0.0.1:"):
            raise AssertionError(f"the sandbox said {line!r}")
        self.url = line.split()[1]
        path = Path(self.folder.name) / "merchant" / "channels.json"
        self.channels = json.loads(path.read_text())

    def kill(self) -> None:
        """Kill -9, when it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process.stdout.close()

    def close(self) -> int:
        self.process.terminate()
        code = self.process.wait(timeout=10)
        self.process.stdout.close()
        self.folder.cleanup()
        return code

    def call(self, method: str, target: str, body: bytes = b"", headers: dict | None = None,
             seconds: float = 10) -> tuple[int, dict[str, str], bytes]:
        """One request; header names come back in lower case."""
        connection = http.client.HTTPConnection(self.url[7:], timeout=seconds)
        try:
            connection.request(method, target, body or None, headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def control(self, target: str, **form) -> dict:
        """A call of the control interface: POST when there is a form (or `_post`)."""
        post = bool(form)
        form.pop("_post", None)
        status, _, body = self.call("POST" if post else "GET", f"/control/{target}",
                                    urllib.parse.urlencode(form).encode(),
                                    {"Content-Type": "application/x-www-form-urlencoded"})
        value = json.loads(body)
        value["http"] = status
        return value


class Keys:
    """PEM texts as files for openssl."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def file(self, pem: str) -> str:
        path = self.folder / f"{abs(hash(pem))}.pem"
        path.write_text(pem)
        return str(path)

    def public(self, certificate: str) -> str:
        """The public key of a certificate."""
        pem = openssl("x509", "-in", self.file(certificate), "-noout", "-pubkey").decode()
        return self.file(pem)

    def verify(self, digest: str, public: str, message: bytes, signature: bytes) -> bool:
        path = self.folder / f"signature-{secrets.token_hex(4)}"
        path.write_bytes(signature)
        try:
            openssl("dgst", f"-{digest}", "-verify", public, "-signature", str(path), data=message)
            return True
        except ValueError:
            return False
        finally:
            path.unlink()


class WeChat:
    """A merchant of WeChat Pay APIv3."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.keys = Keys(sandbox.folder.name)
        self.config = sandbox.channels["wechat"]
        self.platform = self.keys.public(self.config["platform_certificate_pem"])
        self.public_key = self.keys.file(self.config["platform_public_key_pem"])

    def authorization(self, method: str, target: str, body: bytes, **changes) -> str:
        """The header; `changes` spoil one of its parts."""
        parts = {"mchid": self.config["mchid"], "nonce_str": secrets.token_hex(16),
                 "timestamp": str(int(time.time())), "serial_no": self.config["merchant_serial"]}
        parts.update({k: v for k, v in changes.items() if k in parts})
        message = f"{method}\n{target}\n{parts['timestamp']}\n{parts['nonce_str']}\n".encode()
        message += changes.get("signed_body", body) + b"\n"
        signature = openssl("dgst", "-sha256", "-sign",
                            self.keys.file(self.config["merchant_private_key_pem"]), data=message)
        parts["signature"] = base64.b64encode(signature).decode()
        return "WECHATPAY2-SHA256-RSA2048 " + ",".join(f'{k}="{v}"' for k, v in parts.items())

    def signed(self, headers: dict[str, str], body: bytes) -> bool:
        """Whether an answer or a notification is signed by the platform."""
        serial = headers["wechatpay-serial"]
        key = {self.config["platform_serial"]: self.platform,
               self.config["platform_public_key_id"]: self.public_key}[serial]
        message = (f"{headers['wechatpay-timestamp']}\n{headers['wechatpay-nonce']}\n".encode()
                   + body + b"\n")
        return self.keys.verify("sha256", key, message,
                                base64.b64decode(headers["wechatpay-signature"]))

    def call(self, method: str, target: str, value=None, headers: dict | None = None,
             raw: bytes | None = None, **changes) -> tuple[int, dict]:
        """A signed request; the answer's signature is verified. `raw` is a body that is no JSON."""
        body = raw if raw is not None else b"" if value is None else json.dumps(value).encode()
        seconds = changes.pop("seconds", 10)
        all_headers = {"Authorization": self.authorization(method, target, body, **changes),
                       "Accept": "application/json", "Content-Type": "application/json",
                       "User-Agent": "test", **(headers or {})}
        status, got, text = self.sandbox.call(method, target, body, all_headers, seconds)
        if not self.signed(got, text):
            raise AssertionError(f"{target}: the answer's signature is wrong")
        self.headers = got
        return status, json.loads(text) if text else {}

    def order(self, number: str, kind: str = "native", fen=12345, **more) -> tuple[int, dict]:
        """Places an order."""
        value = {"appid": self.config["appid"], "mchid": self.config["mchid"],
                 "description": "第3期还款", "out_trade_no": number,
                 "notify_url": "http://127.0.0.1:9/none", "amount": {"total": fen,
                                                                    "currency": "CNY"}}
        value.update(more)
        return self.call("POST", f"/v3/pay/transactions/{kind}", value)

    def query(self, number: str) -> tuple[int, dict]:
        return self.call("GET", f"/v3/pay/transactions/out-trade-no/{number}"
                                f"?mchid={self.config['mchid']}")

    def refund(self, number: str, refund_no: str, fen: int, total: int, **more) -> tuple[int, dict]:
        return self.call("POST", "/v3/refund/domestic/refunds",
                         {"out_trade_no": number, "out_refund_no": refund_no,
                          "amount": {"refund": fen, "total": total, "currency": "CNY"}, **more})

    def read_notice(self, headers: dict[str, str], body: bytes) -> tuple[dict, dict]:
        """A verified notification and its decrypted resource."""
        if not self.signed(headers, body):
            raise ValueError("the notification's signature is wrong")
        notice = json.loads(body)
        sealed = notice["resource"]
        plain = gcm_open(self.config["api_v3_key"].encode(), sealed["nonce"].encode(),
                         sealed["associated_data"].encode(), base64.b64decode(sealed["ciphertext"]))
        return notice, json.loads(plain)


class Card:
    """A merchant of the card acquirer."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.keys = Keys(sandbox.folder.name)
        self.config = sandbox.channels["card"]
        self.private = self.keys.file(self.config["merchant_private_key_pem"])
        self.acquirer = self.keys.public(self.config["acquirer_certificate_pem"])

    @staticmethod
    def digest(fields: dict[str, str]) -> bytes:
        """Lower-case hexadecimal SHA1 of the sorted fields."""
        text = "&".join(f"{k}={fields[k]}" for k in sorted(fields)
                        if fields[k] != "" and k != "signature")
        return openssl("dgst", "-sha1", "-r", data=text.encode()).split()[0]

    def seal(self, key: str, text: str) -> str:
        plain = base64.b64encode(text.encode())
        plain += bytes(-len(plain) % 16)
        code = key.encode().hex()
        return openssl("enc", "-aes-128-cbc", "-K", code, "-iv", code, "-nopad", data=plain).hex()

    def open(self, key: str, sealed: str) -> str:
        code = key.encode().hex()
        plain = openssl("enc", "-d", "-aes-128-cbc", "-K", code, "-iv", code, "-nopad",
                        data=bytes.fromhex(sealed))
        return base64.b64decode(plain.rstrip(b"\0")).decode()

    def request(self, txn_type: str, sealed: dict[str, str] | None = None, **fields: str) -> dict:
        """The signed fields of a request."""
        form = {"send_time": time.strftime("%Y-%m-%d %H:%M:%S"), "msg_id": secrets.token_hex(15),
                "version": "4.0.0.0", "terminal_id": self.config["terminal_id"],
                "txn_type": txn_type, "member_id": self.config["member_id"], **fields}
        if sealed:
            key = secrets.token_hex(8)
            envelope = base64.b64encode(f"01|{key}".encode())
            form["dgtl_envlp"] = openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", self.acquirer,
                                         data=envelope).hex()
            form.update({name: self.seal(key, text) for name, text in sealed.items()})
        form["signature"] = openssl("dgst", "-sha1", "-sign", self.private,
                                    data=self.digest(form)).hex()
        return form

    def post(self, form: dict[str, str], seconds: float = 10) -> dict[str, str]:
        """Sends a form; the answer verified, its sealed fields opened."""
        status, _, body = self.sandbox.call(
            "POST", urllib.parse.urlsplit(self.config["endpoint_url"]).path,
            urllib.parse.urlencode(form).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"}, seconds)
        if status != 200:
            return {"http": str(status)}
        answer = dict(pair.split("=", 1) for pair in body.decode().split("&"))
        if not self.verified(answer):
            raise AssertionError("the acquirer's signature is wrong")
        if "dgtl_envlp" in answer:
            envelope = openssl("pkeyutl", "-decrypt", "-inkey", self.private,
                               data=bytes.fromhex(answer["dgtl_envlp"]))
            key = base64.b64decode(envelope).decode()[3:]
            for name in ("unique_code", "protocol_no", "protocols"):
                if name in answer:
                    answer[name] = self.open(key, answer[name])
        return answer

    def verified(self, fields: dict[str, str]) -> bool:
        """Whether the acquirer signed these fields."""
        return self.keys.verify("sha1", self.acquirer, self.digest(fields),
                                bytes.fromhex(fields["signature"]))

    def call(self, txn_type: str, sealed: dict[str, str] | None = None, **fields: str) -> dict:
        return self.post(self.request(txn_type, sealed, **fields))

    def prebind(self, number: str, user: str = "U1", name: str = "测试甲",
                identity: str = "110101199003077651", mobile: str = "13800138000") -> dict:
        return self.call("01", {"acc_info": f"{number}|{name}|{identity}|{mobile}||"},
                         user_id=user, card_type="101", id_card_type="01")

    def bind(self, number: str, user: str = "U1", code: str = "123456") -> str:
        """A new agreement's number."""
        first = self.prebind(number, user)
        second = self.call("02", {"unique_code": f"{first['unique_code']}|{code}"})
        if second["resp_code"] != "S":
            raise AssertionError(second)
        return second["protocol_no"]

    def debit(self, trans_id: str, protocol_no: str, fen: int, **more: str) -> dict:
        """The signed fields of a direct debit."""
        fields = {"trans_id": trans_id, "user_id": "U1", "txn_amt": str(fen), "return_url": "",
                  "risk_item": '{"goodsCategory":"02","chPayIp":"127.0.0.1"}', **more}
        return self.request("08", {"protocol_no": protocol_no}, **fields)

    def pay(self, trans_id: str, protocol_no: str, fen: int, **more: str) -> dict:
        return self.post(self.debit(trans_id, protocol_no, fen, **more))

    def query(self, trans_id: str) -> dict:
        return self.call("07", orig_trans_id=trans_id,
                         orig_trade_date=time.strftime("%Y-%m-%d %H:%M:%S"))

    def _blocks(self, data: bytes) -> str:
        parts = [data[at:at + 245] for at in range(0, len(data), 245)]
        return "".join(openssl("rsautl", "-sign", "-inkey", self.private, data=part).hex()
                       for part in parts)

    def open_blocks(self, text: str) -> dict:
        """What the acquirer wrote with its private key."""
        raw = bytes.fromhex(text)
        plain = b"".join(openssl("rsautl", "-verify", "-pubin", "-inkey", self.acquirer,
                                 data=raw[at:at + 256]) for at in range(0, len(raw), 256))
        return json.loads(base64.b64decode(plain))

    def refund(self, sub_type: str, refund_no: str, **content: str) -> dict:
        """A refund (09) or its query (10)."""
        value = {"terminal_id": self.config["terminal_id"], "member_id": self.config["member_id"],
                 "txn_sub_type": sub_type, "refund_order_no": refund_no,
                 "trans_serial_no": secrets.token_hex(10), **content}
        form = {"version": "4.0.0.0", "member_id": self.config["member_id"],
                "terminal_id": self.config["terminal_id"], "txn_type": "331",
                "txn_sub_type": sub_type, "data_type": "json",
                "data_content": self._blocks(base64.b64encode(json.dumps(value).encode()))}
        _, _, body = self.sandbox.call(
            "POST", urllib.parse.urlsplit(self.config["refund_url"]).path,
            urllib.parse.urlencode(form).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"})
        return self.open_blocks(body.decode())
