"""Stepping up: the same member proves a passkey again before a sensitive act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from handbook.audit.rules import record
from handbook.core.errors import Missing
from handbook.core.settings import Settings
from handbook.identity import queries
from handbook.identity.models import AuthSession, Ceremony
from handbook.identity.rules import ceremonies, challenges, sessions, signing_in
from handbook.identity.rules.ceremonies import BadCeremony
from handbook.policy.actor import Actor


def begin(db: Session, settings: Settings, actor: Actor) -> dict[str, Any]:
    """Options naming the signed-in member's own passkeys."""
    if actor.member_id is None:
        raise Missing("account.missing")
    challenge = challenges.issue(db, Ceremony.STEP_UP, member_id=actor.member_id)
    own = queries.passkeys(db, actor.member_id)
    return ceremonies.request_options(settings, challenge=challenge, allowed=own)


def finish(db: Session, settings: Settings, actor: Actor, session_id: UUID, credential: object) -> str:
    """Verify, and give the session a new token; the old one is dead.

    Raises BadCeremony("step_up.failed"), Refused("passkey.flagged"), Missing."""
    taken = challenges.take(db, credential, Ceremony.STEP_UP)
    found = queries.by_credential(db, ceremonies.credential_id_in(credential))
    if taken.member_id != actor.member_id or found is None or found[1].member_id != actor.member_id:
        raise BadCeremony("step_up.failed")
    passkey, account = found
    if passkey.removed_at is not None:
        raise BadCeremony("step_up.failed")
    try:
        outcome = ceremonies.asserted(
            settings,
            credential,
            challenge=taken.challenge,
            public_key=passkey.public_key,
            user_handle=account.user_handle,
            backup_eligible=passkey.backup_eligible,
        )
    except BadCeremony as error:
        raise BadCeremony("step_up.failed") from error
    signing_in.use(db, passkey, outcome)
    session = db.exec(select(AuthSession).where(AuthSession.id == session_id)).first()
    if session is None:
        raise Missing("session.ended")
    record(
        db,
        actor,
        "session.step_up",
        subject=actor.member_id,
        subject_kind="member",
        unit_path=actor.unit_path,
        detail={"session": str(session_id)},
    )
    return sessions.renew(db, session)
