"""A phone's outbox in tests: it sends a form's bytes under a key of its own and reads data back."""

import hashlib
from typing import Any
from uuid import uuid4

from sqlmodel import Session, col, select
from werkzeug.test import TestResponse

from handbook.core.receipts import Receipt
from handbook.identity.models import Account
from handbook.identity.queries import member_tag
from handbook.organisation.models import Member
from tests.library.signing import sign_in
from tests.page import Client


class Phone:
    """``member``'s phone, signed in. ``send`` makes a new key unless one is told."""

    def __init__(self, client: Client, db: Session, member: Member) -> None:
        self.client = sign_in(client, db, member)
        self.tag = member_tag(db.get_one(Account, member.id))

    def send(
        self,
        path: str,
        body: bytes = b"revision=1",
        *,
        key: str | None = None,
        status: int = 200,
        tag: str | None = None,
        **headers: str,
    ) -> Any:
        """The answer's data, after a look at its manners. ``headers`` are told with _ for -."""
        answer = self.post(path, body, key=key, status=status, tag=tag, **headers)
        assert answer.mimetype == "application/json", answer.get_data(as_text=True)[:300]
        assert "Location" not in answer.headers
        return answer.get_json()

    def post(
        self, path: str, body: bytes, *, key: str | None, status: int, tag: str | None, **headers: str
    ) -> TestResponse:
        told = {**self.headers(key, tag), **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = self.client.post(path, body, status=status, headers=told)
        if status != 401:
            assert answer.headers["X-Handbook-Member"] == self.tag
        return answer

    def headers(self, key: str | None = None, tag: str | None = None) -> dict[str, str]:
        """What the phone tells with each act."""
        return {
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
            "Idempotency-Key": key or new_key(),
            "X-Handbook-Member": self.tag if tag is None else tag,
        }


def new_key() -> str:
    return str(uuid4())


def hash_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def receipts(db: Session) -> list[Receipt]:
    """All that are stored. Lets go of SQLite's pen at once, for the phones that are to write."""
    db.rollback()
    found = list(db.exec(select(Receipt).order_by(col(Receipt.received_at))))
    db.expunge_all()
    db.rollback()
    return found
