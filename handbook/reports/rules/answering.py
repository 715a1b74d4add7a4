"""The committee answers, once, by whoever holds a post there or above."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Conflict, Refused, present
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope
from handbook.reports.forms import AnswerIn
from handbook.reports.models import Opinion


def answer(db: Session, actor: Actor, opinion_id: UUID, form: AnswerIn) -> Opinion:
    """Put the committee's answer to an opinion; its author sees it, and by which post it was given.

    Nobody answers their own. Raises Missing, Refused("opinion.own"), Conflict("opinion.answered")."""
    asked = select(Opinion).where(Opinion.id == opinion_id).with_for_update()
    opinion = present(db.exec(asked).first(), "opinion.missing")
    scope = Scope(organisation.unit(db, opinion.unit_id).path)
    require(actor, Action.OPINION_ANSWER, scope)
    if opinion.owner_id == actor.member_id:
        raise Refused("opinion.own")
    if opinion.answered_at is not None:
        raise Conflict("opinion.answered")
    opinion.answer = form.answer
    opinion.answered_at = clock.now()
    opinion.answer_post_id = organisation.nearest_post(db, actor, Action.OPINION_ANSWER, scope)
    db.flush()
    audit.record(
        db, actor, "opinion.answer", subject=opinion.id, subject_kind="opinion", unit_path=scope.unit_path,
    )  # fmt: skip
    return opinion
