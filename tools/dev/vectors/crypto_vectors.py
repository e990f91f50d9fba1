"""Ciphers, authentication codes, signatures and one-time codes, as kind `crypto`."""

from __future__ import annotations

from typing import Iterable

FILE = "crypto_vectors.json"
KIND = "crypto"

# Published category → our function's name.
_FUNCTIONS = {"aes-256-gcm": "aes-gcm", "wechatpay-aead": "aes-gcm",
              "rsa2048-pkcs1v15-sha256-verify": "rsa-sha256-verify",
              "wechatpay-rsa-verify": "rsa-sha256-verify"}


def _text(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def _fields(case: dict) -> Iterable[str]:
    category = case["category"]
    if category == "aes-256-gcm":
        yield from (f"key_hex {case['key']}", f"nonce_hex {case['iv']}", f"aad_hex {case['aad']}",
                    f"plain_hex {case['msg']}", f"sealed_hex {case['ct']}{case['tag']}")
    elif category == "wechatpay-aead":
        yield from (f"key {case['key_ascii']}", f"nonce {case['nonce_ascii']}",
                    f"aad {case['aad_ascii']}", f"plain {_text(case['expected_plain'])}",
                    f"sealed_base64 {case['ct_b64']}")
    elif category == "hmac-sha256":
        yield from (f"key_hex {case['key']}", f"message_hex {case['msg']}",
                    f"tag_hex {case['tag']}")
    elif category == "rsa2048-pkcs1v15-sha256-verify":
        yield from (f"key {_text(case['public_key_pem'])}", f"message_hex {case['msg']}",
                    f"signature_hex {case['sig']}")
    elif category == "wechatpay-rsa-verify":
        key = case.get("certificate_pem") or case["public_key_pem"]
        yield from (f"key {_text(key)}", f"message {_text(case['msg_ascii'])}",
                    f"signature_base64 {case['sig_b64']}")
    elif category == "totp-sha1":
        seed = (f"seed_hex {case['secret_ascii'].encode().hex()}" if "secret_ascii" in case
                else f"seed_hex {case['secret_hex']}")
        yield from (seed, f"time {case['time']}", f"step {case['step']}")


def convert(data) -> Iterable[str]:
    """One case a vector; of categories without a function here only the name is kept."""
    for case in data["cases"]:
        category = case["category"]
        yield f"case {case['id']}"
        yield f"source {case['source']}"
        yield f"function {_FUNCTIONS.get(category, category)}"
        yield from _fields(case)
        expected = case.get("expected")
        if category in ("wechatpay-aead", "wechatpay-rsa-verify"):
            expected = "valid"
        yield f"expected {expected if isinstance(expected, str) else '-'}".replace("\n", "\\n")
        yield ""
