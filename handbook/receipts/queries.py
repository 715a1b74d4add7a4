"""Looking up receipts."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from handbook.core.errors import Missing
from handbook.core.receipts import Receipt
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require


@dataclass(frozen=True)
class ReceiptView:
    """A receipt in reach. ``own``: it is the reader's, who may see all of it; others see that it exists."""

    receipt: Receipt
    unit_path: str
    own: bool


def get(db: Session, actor: Actor, receipt_id: UUID) -> ReceiptView:
    """The receipt, for its owner and for staff in reach of the owner's cell. Raises Missing."""
    receipt = db.get(Receipt, receipt_id)
    if receipt is None:
        raise Missing("not_found")
    scope = organisation.scope_of(db, receipt.member_id)
    require(actor, Action.RECEIPT_READ, scope)
    return ReceiptView(receipt, scope.unit_path, own=receipt.member_id == actor.member_id)


def mine(db: Session, actor: Actor, *, limit: int) -> list[Receipt]:
    """The actor's own receipts, newest first."""
    own = select(Receipt).where(Receipt.member_id == actor.member_id)
    return list(db.exec(own.order_by(col(Receipt.received_at).desc(), col(Receipt.id).desc()).limit(limit)))
