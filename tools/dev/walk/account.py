"""Step 1: register with a one-time code, log in by password and by code, sessions, log out."""

from __future__ import annotations

from ..client import expect_equal
from .scene import Scene

PASSWORD = "correct horse 42"


def walk(scene: Scene) -> str:
    """The step."""
    client, phone = scene.customer, scene.new_phone()
    scene.phone, scene.password = phone, PASSWORD
    request = {"phone": phone, "purpose": "register"}
    client.refused("phone_invalid", "POST", "/account/codes", {**request, "phone": "12345"})
    client.expect(202, "POST", "/account/codes", request)
    client.refused("code_too_soon", "POST", "/account/codes", request)
    code = scene.code(phone)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    form = {"phone": phone, "code": wrong, "password": PASSWORD, "name": "陈小满",
            "accepted_terms": True}
    client.refused("code_wrong", "POST", "/account/register", form)
    account = client.expect(201, "POST", "/account/register", {**form, "code": code}).json
    expect_equal("masked phone", account["phone_masked"], f"{phone[:3]}****{phone[-4:]}")
    expect_equal("has a password", account["has_password"], True)

    other = scene.client()
    other.refused("password_wrong", "POST", "/account/sessions",
                  {"phone": phone, "password": PASSWORD + "x"})
    other.expect(201, "POST", "/account/sessions", {"phone": phone, "password": PASSWORD})
    sessions = client.get("/account/sessions")["items"]
    expect_equal("sessions", len(sessions), 2)
    foreign = next(s for s in sessions if not s["current"])
    client.expect(204, "DELETE", f"/account/sessions/{foreign['session_id']}")
    other.refused("not_logged_in", "GET", "/account")

    by_code = scene.client()
    demo_phone = scene.logins["customers"][0]["phone"]
    by_code.expect(202, "POST", "/account/codes", {"phone": demo_phone, "purpose": "login"})
    by_code.expect(201, "POST", "/account/sessions",
                   {"phone": demo_phone, "code": scene.code(demo_phone)})
    by_code.expect(204, "DELETE", "/account/sessions/current")
    by_code.refused("not_logged_in", "GET", "/account")

    client.csrf, kept = "wrong", client.csrf
    client.refused("csrf_invalid", "PUT", "/account/name", {"name": "陈大满"})
    client.csrf = kept
    return (f"registered {account['phone_masked']}, logged in by password and by code, 2 sessions "
            "seen and one ended, 5 refusals")
