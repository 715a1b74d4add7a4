"""Receipts for tests that need one to be there, and not how it came about."""

from typing import Any

from sqlmodel import Session

from handbook.core import clock
from handbook.core.ids import new_id
from handbook.core.receipts import Receipt
from handbook.organisation.models import Member


def a_receipt(db: Session, member: Member, **fields: Any) -> Receipt:
    """A receipt of `member`'s, unsigned."""
    made = Receipt(
        **{
            "key": new_id(),
            "member_id": member.id,
            "member_tag": "tag",
            "route": "POST /somewhere",
            "endpoint": "somewhere",
            "body_hash": "0" * 64,
            "received_at": clock.now(),
            "status": 303,
            **fields,
        }
    )
    db.add(made)
    db.flush()
    return made
