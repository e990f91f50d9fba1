"""The console's interface: chat, customers, search, extensions, the day-end; who may do what, and
the record that each act leaves."""

from __future__ import annotations

import http.client
import sqlite3
import subprocess
import threading
import time

from dev.apitests import ApiTest, Served
from dev.client import Client, new_key, until

from every_operation import NOTHING


def rows(query: str) -> list[tuple[str, ...]]:
    """What a query beside the server gives."""
    url = Served.stack.database
    if url.startswith("sqlite:"):
        with sqlite3.connect(f"file:{url[7:]}?mode=ro", uri=True) as book:
            return [tuple(str(cell) for cell in row) for row in book.execute(query)]
    out = subprocess.run(["psql", url, "-tAc", query], capture_output=True, text=True, check=True)
    return [tuple(line.split("|")) for line in out.stdout.splitlines() if line]


def records(customer_id: str) -> list[str]:
    """Actions of staff on a customer's data, in order."""
    return [row[0] for row in rows(
        "SELECT action FROM audit WHERE actor_kind = 3 AND customer_id = "
        f"{int(customer_id)} ORDER BY audit_id")]


class StaffTest(ApiTest):
    def staff(self, role: str) -> Client:
        """Somebody of a role, logged in."""
        person = next(s for s in self.scene.logins["staff"] if s["role"] == role)
        client = self.scene.client()
        client.expect(201, "POST", "/staff/sessions", {
            "login": person["login"], "password": person["password"]})
        return client

    def talker(self) -> tuple[Client, str, str]:
        """A new customer who has said something: client, phone, customer_id."""
        client, phone = self.scene.register()
        self.say(client, "你好")
        return client, phone, client.get("/account")["customer_id"]

    @staticmethod
    def say(client: Client, text: str) -> dict:
        return client.expect(201, "POST", "/chat/messages", {
            "client_id": new_key(), "text": text}).json


class Chat(StaffTest):
    def test_the_way_of_a_conversation(self) -> None:
        customer, _, me = self.talker()
        agent, other = self.staff("agent"), self.staff("collector")
        room = f"/staff/conversations/{me}"
        waiting = agent.get("/staff/conversations", filter="waiting")
        self.assertIn(me, [c["customer_id"] for c in waiting["items"]])
        agent_id = agent.get("/staff/me")["staff_id"]
        taken = agent.expect(200, "POST", f"{room}/assign", {"staff_id": agent_id}).json
        self.assertEqual((taken["state"], taken["assigned_to"]["staff_id"]), ("assigned", agent_id))
        mine = agent.get("/staff/conversations", filter="mine")["items"]
        self.assertIn(me, [c["customer_id"] for c in mine])
        theirs = other.get("/staff/conversations", filter="mine")["items"]
        self.assertNotIn(me, [c["customer_id"] for c in theirs])
        whole = agent.get(room)
        self.assertEqual([m["text"] for m in whole["messages"]], ["你好"])
        self.assertEqual(whole["summary"]["unread"], 1)
        agent.expect(204, "POST", f"{room}/read", {"number": whole["messages"][-1]["number"]})
        self.assertEqual(agent.get(room)["summary"]["unread"], 0)
        answer = {"client_id": new_key(), "text": "您好", "note": False}
        first = agent.expect(201, "POST", f"{room}/messages", answer).json
        again = agent.expect(201, "POST", f"{room}/messages", answer).json
        self.assertEqual(first["number"], again["number"])
        agent.refused("message_conflict", "POST", f"{room}/messages", {**answer, "text": "别的"})
        agent.expect(201, "POST", f"{room}/messages",
                     {"client_id": new_key(), "text": "内部", "note": True})
        self.assertEqual([m["text"] for m in customer.get("/chat")["messages"]], ["你好", "您好"])
        agent.expect(204, "POST", f"{room}/typing")
        back = agent.expect(200, "POST", f"{room}/assign", {"staff_id": None}).json
        self.assertEqual((back["state"], back["assigned_to"]), ("waiting", None))
        closed = agent.expect(200, "POST", f"{room}/close").json
        self.assertEqual(closed["state"], "closed")
        self.assertIn(me, [c["customer_id"] for c in
                           agent.get("/staff/conversations", filter="closed")["items"]])
        self.say(customer, "还在吗")
        self.assertEqual(agent.get(room)["summary"]["state"], "waiting")
        self.assertEqual(records(me), [
            "conversation_assigned", "conversation_viewed", "messages_read", "conversation_viewed",
            "message_sent", "message_sent", "note_written", "conversation_assigned",
            "conversation_closed", "conversation_viewed"])

    def test_refusals(self) -> None:
        _, _, me = self.talker()
        silent, _ = self.scene.register()
        nobody = silent.get("/account")["customer_id"]
        agent, room = self.staff("agent"), f"/staff/conversations/{me}"
        for unknown in ("1", "0", "-1", "x", "99999999999999999999", nobody):
            path = f"/staff/conversations/{unknown}"
            agent.refused("conversation_not_found", "GET", path)
            agent.refused("conversation_not_found", "POST", f"{path}/assign", {"staff_id": None})
            agent.refused("conversation_not_found", "POST", f"{path}/close")
        agent.refused("staff_not_found", "POST", f"{room}/assign", {"staff_id": "1"})
        agent.refused("staff_not_found", "POST", f"{room}/assign", {"staff_id": "x"})
        message = {"client_id": new_key(), "text": "x", "note": False}
        agent.refused("customer_not_found", "POST", "/staff/conversations/1/messages", message)
        foreign = self.scene.shop_order(self.scene.new_phone(), 50_000,
                                        self.scene.logins["shop"]["products"]["interest_free"])
        agent.refused("order_not_found", "POST", f"{room}/messages",
                      {**message, "order_id": foreign["order_id"]})
        for query in ("filter=nonsense", "cursor=abc", "limit=0", "limit=101", "nonsense=1"):
            answer = agent.call("GET", f"/staff/conversations?{query}")
            self.assertEqual(answer.status, 400, query)
        # what was refused left no record, and no customer who does not exist has one
        self.assertEqual(records(me), [])
        self.assertEqual(records(nobody), [])
        self.assertEqual(records("1"), [])

    def test_a_killed_server_loses_and_doubles_nothing(self) -> None:
        customer, _, me = self.talker()
        agent, room = self.staff("agent"), f"/staff/conversations/{me}"
        after = customer.get("/chat")["last_number"]
        sent: list[tuple[str, str]] = []
        lost: list[str] = []

        def talk(who: Client, path: str, prefix: str, more: dict) -> None:
            """Ten messages, each repeated under its client_id until it is acknowledged."""
            for n in range(10):
                body = {"client_id": new_key(), "text": f"{prefix} {n}", **more}

                def once() -> bool:
                    try:
                        return who.call("POST", path, body, timeout=5).status == 201
                    except (OSError, http.client.HTTPException) as error:
                        lost.append(str(error))
                        return False

                until(f"message {n} of {prefix}", once, seconds=60, every=0.05)
                sent.append((prefix, body["text"]))
                time.sleep(0.03)

        talkers = [threading.Thread(target=talk, args=a) for a in (
            (customer, "/chat/messages", "customer", {}),
            (agent, f"{room}/messages", "staff", {"note": False}))]
        for talker in talkers:
            talker.start()
        for pause in (0.15, 0.1):
            time.sleep(pause)
            Served.stack.server.kill()
            Served.stack.start_server()
        for talker in talkers:
            talker.join()
        self.assertEqual(len(sent), 20)
        self.assertTrue(lost, "the kills must have hit somebody")
        heard = [e for e in customer.get("/events", after=after, wait=0)["events"]
                 if e["kind"] == "m"]
        numbers = [e["number"] for e in heard]
        self.assertEqual(numbers, sorted(set(numbers)))
        said = [(e["message"]["from"], e["message"]["text"]) for e in heard]
        self.assertEqual(sorted(said), sorted(sent), "each message once, none lost")
        for side in ("customer", "staff"):
            self.assertEqual([text for who, text in said if who == side],
                             [f"{side} {n}" for n in range(10)], "in the order of each side")
        self.assertEqual([m["text"] for m in agent.get(room)["messages"]][1:],
                         [text for _, text in said])


class Customers(StaffTest):
    def test_a_customer_beside_the_chat(self) -> None:
        owner, phone = self.scene.register("沈清和")
        order = self.scene.shop_order(
            phone, 120_000, self.scene.logins["shop"]["products"]["equal_instalment"])
        self.scene.accept(owner, order, 3)
        payment = self.scene.pay(
            owner, self.scene.purpose("amount", order["order_id"], amount_fen=1_000),
            {"kind": "wechat_native"}).json["payment_id"]
        me, agent = owner.get("/account")["customer_id"], self.staff("agent")
        seen = agent.get(f"/staff/customers/{me}")
        self.assertEqual([o["order_id"] for o in seen["orders"]], [order["order_id"]])
        self.assertEqual([p["payment_id"] for p in seen["payments"]], [payment])
        self.assertEqual(seen["owed_now_fen"], owner.get("/orders")["summary"]["owed_now_fen"])
        self.assertEqual(seen["phone_masked"], f"{phone[:3]}****{phone[-4:]}")
        self.assertNotIn(phone, str(seen))
        self.assertNotIn("沈清和", str(seen))
        found = {
            phone: "phone", order["order_id"]: "order", order["order_id"].lower(): "order",
            payment: "payment", order["shop_order_no"]: "shop_order"}
        for query, matched in found.items():
            hits = agent.get("/staff/search", q=query)["items"]
            self.assertEqual([(h["customer_id"], h["matched"]) for h in hits], [(me, matched)])
        self.assertEqual(records(me), ["customer_viewed"] + ["customer_found"] * len(found))
        self.assertEqual(rows("SELECT COUNT(*) FROM audit WHERE subject LIKE '%" + phone[-8:]
                              + "%'"), [("0",)], "a phone number in the records")

    def test_refusals(self) -> None:
        agent = self.staff("agent")
        for unknown in ("1", "0", "-1", "+1", "x", "99999999999999999999"):
            agent.refused("customer_not_found", "GET", f"/staff/customers/{unknown}")
        self.assertEqual(records("1"), [])
        agent.refused("field_missing", "GET", "/staff/search")
        for bad in ("", "1", "x" * 300):
            agent.refused("field_invalid", "GET", f"/staff/search?q={bad}")
        for nothing in ("4321", "19800000000", NOTHING["order_id"], "%25%25", "No-such"):
            self.assertEqual(agent.get(f"/staff/search?q={nothing}")["items"], [])


class Extensions(StaffTest):
    def asker(self) -> tuple[Client, str]:
        """A demo customer who can ask for more time, and has: client and request number."""
        for login in self.scene.logins["customers"]:
            client = self.scene.client()
            client.expect(201, "POST", "/account/sessions", {
                "phone": login["phone"], "password": login["password"]})
            for order in client.get("/orders")["items"]:
                path = f"/orders/{order['order_id']}/extension"
                offer = client.get(path) if order["state"] == "overdue" else {"eligible": False}
                if offer["eligible"]:
                    choice = offer["choices"][0]
                    return client, client.expect(201, "POST", f"{path}-requests", {
                        "instalment_number": choice["instalment_number"], "days": choice["days"],
                        "expected_cost_fen": choice["cost_fen"], "reason": "工资晚发"},
                        key=new_key()).json["extension_request_id"]
        self.fail("no demo customer can ask for an extension")

    def test_who_decides_and_what_is_refused(self) -> None:
        customer, number = self.asker()
        path = f"/staff/extension-requests/{number}/decision"
        reject, approve = {"decision": "reject", "note": ""}, {"decision": "approve", "note": ""}
        for role in ("agent", "collector"):
            staff = self.staff(role)
            waiting = staff.get("/staff/extension-requests", limit=100)
            self.assertIn(number, [r["request"]["extension_request_id"] for r in waiting["items"]])
            self.assertEqual(waiting["waiting"], len(waiting["items"]))
            staff.refused("role_not_allowed", "POST", path, approve, key=new_key())
        reviewer = self.staff("reviewer")
        for unknown in (NOTHING["extension_request_id"], "X", number[:-1]):
            reviewer.refused("extension_request_not_found", "POST",
                             f"/staff/extension-requests/{unknown}/decision", approve,
                             key=new_key())
        reviewer.refused("note_required", "POST", path, reject, key=new_key())
        reviewer.refused("note_required", "POST", path, {**reject, "note": " \n"}, key=new_key())
        key, words = new_key(), {**reject, "note": "请先还清第一期"}
        done = reviewer.expect(200, "POST", path, words, key=key)
        again = reviewer.expect(200, "POST", path, words, key=key)
        self.assertEqual(done.body, again.body)
        reviewer.refused("idempotency_key_reused", "POST", path, approve, key=key)
        reviewer.refused("extension_decided", "POST", path, approve, key=new_key())
        rejected = reviewer.get("/staff/extension-requests", state="rejected", limit=100)
        self.assertIn(number, [r["request"]["extension_request_id"] for r in rejected["items"]])
        me = customer.get("/account")["customer_id"]
        self.assertEqual(records(me)[-1:], ["extension_rejected"])
        self.assertIn("请先还清第一期", customer.get("/notices")["items"][0]["body_zh"])
        for query in ("state=nonsense", "cursor=abc", "limit=0"):
            self.assertEqual(reviewer.call("GET", f"/staff/extension-requests?{query}").status, 400)


class DayEnd(StaffTest):
    def test_roles_and_refusals(self) -> None:
        today = self.scene.today()
        for role in ("agent", "collector", "reviewer"):
            staff = self.staff(role)
            staff.refused("role_not_allowed", "POST", "/staff/day-end", {"date": today},
                          key=new_key())
            if role != "reviewer":
                staff.refused("role_not_allowed", "GET", "/staff/day-end")
        self.staff("reviewer").get("/staff/day-end")
        admin = self.staff("admin")
        admin.refused("date_out_of_range", "POST", "/staff/day-end", {"date": "2020-01-01"},
                      key=new_key())
        self.assertEqual(self.scene.today(), today)

    def test_an_admin_closes_the_day(self) -> None:
        admin, today, key = self.staff("admin"), self.scene.today(), new_key()
        before = len(rows("SELECT 1 FROM audit WHERE action = 'day_end_requested'"))
        asked = admin.expect(202, "POST", "/staff/day-end", {"date": today}, key=key).json
        self.assertEqual((asked["running"], asked["target_date"]), (True, today))

        def done() -> dict | None:
            now = admin.get("/staff/day-end")
            return None if now["running"] else now

        ended = until("the day-end", done, seconds=120)
        self.assertEqual((ended["business_date"], ended["target_date"]), (today, None))
        self.assertEqual((ended["runs"][0]["day"], ended["runs"][0]["state"]), (today, "done"))
        self.assertEqual([step["name"] for step in ended["runs"][0]["report"]["steps"]],
                         ["plan", "contracts", "expire orders", "wait for debits"])
        again = admin.expect(202, "POST", "/staff/day-end", {"date": today}, key=key).json
        self.assertEqual(again, asked, "the same key asks for nothing new")
        self.assertFalse(admin.get("/staff/day-end")["running"])
        after = rows("SELECT subject FROM audit WHERE action = 'day_end_requested'")
        self.assertEqual(len(after), before + 1)
        self.assertEqual(after[-1], (today,))
