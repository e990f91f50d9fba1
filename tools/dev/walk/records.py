"""Step 5: every payment with its allocation, the receipt as PDF, its code and what that proves."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ..client import Unexpected, expect_equal
from .scene import Scene, yuan


def walk(scene: Scene) -> str:
    """The step."""
    client = scene.customer
    items, cursor = [], None
    while True:
        page = client.get("/payments", limit=2, cursor=cursor)
        items += page["items"]
        cursor = page["next_cursor"]
        if not cursor:
            break
    ids = [item["payment_id"] for item in items]
    expect_equal("records are listed once", len(set(ids)), len(ids))
    for wanted in (scene.card_payment, scene.wechat_payment):
        expect_equal(f"{wanted} is listed", wanted in ids, True)
    succeeded = [item for item in items if item["state"] == "succeeded"]
    total = sum(item["amount_fen"] for item in succeeded)

    payment = client.get(f"/payments/{scene.card_payment}")
    pdf = client.expect(200, "GET", f"/payments/{scene.card_payment}/receipt.pdf").body
    text, link = read_receipt(pdf)
    if f"{payment['amount_fen'] / 100:,.2f}" not in text:
        raise Unexpected("the receipt does not name the amount")
    parts = urlsplit(link)
    number, proof = parts.path.rsplit("/", 1)[-1], parse_qs(parts.query)["h"][0]
    expect_equal("number on the receipt", number, payment["receipt_no"])
    anybody = scene.client()
    proven = anybody.get(f"/verify/{number}", h=proof)
    expect_equal("what the code proves", (proven["genuine"], proven["amount_fen"]),
                 (True, payment["amount_fen"]))
    forged = proof[:-1] + ("0" if proof[-1] != "0" else "1")
    expect_equal("a changed code", anybody.get(f"/verify/{number}", h=forged)["genuine"], False)
    return (f"{len(items)} records on {-(-len(items) // 2)} pages, {len(succeeded)} succeeded with "
            f"{yuan(total)}; receipt of {len(pdf) // 1024} kB names {yuan(payment['amount_fen'])}, "
            "its QR code verifies, a changed one does not")


def read_receipt(pdf: bytes) -> tuple[str, str]:
    """Text of a receipt, and the address in its QR code, read as a scanner would."""
    if not pdf.startswith(b"%PDF-"):
        raise Unexpected("the receipt is no PDF")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "receipt.pdf"
        path.write_bytes(pdf)
        text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True,
                              check=True).stdout.decode("utf-8", "replace")
        subprocess.run(["pdftoppm", "-r", "150", "-png", path, Path(folder) / "page"], check=True)
        pages = sorted(Path(folder).glob("page*.png"))
        found = subprocess.run(["zbarimg", "--quiet", "--raw", *pages], capture_output=True,
                               check=False).stdout.decode()
    link = re.search(r"https?://\S+", found)
    if not link:
        raise Unexpected("no address can be read from the receipt's QR code")
    return text, link.group()
