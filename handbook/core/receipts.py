"""Receipts: for each act that a phone has sent under a key of its own, what came of it, once and for all.

The row is written in the transaction of the act and before it. So a second sending of the same key waits for the
first one's commit, finds the row and gets the first answer; and what is rolled back leaves no receipt behind.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, select

from handbook.core.columns import table_of
from handbook.core.errors import Conflict
from handbook.core.ids import new_id

FORMAT = 1
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_LETTERS, _GROUP = 10, 5


class Receipt(SQLModel, table=True):
    """That one act of one member was received. It says what kind of act and by which hash, never what was in it."""

    __table_args__ = (Index("ix_receipt_by_member", "member_id", "received_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key: UUID = Field(unique=True, description="made by the phone, new for each act")
    member_id: UUID = Field(foreign_key="member.id")
    member_tag: str = Field(max_length=40)
    route: str = Field(max_length=500, description="method and path, as the phone sent them")
    endpoint: str = Field(max_length=80, description="names the kind of act, also after a path was changed")
    body_hash: str = Field(max_length=64, description="SHA-256 of the body's bytes")
    form_version: str | None = Field(default=None, max_length=32)
    written_at: datetime | None = Field(default=None, description="when the phone says it was written")
    received_at: datetime = Field(index=True)
    signature: str = Field(default="", max_length=86)
    status: int | None = Field(default=None, description="of the first answer; set before the commit")
    location: str | None = Field(default=None, max_length=500, description="where the first answer led to")

    @property
    def number(self) -> str:
        """What people read out to each other: ten letters out of the id's random part, none that looks like another."""
        rest = self.id.int
        letters = ""
        for _ in range(_NUMBER_LETTERS):
            rest, letter = divmod(rest, len(_CROCKFORD))
            letters = _CROCKFORD[letter] + letters
        return f"{letters[:_GROUP]}-{letters[_GROUP:]}"

    def stated(self) -> dict[str, Any]:
        """What the signature covers, in the words that the phone reads."""
        return {
            "v": FORMAT,
            "id": str(self.id),
            "number": self.number,
            "key": str(self.key),
            "member": self.member_tag,
            "route": self.route,
            "hash": self.body_hash,
            "received": _spelled(self.received_at),
            "written": _spelled(self.written_at) if self.written_at else None,
        }

    def same_act(self, other: "Receipt") -> bool:
        """Whether both tell of the same body sent to the same route."""
        return (self.route, self.body_hash) == (other.route, other.body_hash)


def find(db: Session, asked: Receipt) -> Receipt | None:
    """The stored receipt of the act that ``asked`` describes, or None when its key is new.

    Raises Conflict: "receipt.other_member" when the key is somebody else's, "receipt.other_body" when it was used for
    something else."""
    found: Receipt | None = db.execute(_ASKED, {"key": asked.key}).scalar_one_or_none()
    if found is None:
        return None
    if found.member_id != asked.member_id:
        raise Conflict("receipt.other_member")
    if not found.same_act(asked):
        raise Conflict("receipt.other_body")
    return found


def claim(db: Session, receipt: Receipt) -> bool:
    """Write ``receipt`` before its act is done; False when its key is taken. Waits for whoever is just taking it."""
    return db.execute(_STORING[db.get_bind().dialect.name], receipt.model_dump()).first() is not None


def complete(db: Session, receipt: Receipt, *, status: int, location: str | None) -> bool:
    """Put down what came of the act, in its own transaction; False when its receipt is not there."""
    receipt.status, receipt.location = status, location
    values = {"receipt_id": receipt.id, "answer": status, "target": location}
    return db.execute(_COMPLETING, values).first() is not None


def withdraw(db: Session, receipt: Receipt) -> None:
    """Take back the row of an act that was refused, where the rest of its transaction is to stay."""
    db.execute(_WITHDRAWING, {"receipt_id": receipt.id})


def _spelled(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


_table = table_of(Receipt)
# Composed once: a whole Party's phones may come back in one evening, and composing costs more than running.
_STORING = {
    name: insert(_table).on_conflict_do_nothing(index_elements=["key"]).returning(_table.c.id)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_ASKED: Any = select(Receipt).where(Receipt.key == bindparam("key"))
_COMPLETING = (
    update(_table)
    .where(_table.c.id == bindparam("receipt_id"))
    .values(status=bindparam("answer"), location=bindparam("target"))
    .returning(_table.c.id)
)
_WITHDRAWING = delete(_table).where(_table.c.id == bindparam("receipt_id"))
