"""Enrolling and signing in through the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from handbook.app import create_app
from handbook.audit.models import AuditEvent
from handbook.core.settings import Settings
from handbook.identity.models import Challenge, Passkey, Ticket
from handbook.identity.rules import tickets
from tests.factories.identity import (
    SoftKey,
    a_ticket,
    another,
    cookie,
    enrolled,
    hold,
    sign_in,
    sign_out,
)
from tests.factories.organisation import a_member
from tests.page import ORIGIN, Client


def test_a_ticket_becomes_a_session_and_the_passkey_signs_in_without_a_name(client: Client, db: Session) -> None:
    member = a_member(db)
    key = enrolled(client, member)
    assert client.get("/identity/devices").headers["X-Handbook-Member"]
    sign_out(client)
    client.get("/identity/devices", status=303)
    answer = sign_in(client, key)
    assert answer.get_json()["next"] == "/"
    assert client.get("/identity/devices").headers["X-Handbook-Member"] == answer.get_json()["member"]


def test_opening_the_link_uses_nothing_up_and_the_second_post_finds_it_used(client: Client, db: Session) -> None:
    token = a_ticket(db, a_member(db))
    for _ in range(3):
        client.get(f"/identity/enrol/{token}")
    client.post(f"/identity/enrol/{token}/options", json={}, status=200)
    assert client.post(f"/identity/enrol/{token}/options", json={}, status=410).get_json()["code"] == "ticket.used"
    client.get(f"/identity/enrol/{token}", status=410)


def test_the_browser_that_began_may_begin_again_until_it_is_done(client: Client, db: Session) -> None:
    token, key = a_ticket(db, a_member(db)), SoftKey()
    url = f"/identity/enrol/{token}"
    first = client.post(f"{url}/options", json={}, status=200).get_json()
    client.post(f"{url}/options", json={"retry": "guessed"}, status=410)
    second = client.post(f"{url}/options", json={"retry": first["retry"]}, status=200).get_json()
    client.post(f"{url}/options", json={"retry": first["retry"]}, status=410)
    client.post(url, json={"credential": key.create(second["options"])}, status=201)
    client.post(f"{url}/options", json={"retry": second["retry"]}, status=410)


def test_a_ticket_may_be_typed_in_small_letters_with_spaces_and_look_alikes(client: Client, db: Session) -> None:
    token = a_ticket(db, a_member(db))
    typed = tickets.grouped(token).lower().replace("0", "o").replace("1", "l")
    client.get("/identity/enrol")
    answer = client.post("/identity/enrol", {"code": typed})
    assert answer.headers["Location"].endswith(f"/identity/enrol/{token}")
    assert "Không thấy thư mời" in client.post("/identity/enrol", {"code": "sai"}, status=422).get_data(as_text=True)
    client.post("/identity/enrol", {"code": ""}, status=422)


def test_a_ticket_ends_with_its_time(client: Client, db: Session, shift_clock: Callable[[timedelta], None]) -> None:
    token, key = a_ticket(db, a_member(db)), SoftKey()
    begun = client.post(f"/identity/enrol/{token}/options", json={}, status=200).get_json()
    shift_clock(timedelta(minutes=16))
    client.post(f"/identity/enrol/{token}", json={"credential": key.create(begun["options"])}, status=400)
    client.get(f"/identity/enrol/{token}", status=410)


def test_an_unknown_ticket_is_not_found_and_guessing_is_slowed(client: Client, db: Session) -> None:
    for number in range(10):
        client.get(f"/identity/enrol/WRONG{number}", status=404)
    refused = client.get("/identity/enrol/WRONG", status=429)
    assert int(refused.headers["Retry-After"]) > 0


def test_the_token_is_stored_only_as_a_hash(client: Client, db: Session) -> None:
    token = a_ticket(db, a_member(db))
    ticket = db.exec(select(Ticket)).one()
    assert token.encode() not in ticket.token_hash and len(ticket.token_hash) == 32
    assert len(token) == 26 and len(set(token)) > 5


def test_the_cookie_is_a_host_cookie_and_replaces_the_one_before(client: Client, db: Session) -> None:
    key = enrolled(client, a_member(db))
    old = cookie(client)
    answer = sign_in(client, key)
    header = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-hb="))
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in header
    assert "Domain" not in header
    assert old and len(old) >= 43 and cookie(client) != old
    thief = another(client)
    hold(thief, old)
    thief.get("/identity/devices", status=303)


def test_a_saved_cookie_is_worth_nothing_after_signing_out(client: Client, db: Session) -> None:
    enrolled(client, a_member(db))
    saved = cookie(client)
    assert saved
    answer = client.post("/identity/session/removal")
    assert answer.headers["X-Handbook-Signed-Out"] == "1" and cookie(client) is None
    hold(client, saved)
    refused = client.get("/identity/devices", status=401, headers={"X-Handbook-Fetch": "pack"})
    assert "X-Handbook-Wipe" not in refused.headers


def test_one_challenge_signs_in_once_also_after_a_failed_try(client: Client, db: Session) -> None:
    key = enrolled(client, a_member(db))
    sign_out(client)
    options = client.post("/identity/sign-in/options", json={}, status=200).get_json()
    good = key.get(options)
    client.post("/identity/sign-in", json={"credential": good}, status=200)
    assert (
        client.post("/identity/sign-in", json={"credential": good}, status=400).get_json()["code"] == "ceremony.expired"
    )
    options = client.post("/identity/sign-in/options", json={}, status=200).get_json()
    client.post("/identity/sign-in", json={"credential": SoftKey().get(options)}, status=400)
    answer = client.post("/identity/sign-in", json={"credential": key.get(options)}, status=400)
    assert answer.get_json()["code"] == "ceremony.expired"


def test_a_challenge_ends_after_five_minutes_and_counts_for_its_ceremony_alone(
    client: Client, db: Session, shift_clock: Callable[[timedelta], None]
) -> None:
    key = enrolled(client, a_member(db))
    step_up = client.post("/identity/step-up/options", json={}, status=200).get_json()
    client.post("/identity/sign-in", json={"credential": key.get(step_up)}, status=400)
    options = client.post("/identity/sign-in/options", json={}, status=200).get_json()
    shift_clock(timedelta(minutes=5, seconds=1))
    client.post("/identity/sign-in", json={"credential": key.get(options)}, status=400)
    client.post("/identity/sign-in/options", json={}, status=200)
    assert db.exec(select(func.count()).select_from(Challenge)).one() == 1


@pytest.mark.parametrize("who", ["unknown", "suspended", "wrong signature", "wrong handle", "no verification"])
def test_all_refusals_look_the_same(client: Client, db: Session, who: str) -> None:
    member = a_member(db)
    key = enrolled(client, member)
    sign_out(client)
    if who == "unknown":
        key = SoftKey(user_handle=key.user_handle)
    elif who == "suspended":
        db.merge(member).status = "suspended"
        db.commit()
    elif who == "wrong signature":
        key.private = SoftKey().private
    elif who == "wrong handle":
        key.user_handle = bytes(32)
    else:
        key.flags &= ~4
    answer = sign_in(client, key, status=400)
    assert answer.get_json() == {
        "code": "sign_in.failed",
        "message": "Chưa đăng nhập được bằng khóa này. Hãy thử lại, hoặc nhờ bí thư chi bộ giúp.",
        "fields": {},
    }
    assert cookie(client) is None


def test_only_the_proven_holder_hears_that_a_passkey_was_removed(client: Client, db: Session) -> None:
    key = enrolled(client, a_member(db))
    sign_out(client)
    passkey = db.exec(select(Passkey)).one()
    passkey.removed_at = passkey.created_at
    db.add(passkey)
    db.commit()
    assert sign_in(client, key, status=410).get_json()["code"] == "passkey.removed"
    key.private = SoftKey().private
    assert sign_in(client, key, status=400).get_json()["code"] == "sign_in.failed"


def test_whoever_made_the_ticket_cannot_use_it(client: Client, db: Session) -> None:
    secretary = a_member(db, role="cell_secretary")
    enrolled(client, secretary)
    member = a_member(db)
    client.get(f"/staff/identity/members/{member.id}/tickets")
    client.post(f"/staff/identity/members/{member.id}/tickets", {"purpose": "enrol"}, status=201)
    ticket = db.exec(select(Ticket).where(Ticket.member_id == member.id)).one()
    assert ticket.created_by == secretary.id
    token = a_ticket(db, member)
    db.exec(select(Ticket).order_by(col(Ticket.id).desc())).first().created_by = secretary.id
    db.commit()
    refused = client.post(f"/identity/enrol/{token}/options", json={}, status=403)
    assert refused.get_json()["code"] == "ticket.own-hand"


def test_sign_ins_are_limited_and_say_for_how_long(client: Client, db: Session) -> None:
    let_through = 0
    for _ in range(41):  # two windows' worth: one may begin meanwhile
        options = client.post("/identity/sign-in/options", json={}, status=200).get_json()
        answer = client.post("/identity/sign-in", json={"credential": SoftKey().get(options)}, status=None)
        if answer.status_code == 429:
            break
        assert answer.status_code == 400
        let_through += 1
    assert let_through >= 20 and answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 61


def test_how_many_sign_in_together_is_the_operators_choice(own_settings: Settings) -> None:
    app = create_app(own_settings.model_copy(update={"sign_ins_a_minute": 10}))
    http = app.test_client()

    def attempt(address: str) -> int:
        asked: dict[str, Any] = {
            "base_url": ORIGIN,
            "headers": {"Sec-Fetch-Site": "same-origin"},
            "environ_base": {"REMOTE_ADDR": address},
        }
        options = http.post("/identity/sign-in/options", json={}, **asked).get_json()
        return http.post("/identity/sign-in", json={"credential": SoftKey().get(options)}, **asked).status_code

    assert [attempt(f"192.0.2.{number}") for number in range(11)] == [400] * 10 + [429]
    app.extensions["handbook.database"].engine.dispose()


@pytest.mark.parametrize(
    ("asked", "went"),
    [
        ("/library/", "/library/"),
        ("//evil.example", "/"),
        ("/\\evil", "/"),
        ("https://evil.example/", "/"),
        ("/a b", "/"),
    ],
)
def test_the_way_on_stays_on_this_site(client: Client, db: Session, asked: str, went: str) -> None:
    key = enrolled(client, a_member(db))
    options = client.post("/identity/sign-in/options", json={}, status=200).get_json()
    answer = client.post("/identity/sign-in", json={"credential": key.get(options), "next": asked}, status=200)
    assert answer.get_json()["next"] == went
    assert client.get("/identity/sign-in", query_string={"next": asked}, status=303).headers["Location"] == went


def test_signing_in_and_out_is_on_record(client: Client, db: Session) -> None:
    key = enrolled(client, a_member(db))
    sign_out(client)
    sign_in(client, key)
    actions = [event.action for event in db.exec(select(AuditEvent).order_by(col(AuditEvent.seq)))]
    assert actions[-4:] == ["ticket.issue", "passkey.enrol", "session.end", "session.start"]


def test_the_options_ask_for_all_that_is_promised(client: Client, db: Session) -> None:
    token = a_ticket(db, a_member(db))
    options = client.post(f"/identity/enrol/{token}/options", json={}, status=200).get_json()["options"]
    selection = options["authenticatorSelection"]
    assert selection["residentKey"] == "required" and selection["userVerification"] == "required"
    assert options["attestation"] == "none" and options["rp"]["id"] == "localhost"
    assert [kind["alg"] for kind in options["pubKeyCredParams"]] == [-8, -7, -257]
    assert options["extensions"]["credProps"] and options["extensions"]["prf"]["eval"]["first"]
    assert len(options["user"]["id"]) == 43
    request = client.post("/identity/sign-in/options", json={}, status=200).get_json()
    assert request["allowCredentials"] == [] and request["userVerification"] == "required"


@pytest.mark.parametrize(
    ("system", "first"),
    [
        ("X11; Linux x86_64", ["hybrid", "client-device"]),
        ("Windows NT 10.0; Win64; x64", ["hybrid", "client-device"]),
        ("Linux; Android 10; K", ["client-device"]),
        ("iPhone; CPU iPhone OS 18_0 like Mac OS X", ["client-device"]),
    ],
)
def test_a_computer_is_asked_to_offer_the_phone_first(
    client: Client, db: Session, system: str, first: list[str]
) -> None:
    client.http.environ_base["HTTP_USER_AGENT"] = f"Mozilla/5.0 ({system}) AppleWebKit/537.36 Chrome/130.0.0.0"
    assert client.post("/identity/sign-in/options", json={}, status=200).get_json()["hints"] == first
    token = a_ticket(db, a_member(db))
    made = client.post(f"/identity/enrol/{token}/options", json={}, status=200).get_json()["options"]
    assert made["hints"] == ["client-device"]
