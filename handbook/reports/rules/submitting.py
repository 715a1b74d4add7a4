"""A member's opinion, question or proposal goes to a committee."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from handbook.audit import rules as audit
from handbook.core.errors import Invalid, Missing
from handbook.organisation import queries as organisation
from handbook.organisation.models import Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import allowed
from handbook.policy.scopes import Scope
from handbook.reports.forms import FileLimits, OpinionIn
from handbook.reports.models import Opinion
from handbook.reports.rules.attaching import announce

NO_FILES = FileLimits(most=0, each=0, together=0)


def submit(
    db: Session, actor: Actor, form: OpinionIn, *, written_at: datetime | None = None, limits: FileLimits = NO_FILES
) -> Opinion:
    """Send one opinion to the actor's own cell or a unit above it. Each call is a new row.

    The files it names, within `limits`, are put down with it and follow later.

    Raises Missing (the system writes none), Invalid for a unit to which the actor may not write, known or not:
    one who has moved since the form was filled in is to choose again, and keeps the text."""
    if actor.member_id is None:
        raise Missing("opinion.missing")
    unit = _addressee(db, actor, form)
    opinion = Opinion(
        owner_id=actor.member_id,
        unit_id=unit.id,
        kind=form.kind,
        subject=form.subject,
        text=form.text,
        written_at=written_at,
    )
    db.add(opinion)
    db.flush()
    announce(db, opinion, form.attachments, limits)
    audit.record(
        db, actor, "opinion.submit", subject=opinion.id, subject_kind="opinion", unit_path=unit.path,
        detail={"kind": form.kind.value},
    )  # fmt: skip
    return opinion


def _addressee(db: Session, actor: Actor, form: OpinionIn) -> Unit:
    try:
        unit = organisation.unit(db, form.unit_id)
    except Missing:
        unit = None
    if unit is None or not allowed(actor, Action.OPINION_SUBMIT, Scope(unit.path)):
        raise Invalid(fields={"unit_id": "opinion.unit"})
    return unit
