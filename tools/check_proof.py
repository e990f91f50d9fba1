#!/usr/bin/env python3
"""Checks proofs of `fenqi verify --prove` with nothing of Fenqi: a payment stands in signed books.

    check_proof.py --public-key HEX [FILE]       (standard input without FILE; a proof a line)

HEX is the key that the operator has published: a proof holds one too, but says nothing by it. It
prints one line a proof; exit code 0: all hold, 1: one does not. docs/proof.md says what is checked.
Python's standard library is all that it needs: Ed25519 (RFC 8032) is written out below.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import json
import sys

# ---- Ed25519, RFC 8032 section 5.1.7 and appendix A

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]


def add(a: Point, b: Point) -> Point:
    left, right = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    twice, both = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = right - left, both - twice, both + twice, right + left
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    sum_: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            sum_ = add(sum_, point)
        point = add(point, point)
        number >>= 1
    return sum_


def x_of(y: int, sign: int) -> int:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point of the curve")
    return P - x if x & 1 != sign else x


def point_of(text: bytes) -> Point:
    number = int.from_bytes(text, "little")
    y = number & (1 << 255) - 1
    x = x_of(y, number >> 255)
    return x, y, 1, x * y % P


def same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    base_y = 4 * pow(5, P - 2, P) % P
    base = (x_of(base_y, 0), base_y, 1, x_of(base_y, 0) * base_y % P)
    try:
        r, a = point_of(signature[:32]), point_of(key)
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return len(key) == 32 and len(signature) == 64 and s < ORDER and same(
        times(s, base), add(r, times(h, a)))


# ---- what a proof says


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def day_number(text: str) -> int:
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


def entry_hash(entry: dict) -> bytes:
    """The hash of an entry in its chain: the bytes of src/ledger/entry.h after what came before."""
    canonical = b"\1" + int(entry["contract_id"]).to_bytes(8, "big", signed=True)
    canonical += entry["number"].to_bytes(8, "big")
    canonical += day_number(entry["day"]).to_bytes(4, "big", signed=True)
    canonical += len(entry["lines"]).to_bytes(2, "big")
    for account, fen in entry["lines"]:
        canonical += account.encode("ascii") + (b"D" if fen > 0 else b"C")
        canonical += abs(fen).to_bytes(8, "big")
    return sha256(bytes.fromhex(entry["hash_before"]),
                  int(entry["customer_id"]).to_bytes(8, "big", signed=True), canonical)


def root_of(leaf: bytes, index: int, count: int, path: list[bytes]) -> bytes | None:
    """RFC 9162, section 2.1.3.2; the tree is that of RFC 6962."""
    node, last = sha256(b"\0", leaf), count - 1
    if not 0 <= index < count:
        return None
    for neighbour in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = sha256(b"\1", neighbour, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\1", node, neighbour)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def what_is_wrong(proof: dict, key: bytes) -> str | None:
    entry, seal = proof["entry"], proof["seal"]
    if proof["format"] != "fenqi-proof-01":
        return "another format"
    if sum(fen for _, fen in entry["lines"]) != 0:
        return "the entry does not balance"
    leaf, root = entry_hash(entry), bytes.fromhex(seal["root"])
    if leaf != bytes.fromhex(entry["hash"]):
        return "the entry is not what was hashed"
    path = [bytes.fromhex(node) for node in proof["path"]]
    if root_of(leaf, proof["leaf"], seal["entries"], path) != root:
        return "the path does not lead to the day's root"
    statement = b"fenqi-day-01" + day_number(entry["day"]).to_bytes(4, "big", signed=True)
    statement += seal["entries"].to_bytes(8, "big") + bytes.fromhex(seal["previous"]) + root
    if bytes.fromhex(seal["public_key"]) != key:
        return "signed by another key than the published one"
    if not is_signed(key, statement, bytes.fromhex(seal["signature"])):
        return "the signature is not of this day's root"
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--public-key", required=True, type=bytes.fromhex)
    parser.add_argument("file", nargs="?", type=argparse.FileType("r", encoding="utf-8"),
                        default=sys.stdin)
    options = parser.parse_args()
    wrong, count = 0, 0
    for line in options.file:
        proof = json.loads(line)
        fault = what_is_wrong(proof, options.public_key)
        entry, count = proof["entry"], count + 1
        wrong += fault is not None
        print(f"entry {entry['number']} of {entry['day']}: "
              + (fault or "stands in the signed books of that day, among "
                 f"{proof['seal']['entries']}"))
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
