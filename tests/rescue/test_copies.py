"""Unsent work is kept for its author, sealed, and comes back to nobody else, and not after it was sent or removed."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from handbook.audit.models import AuditEvent
from handbook.core.receipts import Receipt
from handbook.identity.models import Account
from handbook.identity.queries import member_tag
from handbook.organisation.models import Member
from handbook.policy.actor import Role
from handbook.rescue import models, rules
from handbook.rescue.models import RescueCopy
from tests.factories.identity import another
from tests.factories.organisation import a_member
from tests.factories.receipts import a_receipt
from tests.library.signing import sign_in
from tests.page import Client

PIECE = '{"v":1,"kind":"draft","label":"Sửa đường xóm Đồng Mít","body":"dGV4dA=="}'


class Phone:
    """A member's phone, signed in, that asks as the worker does."""

    def __init__(self, client: Client, db: Session, member: Member) -> None:
        self.client = sign_in(another(client), db, member)
        self.tag = member_tag(db.get_one(Account, member.id))

    def headers(self, tag: str | None = None) -> dict[str, str]:
        return {"X-Handbook-Member": tag or self.tag, "X-Handbook-Fetch": "rescue", "Accept": "application/json"}

    def keep(self, copy_id: str, written: int = 1, piece: str = PIECE, **how: Any) -> Any:
        given = {"id": copy_id, "written": written, "piece": piece}
        return self._post("/rescue/copies", given, **how)

    def let_go(self, copy_id: str, written: int = 1, **how: Any) -> Any:
        return self._post("/rescue/removals", {"copies": [{"id": copy_id, "written": written}]}, **how)

    def held(self) -> list[tuple[str, int]]:
        told = self.client.get("/rescue/copies", headers=self.headers()).get_json()
        return [(copy["id"], copy["written"]) for copy in told["copies"]]

    def read(self, copy_id: str, status: int = 200) -> Any:
        return self.client.get(f"/rescue/copies/{copy_id}", headers=self.headers(), status=status).get_json()

    def _post(self, path: str, given: Any, status: int = 200, tag: str | None = None) -> Any:
        return self.client.post(path, json=given, status=status, headers=self.headers(tag)).get_json()


@pytest.fixture
def member(db: Session) -> Member:
    return a_member(db)


@pytest.fixture
def phone(client: Client, db: Session, member: Member) -> Phone:
    return Phone(client, db, member)


def rows(db: Session) -> list[RescueCopy]:
    db.expire_all()
    return list(db.exec(select(RescueCopy)))


def new_id() -> str:
    return str(uuid4())


def test_what_is_kept_comes_back_the_same_and_that_is_on_record(phone: Phone, db: Session, member: Member) -> None:
    copy_id = new_id()
    assert phone.keep(copy_id) == {"kept": True}
    assert phone.held() == [(copy_id, 1)]
    assert phone.read(copy_id) == {"piece": PIECE}
    (event,) = db.exec(select(AuditEvent).where(AuditEvent.action == "rescue.read"))
    assert (event.actor_id, event.subject_id, event.detail) == (member.id, member.id, {"copy": copy_id})


def test_the_database_holds_none_of_its_words_and_a_moved_row_opens_nothing(phone: Phone, db: Session) -> None:
    first, second = new_id(), new_id()
    phone.keep(first)
    phone.keep(second, piece="{}")
    stored = {str(row.id): row for row in rows(db)}
    raw = stored[first].sealed
    assert raw is not None
    for word in ("Sửa đường", "draft", "label", "dGV4dA"):
        assert word.encode() not in raw
    stored[second].sealed = raw
    db.flush()
    phone.read(second, status=404)


@pytest.mark.parametrize(
    "role", [None, Role.CELL_SECRETARY, Role.ORG_STAFF, Role.INSPECTOR, Role.SYSTEM_ADMIN], ids=str
)
def test_it_is_there_for_its_author_alone(phone: Phone, client: Client, db: Session, role: Role | None) -> None:
    copy_id = new_id()
    phone.keep(copy_id)
    other = Phone(client, db, a_member(db, role=role))
    assert other.held() == []
    other.read(copy_id, status=404)
    other.let_go(copy_id, written=99)
    assert other.keep(copy_id, 100, "{}") == {"kept": True}  # theirs, under the same id by chance or on purpose
    assert phone.read(copy_id) == {"piece": PIECE} and phone.held() == [(copy_id, 1)]


def test_a_phone_that_means_another_member_is_refused(phone: Phone, client: Client, db: Session) -> None:
    other = Phone(client, db, a_member(db))
    copy_id = new_id()
    phone.keep(copy_id)
    for answer in (phone.keep(new_id(), status=409, tag=other.tag), phone.let_go(copy_id, status=409, tag=other.tag)):
        assert answer["code"] == "receipt.other_member"
    assert phone.held() == [(copy_id, 1)]


def test_the_newest_version_counts_in_whatever_order_they_come(phone: Phone) -> None:
    copy_id = new_id()
    assert phone.keep(copy_id, 5, "newer")["kept"]
    assert not phone.keep(copy_id, 4, "late")["kept"]
    assert phone.keep(copy_id, 5, "newer")["kept"], "asked again after a lost answer"
    assert phone.read(copy_id) == {"piece": "newer"}
    phone.let_go(copy_id, 4)
    assert phone.held() == [(copy_id, 5)], "a newer version is not thrown away for an older one's sake"


def test_what_was_removed_does_not_come_back_with_a_slow_request(phone: Phone, db: Session) -> None:
    known, never_seen = new_id(), new_id()
    phone.keep(known, 3)
    for copy_id in (known, never_seen):
        phone.let_go(copy_id, 3)
        assert not phone.keep(copy_id, 3)["kept"] and not phone.keep(copy_id, 2)["kept"]
        phone.read(copy_id, status=404)
    assert phone.held() == []
    assert [row.sealed for row in rows(db)] == [None, None], "nothing of it is left"


def test_of_what_has_arrived_no_copy_is_kept_or_offered(phone: Phone, db: Session, member: Member) -> None:
    copy_id, waits = new_id(), new_id()
    phone.keep(copy_id)
    phone.keep(waits)
    a_receipt(db, member, key=UUID(copy_id))
    db.commit()
    assert phone.held() == [(waits, 1)]
    phone.read(copy_id, status=404)
    assert phone.keep(copy_id, 9) == {"kept": False}
    assert [str(row.id) for row in rows(db)] == [waits]


def test_anothers_receipt_takes_nothing_away(phone: Phone, db: Session) -> None:
    copy_id = new_id()
    phone.keep(copy_id)
    a_receipt(db, a_member(db), key=UUID(copy_id))
    db.commit()
    assert phone.held() == [(copy_id, 1)]
    assert db.exec(select(Receipt)).one()


def test_there_is_a_limit_of_pieces_and_of_bytes(phone: Phone, db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_COPIES", 2)
    first = new_id()
    phone.keep(first)
    phone.keep(new_id())
    assert phone.keep(new_id(), status=403)["code"] == "rescue.full"
    assert phone.keep(first, 2)["kept"], "what is here may be renewed"
    phone.let_go(first, 2)
    assert phone.keep(new_id())["kept"], "what was removed takes no place"
    monkeypatch.setattr(rules, "MOST_BYTES", 500)
    assert phone.keep(phone.held()[0][0], 3, "x" * 500, status=403)["code"] == "rescue.full"
    monkeypatch.setattr(rules, "MOST_ROWS", 3)
    assert phone.let_go(new_id(), status=403)["code"] == "rescue.full"
    assert len(rows(db)) == 3


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"id": "x", "written": 1, "piece": "x"},
        {"id": new_id(), "written": -1, "piece": "x"},
        {"id": new_id(), "written": 2**60, "piece": "x"},
        {"id": new_id(), "written": 1, "piece": ""},
        {"id": new_id(), "written": 1, "piece": "x" * (models.LARGEST_PIECE + 1)},
    ],
    ids=["nothing", "id", "before", "after", "empty", "large"],
)
def test_what_cannot_be_kept_is_refused(phone: Phone, db: Session, given: dict[str, Any]) -> None:
    phone.client.post("/rescue/copies", json=given, status=422, headers=phone.headers())
    assert rows(db) == []


def test_nobody_who_is_not_signed_in(client: Client) -> None:
    headers = {"X-Handbook-Fetch": "rescue", "Accept": "application/json"}
    client.get("/rescue/copies", status=401, headers=headers)
    client.post("/rescue/copies", json={}, status=401, headers=headers)
