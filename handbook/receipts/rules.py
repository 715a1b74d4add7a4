"""Receipts are written with their acts (``web.receipts``); here they end."""

from datetime import timedelta

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Refused
from handbook.core.receipts import Receipt
from handbook.core.settings import Settings
from handbook.policy.actor import Actor


def prune(db: Session, actor: Actor, settings: Settings, *, days: int) -> int:
    """Remove the receipts that are older than ``days``; how many there were.

    Raises Refused("receipt.too_young") for fewer days than the settings promise: a phone may still send these acts."""
    if days < settings.receipt_days:
        raise Refused("receipt.too_young", days=settings.receipt_days)
    before = clock.now() - timedelta(days=days)
    old = col(Receipt.received_at) < before
    removed = db.exec(select(func.count()).select_from(Receipt).where(old)).one()
    db.execute(delete(Receipt).where(old))
    audit.record(
        db, actor, "receipt.prune", subject=None, subject_kind="receipt",
        detail={"before": before.isoformat(), "removed": removed},
    )  # fmt: skip
    return removed
