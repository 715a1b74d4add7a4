"""The page of own devices: passkeys, sessions, notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from handbook.audit.models import AuditEvent
from handbook.identity.models import AuthSession, Passkey
from tests.factories.identity import (
    BE,
    BS,
    UP,
    UV,
    SoftKey,
    another,
    cookie,
    enrolled,
    hold,
    sign_in,
    sign_out,
)
from tests.factories.organisation import a_member
from tests.page import Client

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36"
SAMSUNG_PASS = "53414d53-554e-4700-0000-000000000000"


def add_passkey(client: Client, key: SoftKey | None = None, status: int = 201) -> SoftKey:
    """One more passkey for whoever is signed in."""
    key = key or SoftKey()
    begun = client.post("/identity/passkeys/options", json={}, status=200).get_json()
    client.post("/identity/passkeys", json={"credential": key.create(begun["options"])}, status=status)
    return key


def passkey_of(db: Session, key: SoftKey) -> Passkey:
    return db.exec(select(Passkey).where(Passkey.credential_id == key.credential_id)).one()


def step_up(client: Client, key: SoftKey, status: int = 200) -> None:
    """Prove ``key`` again."""
    options = client.post("/identity/step-up/options", json={}, status=200).get_json()
    client.post("/identity/step-up", json={"credential": key.get(options)}, status=status)


def test_a_second_passkey_signs_in_too_and_the_other_device_is_told(client: Client, db: Session) -> None:
    first = enrolled(client, a_member(db))
    other = another(client)
    sign_in(other, first)
    other.post("/identity/notices/receipt")
    second = add_passkey(client)
    assert "Đã thêm khóa truy cập" in other.get("/identity/devices").get_data(as_text=True)
    sign_out(client)
    sign_in(client, second)
    other.post("/identity/notices/receipt")
    assert "Thay đổi cần biết" not in other.get("/identity/devices").get_data(as_text=True)


def test_passkeys_get_a_name_each_and_can_be_renamed(client: Client, db: Session) -> None:
    client.http.environ_base["HTTP_USER_AGENT"] = ANDROID
    enrolled(client, a_member(db))
    add_passkey(client, SoftKey(aaguid=UUID(SAMSUNG_PASS).bytes))
    second = add_passkey(client)
    names = [row.name for row in db.exec(select(Passkey).order_by(col(Passkey.created_at)))]
    assert names == ["Chrome · Android", "Samsung Pass", "Chrome · Android 2"]
    url = f"/identity/passkeys/{passkey_of(db, second).id}/name"
    client.post(url, {"name": "  Điện   thoại mới "})
    assert passkey_of(db, second).name == "Điện thoại mới"
    for wrong in ("", "   ", "x" * 61, "SAMSUNG pass"):
        page = client.post(url, {"name": wrong}, status=422).get_data(as_text=True)
        assert "aria-invalid" in page
    assert passkey_of(db, second).name == "Điện thoại mới"


def test_the_last_passkey_cannot_be_removed_by_oneself(client: Client, db: Session) -> None:
    first = enrolled(client, a_member(db))
    url = f"/identity/passkeys/{passkey_of(db, first).id}/removal"
    assert "cuối cùng" in client.post(url, status=403).get_data(as_text=True)
    second = add_passkey(client)
    client.post(url)
    client.post(f"/identity/passkeys/{passkey_of(db, second).id}/removal", status=403)


def test_a_flagged_passkey_does_not_count_as_the_one_left(client: Client, db: Session) -> None:
    first = enrolled(client, a_member(db))
    second = add_passkey(client)
    row = passkey_of(db, second)
    row.flagged_at = row.created_at
    db.add(row)
    db.commit()
    client.post(f"/identity/passkeys/{passkey_of(db, first).id}/removal", status=403)


def test_removing_a_passkey_ends_the_other_sessions_and_tells_them_to_wipe(client: Client, db: Session) -> None:
    first = enrolled(client, a_member(db))
    second = add_passkey(client)
    lost = another(client)
    tag = sign_in(lost, second).get_json()["member"]
    client.post(f"/identity/passkeys/{passkey_of(db, second).id}/removal")
    refused = lost.get("/identity/devices", status=401, headers={"X-Handbook-Fetch": "pack"})
    assert refused.headers["X-Handbook-Wipe"] == tag
    client.get("/identity/devices")
    assert sign_in(lost, second, status=410).get_json()["code"] == "passkey.removed"
    sign_in(lost, first)


def test_ten_passkeys_are_the_most(client: Client, db: Session) -> None:
    enrolled(client, a_member(db))
    begun = client.post("/identity/passkeys/options", json={}, status=200).get_json()["options"]
    owner = db.exec(select(Passkey)).one().member_id
    for number in range(9):
        db.add(
            Passkey(
                member_id=owner,
                credential_id=bytes([number]),
                public_key=b"k",
                backup_eligible=False,
                backed_up=False,
                aaguid="",
                name=str(number),
            )
        )
    db.commit()
    client.post("/identity/passkeys/options", json={}, status=403)
    client.post("/identity/passkeys", json={"credential": SoftKey().create(begun)}, status=403)


def test_a_known_passkey_is_not_kept_twice(client: Client, db: Session) -> None:
    first = enrolled(client, a_member(db))
    add_passkey(client, SoftKey(credential_id=first.credential_id), status=409)
    assert len(db.exec(select(Passkey)).all()) == 1


def test_a_challenge_for_one_member_is_none_for_another(client: Client, db: Session) -> None:
    enrolled(client, a_member(db))
    other = another(client)
    enrolled(other, a_member(db))
    begun = client.post("/identity/passkeys/options", json={}, status=200).get_json()["options"]
    other.post("/identity/passkeys", json={"credential": SoftKey().create(begun)}, status=400)


def test_changes_ask_for_a_passkey_check_within_five_minutes(
    client: Client, db: Session, shift_clock: Callable[[timedelta], None]
) -> None:
    key = enrolled(client, a_member(db))
    second = add_passkey(client)
    url = f"/identity/passkeys/{passkey_of(db, second).id}"
    shift_clock(timedelta(minutes=6))
    assert client.post("/identity/passkeys/options", json={}, status=401).get_json()["code"] == "step_up.needed"
    for path, form in (("name", {"name": "A"}), ("removal", {}), ("confirmation", {})):
        answer = client.post(f"{url}/{path}", form)
        assert answer.headers["Location"] == "/identity/step-up?next=/identity/devices"
    client.get("/identity/step-up?next=/identity/devices")
    before = cookie(client)
    step_up(client, key)
    assert before and cookie(client) != before
    client.post(f"{url}/name", {"name": "Máy bàn"})
    thief = another(client)
    hold(thief, before)
    thief.get("/identity/devices", status=303)


def test_only_an_own_passkey_steps_up(client: Client, db: Session) -> None:
    key = enrolled(client, a_member(db))
    stranger = enrolled(another(client), a_member(db))
    step_up(client, stranger, status=400)
    step_up(client, SoftKey(user_handle=key.user_handle), status=400)
    key.flags = UP
    step_up(client, key, status=400)


def test_anothers_passkeys_and_sessions_are_not_found(client: Client, db: Session) -> None:
    mine = enrolled(client, a_member(db))
    other = another(client)
    enrolled(other, a_member(db))
    passkey, session = passkey_of(db, mine), db.exec(select(AuthSession)).first()
    assert session is not None
    other.post(f"/identity/passkeys/{passkey.id}/removal", status=404)
    other.post(f"/identity/passkeys/{passkey.id}/name", {"name": "A"}, status=404)
    other.post(f"/identity/passkeys/{passkey.id}/confirmation", status=404)
    other.post(f"/identity/sessions/{session.id}/removal", status=404)
    other.post(f"/identity/sessions/{uuid4()}/removal", status=404)


def test_one_session_or_all_others_can_be_ended(client: Client, db: Session) -> None:
    key = enrolled(client, a_member(db))
    second, third = another(client), another(client)
    tag = sign_in(second, key).get_json()["member"]
    sign_in(third, key)
    rows = db.exec(select(AuthSession).order_by(col(AuthSession.created_at))).all()
    client.post(f"/identity/sessions/{rows[1].id}/removal")
    assert second.get("/identity/devices", status=303).headers["X-Handbook-Wipe"] == tag
    third.get("/identity/devices")
    client.post("/identity/other-sessions/removal")
    third.get("/identity/devices", status=303)
    client.get("/identity/devices")


def test_a_copied_key_bound_to_one_device_is_stopped_until_vouched_for(client: Client, db: Session) -> None:
    key = enrolled(client, a_member(db), SoftKey(sign_count=5))
    sign_out(client)
    key.sign_count = 6
    sign_in(client, key)
    second = add_passkey(client)
    sign_out(client)
    key.sign_count = 6
    assert sign_in(client, key, status=403).get_json()["code"] == "passkey.flagged"
    key.sign_count = 7
    sign_in(client, key, status=403)
    assert [e.action for e in db.exec(select(AuditEvent))].count("passkey.flag") == 1
    sign_in(client, second)
    page = client.get("/identity/devices").get_data(as_text=True)
    assert "dấu hiệu bị sao chép" in page and "Khóa vẫn là của tôi" in page
    client.post(f"/identity/passkeys/{passkey_of(db, key).id}/confirmation")
    sign_out(client)
    sign_in(client, key)


def test_a_synced_key_whose_counter_went_back_still_signs_in_and_is_flagged(client: Client, db: Session) -> None:
    key = enrolled(client, a_member(db), SoftKey(sign_count=5, flags=UP | UV | BE | BS))
    key.sign_count = 2
    sign_in(client, key)
    assert passkey_of(db, key).flagged_at is not None


def test_the_page_says_where_each_passkey_lives(client: Client, db: Session) -> None:
    enrolled(client, a_member(db))
    page = client.get("/identity/devices").get_data(as_text=True)
    assert "Chỉ trên một máy" in page and "Hãy thêm khóa thứ hai" in page
    assert 'data-action="sign-out"' in page
    add_passkey(client, SoftKey(flags=UP | UV | BE | BS))
    page = client.get("/identity/devices").get_data(as_text=True)
    assert "Có bản sao lưu" in page and "Hãy thêm khóa thứ hai" not in page


def test_the_keeper_is_told_which_passkeys_count(client: Client, db: Session) -> None:
    member = a_member(db)
    key = enrolled(client, member)
    told = client.get("/identity/passkeys").get_json()
    assert told["rpId"] == "localhost" and told["name"] == member.full_name and len(told["accepted"]) == 1
    assert str(member.id) not in told["userId"] and key.user_handle


@pytest.mark.parametrize("path", ["/identity/devices", "/identity/passkeys", "/identity/step-up"])
def test_nobody_signed_in_sees_none_of_it(client: Client, path: str) -> None:
    assert client.get(path, status=303).headers["Location"].startswith("/identity/sign-in?next=")
