"""A member signed in on a phone, and documents for their cell."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session
from werkzeug.test import TestResponse

from handbook.identity.loader import COOKIE
from handbook.identity.models import Account
from handbook.identity.rules import sessions
from handbook.library.forms import DocumentIn
from handbook.library.importing.converting import convert
from handbook.library.models import Classification
from handbook.library.rules import taking_in
from handbook.organisation.models import Member
from handbook.policy.actor import Actor
from tests.factories.organisation import a_member
from tests.page import ORIGIN, Client

PACK = {"X-Handbook-Fetch": "pack"}


def a_document(
    db: Session, number: int, *, cell: str = "1.1", text: str = "Giữ vệ sinh ven suối.", **facts: Any
) -> str:
    """A published document; its address."""
    converted = convert("van-kien.md", f"# Nhiệm vụ {number}\n\n## I. Mục tiêu\n\n{text}\n".encode())
    form = DocumentIn(
        **{
            "kind": "nghi-quyet", "number": number, "issuer": "Chi bộ tổ dân phố 1", "issued_on": date(2026, 3, number),
            "classification": Classification("thuong"), "unit_code": cell, "title": f"Nhiệm vụ {number}", "publish": True,
            **facts,
        }
    )  # fmt: skip
    taken = taking_in.import_document(db, Actor.system(), form, converted.sections, words=converted.word_count)
    return f"/library/{taken.document.id}"


@dataclass
class Phone:
    """What the worker asks for, in the name of ``member``."""

    client: Client
    member: Member

    def get(self, path: str, status: int = 200) -> TestResponse:
        return self.client.get(path, status=status, headers=PACK)

    def ask(self, path: str) -> TestResponse:
        """The answer as it is: a shell is no page to be judged by itself."""
        return self.client.http.get(path, base_url=ORIGIN, headers=PACK)

    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get("/offline/manifest").json
        return found

    def revisions(self, kind: str = "") -> dict[str, str]:
        """Address to revision of the entries of this kind, or of all."""
        return {entry["url"]: entry["revision"] for entry in self.manifest()["entries"] if kind in ("", entry["kind"])}


@pytest.fixture
def phone(client: Client, db: Session) -> Phone:
    member = a_member(db)
    return signed_in(client, db, member)


def signed_in(client: Client, db: Session, member: Member, *, staff: bool = False) -> Phone:
    """The client with a session of this member."""
    account = db.get(Account, member.id) or Account(member_id=member.id)
    db.add(account)
    db.flush()
    token, _ = sessions.start(db, account, staff=staff, device="Thử nghiệm", passkey_id=None)
    db.commit()
    client.http.set_cookie(COOKIE, token, domain="localhost", secure=True, path="/")
    return Phone(client, member)
