"""Challenges: 32 random bytes, five minutes, one ceremony, one use, whatever comes of it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, delete

from handbook.core.clock import now
from handbook.identity.models import Ceremony, Challenge
from handbook.identity.rules.ceremonies import BadCeremony, challenge_in

LIFE = timedelta(minutes=5)


@dataclass(frozen=True)
class Taken:
    """A challenge that was open and is now used up."""

    challenge: bytes
    member_id: UUID | None
    ticket_id: UUID | None


def issue(db: Session, ceremony: Ceremony, *, member_id: UUID | None = None, ticket_id: UUID | None = None) -> bytes:
    """Open a ceremony and return its challenge (32 bytes). Forgets those that have run out."""
    moment = now()
    db.exec(delete(Challenge).where(col(Challenge.expires_at) < moment))
    challenge = secrets.token_bytes(32)
    db.add(
        Challenge(
            token_hash=_hash(challenge),
            ceremony=ceremony,
            member_id=member_id,
            ticket_id=ticket_id,
            expires_at=moment + LIFE,
        )
    )
    db.flush()
    return challenge


def take(db: Session, credential: object, ceremony: Ceremony) -> Taken:
    """Use up the challenge that ``credential`` answers, before anything is verified. Whoever refuses afterwards
    keeps the deletion (``keeping()``; BadCeremony does by itself), so that a failed try uses it up too.

    Raises BadCeremony("ceremony.malformed") or BadCeremony("ceremony.expired")."""
    challenge = challenge_in(credential)
    row = db.exec(
        delete(Challenge)
        .where(col(Challenge.token_hash) == _hash(challenge))
        .returning(
            col(Challenge.ceremony),
            col(Challenge.member_id),
            col(Challenge.ticket_id),
            col(Challenge.expires_at),
        )
    ).first()
    if row is None or row[0] != ceremony or row[3] <= now():
        raise BadCeremony("ceremony.expired")
    return Taken(challenge=challenge, member_id=row[1], ticket_id=row[2])


def _hash(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()
