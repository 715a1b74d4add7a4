"""The page of a receipt, who may see what of it, and the key by which anyone may check one."""

import base64
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from sqlmodel import Session, select

from handbook.audit.models import AuditEvent
from handbook.core import clock
from handbook.core.receipts import Receipt
from handbook.core.signing import canonical
from handbook.library.models import Document
from handbook.organisation.models import Member
from handbook.policy.actor import Role
from tests.factories.identity import another
from tests.factories.library import a_document
from tests.factories.organisation import a_member, an_organisation
from tests.library.signing import sign_in
from tests.page import Client
from tests.receipts.phone import Phone, hash_of

WRITTEN = "1795507200123"  # 24 November 2026, 15:00 in Việt Nam


@pytest.fixture
def member(db: Session) -> Member:
    return a_member(db, full_name="Hoàng Thị Biên Nhận")


@pytest.fixture
def document(db: Session) -> Document:
    return a_document(db, title="Về việc chỉ chủ nhân biết")


@pytest.fixture
def phone(client: Client, db: Session, member: Member) -> Phone:
    return Phone(another(client), db, member)


@pytest.fixture
def receipt(phone: Phone, document: Document) -> dict[str, Any]:
    answer = phone.send(f"/library/{document.id}/reading", X_Handbook_Written=WRITTEN)
    return dict(answer["receipt"])


def views(db: Session) -> list[AuditEvent]:
    return list(db.exec(select(AuditEvent).where(AuditEvent.action == "receipt.view")))


def page_of(client: Client, receipt: dict[str, Any], status: int = 200) -> str:
    return client.get(f"/receipts/{receipt['id']}", status=status).get_data(as_text=True)


def test_the_owner_sees_all_of_it(phone: Phone, db: Session, receipt: dict[str, Any], document: Document) -> None:
    html = page_of(phone.client, receipt)
    digest = hash_of(b"revision=1")
    assert "Biên nhận" in html and receipt["number"] in html and "Xác nhận đã đọc văn kiện" in html
    assert "15:00, 24/11/2026" in html and f"{digest[:8]} {digest[8:16]}" in html
    assert "Chữ ký hợp lệ" in html and f"/library/{document.id}#da-doc" in html
    received = clock.local(db.get_one(Receipt, UUID(receipt["id"])).received_at)
    assert f"{received:%H:%M}, {received.day:02d}/{received.month:02d}/{received.year}" in html
    assert views(db) == []


@pytest.mark.parametrize("role", [Role.CELL_SECRETARY, Role.ORG_STAFF, Role.INSPECTOR])
def test_staff_in_reach_see_that_it_exists_and_that_is_on_record(
    client: Client, db: Session, receipt: dict[str, Any], document: Document, member: Member, role: Role
) -> None:
    looking = a_member(db, role=role)
    html = page_of(sign_in(client, db, looking, staff=True), receipt)
    assert receipt["number"] in html and "Xác nhận đã đọc văn kiện" in html and "Chữ ký hợp lệ" in html
    for hidden in (str(document.id), document.title, member.full_name, receipt["hash"][:8], "15:00, 24/11/2026"):
        assert hidden not in html
    (seen,) = views(db)
    assert (seen.actor_id, seen.subject_id, seen.detail) == (looking.id, member.id, {"receipt": receipt["id"]})


def test_for_everyone_else_there_is_none(client: Client, db: Session, receipt: dict[str, Any]) -> None:
    tree = an_organisation(db)
    comrade = a_member(db)
    next_door = a_member(db, cell=tree.other_cell, role=Role.CELL_SECRETARY)
    editor = a_member(db, role=Role.EDITOR)
    for member in (comrade, next_door, editor):
        assert receipt["number"] not in page_of(sign_in(another(client), db, member), receipt, status=404)
    client.get(f"/receipts/{receipt['id']}", status=303)
    assert views(db) == []


def test_there_is_no_receipt_of_what_was_never_sent(phone: Phone) -> None:
    phone.client.get(f"/receipts/{uuid4()}", status=404)


@pytest.mark.parametrize(
    "change",
    [
        {"body_hash": "0" * 64},
        {"route": "POST /library/other/reading"},
        {"received_at": clock.now() - timedelta(days=1)},
        {"written_at": None},
        {"signature": ""},
        {"signature": "?" * 86},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_row_is_noticed(phone: Phone, db: Session, receipt: dict[str, Any], change: dict[str, Any]) -> None:
    row = db.get_one(Receipt, UUID(receipt["id"]))
    for name, value in change.items():
        setattr(row, name, value)
    db.add(row)
    db.commit()
    html = page_of(phone.client, receipt)
    assert "Chữ ký không hợp lệ" in html and "Chữ ký hợp lệ" not in html


def test_anyone_may_check_the_signature_by_the_public_key(client: Client, receipt: dict[str, Any]) -> None:
    key = client.get("/receipts/key").get_json()
    raw = decoded(key["raw"])
    assert (key["kty"], key["crv"], len(raw)) == ("EC", "P-256", 65)
    assert raw == b"\x04" + decoded(key["x"]) + decoded(key["y"])
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    signature = decoded(receipt.pop("signature"))
    assert len(signature) == 64
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    public.verify(der, canonical(receipt), ec.ECDSA(hashes.SHA256()))
    for name in receipt:
        with pytest.raises(InvalidSignature):
            public.verify(der, canonical({**receipt, name: "other"}), ec.ECDSA(hashes.SHA256()))


def decoded(text: str) -> bytes:
    assert "=" not in text
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
