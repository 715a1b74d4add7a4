"""What a phone carries of its member's receipts: the pages of the newest ones. A receipt is never changed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from handbook.policy.actor import Actor
from handbook.receipts import queries

MOST_RECEIPTS = 50
_PAGE_BYTES = 2500  # about what a page weighs


@dataclass(frozen=True)
class PackItem:
    """One page; `revision` is what the signature covers."""

    url: str
    revision: str
    bytes: int


def pack(db: Session, actor: Actor) -> list[PackItem]:
    """The pages of this member's newest receipts, newest first."""
    newest = queries.mine(db, actor, limit=MOST_RECEIPTS)
    return [PackItem(f"/receipts/{receipt.id}", receipt.signature, _PAGE_BYTES) for receipt in newest]
