"""Forms: written as versions, published once each, and then unchangeable."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Conflict, Refused, present
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope
from handbook.questions.definition import Form, dumped
from handbook.questions.program import compiled
from handbook.reports.models import FormVersion, ReportForm


def save_version(db: Session, actor: Actor, unit_id: UUID, form: Form) -> FormVersion:
    """Keep what staff wrote as the newest version of the unit's form of that name; a version that is not published yet
    is written over. Raises Missing, FormRefused (it could not work), Refused("form.retired")."""
    unit = organisation.unit(db, unit_id)
    require(actor, Action.FORM_WRITE, Scope(unit.path))
    program = compiled(form)
    named = (ReportForm.unit_id == unit_id, ReportForm.name == form.name)
    found = db.exec(select(ReportForm).where(*named).with_for_update()).first()
    if found is None:
        found = ReportForm(unit_id=unit_id, name=form.name, created_by=actor.member_id)
        db.add(found)
        db.flush()
    if found.retired_at:
        raise Refused("form.retired")
    version = _draft(db, found.id) or FormVersion(
        form_id=found.id,
        number=_last(db, found.id) + 1,
        title="",
        definition={},
        program={},
        created_by=actor.member_id,
    )
    version.title = form.title.vi
    version.definition, version.program = dumped(form), program
    db.add(version)
    db.flush()
    _record(db, actor, "form.save", version, unit.path)
    return version


def publish(db: Session, actor: Actor, version_id: UUID) -> FormVersion:
    """From now on reports may be asked for on this version, and it never changes.

    Raises Missing, Conflict("form.published")."""
    version = present(
        db.exec(select(FormVersion).where(FormVersion.id == version_id).with_for_update()).first(), "form.missing"
    )
    form = db.get_one(ReportForm, version.form_id)
    path = organisation.unit(db, form.unit_id).path
    require(actor, Action.FORM_WRITE, Scope(path))
    if version.published_at:
        raise Conflict("form.published")
    version.published_at = clock.now()
    db.flush()
    _record(db, actor, "form.publish", version, path)
    return version


def _draft(db: Session, form_id: UUID) -> FormVersion | None:
    mine = (FormVersion.form_id == form_id, col(FormVersion.published_at).is_(None))
    return db.exec(select(FormVersion).where(*mine)).first()


def _last(db: Session, form_id: UUID) -> int:
    return int(
        db.exec(select(func.coalesce(func.max(FormVersion.number), 0)).where(FormVersion.form_id == form_id)).one()
    )


def _record(db: Session, actor: Actor, action: str, version: FormVersion, path: str) -> None:
    audit.record(
        db, actor, action, subject=version.form_id, subject_kind="form", unit_path=path,
        detail={"version": version.number},
    )  # fmt: skip
