"""Forms that may be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from handbook.organisation import queries as organisation
from handbook.organisation.models import Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import reach
from handbook.policy.scopes import ancestors
from handbook.reports.models import FormVersion, ReportForm


@dataclass(frozen=True)
class FormLine:
    """A published version of a form."""

    version_id: UUID
    title: str
    number: int
    unit_name: str


def published(db: Session, actor: Actor) -> list[FormLine]:
    """The newest published version of every form made above or within the actor's reach, by title."""
    within = reach(actor, Action.REPORT_REQUEST)
    above = {path for top in within.below for path in ancestors(top)}
    shown: list[Any] = [FormVersion.id, FormVersion.title, FormVersion.number, Unit.name, FormVersion.form_id]
    rows = db.execute(
        select(*shown)
        .join(ReportForm, col(ReportForm.id) == FormVersion.form_id)
        .join(Unit, col(Unit.id) == ReportForm.unit_id)
        .where(
            col(FormVersion.published_at).is_not(None), col(ReportForm.retired_at).is_(None),
            or_(organisation.within(within, Unit.path), col(Unit.path).in_(above)),
        )
        .order_by(col(FormVersion.title), col(FormVersion.number))
    )  # fmt: skip
    newest = {row.form_id: row for row in rows}
    return [FormLine(*row[:4]) for row in newest.values()]
