"""Enrolling: a ticket in hand becomes a passkey on this phone, and the phone is signed in."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import Session, col

from handbook.core.clock import now
from handbook.core.errors import Conflict, Gone, Refused
from handbook.core.settings import Settings
from handbook.identity import queries
from handbook.identity.models import Account, Ceremony, EndReason, Passkey, Ticket
from handbook.identity.rules import ceremonies, challenges, notices, passkeys, sessions, tickets
from handbook.identity.rules.entering import Entered, enter


@dataclass(frozen=True)
class Begun:
    """Options for the browser, and a word with which this browser alone may ask for new ones."""

    options: dict[str, Any]
    retry: str


def begin(db: Session, settings: Settings, token: str, *, retry: str = "", signed_in: UUID | None = None) -> Begun:
    """Use the ticket up, then issue options. Of several browsers with one ticket exactly one gets them.

    ``retry`` is the word given to that browser before; ``signed_in`` is the member now signed in there: whoever
    made the ticket may not complete it. Raises Missing, Gone, Refused as `tickets.look_up` does, and
    Refused("ticket.own-hand")."""
    ticket = _claim(db, token, retry)
    if signed_in is not None and signed_in in (ticket.created_by, ticket.approved_by):
        raise Refused("ticket.own-hand")
    word = secrets.token_urlsafe(16)
    ticket.retry_hash = _hash(word)
    db.add(ticket)
    account = _account(db, ticket.member_id)
    standing = queries.standing(db, ticket.member_id)
    challenge = challenges.issue(db, Ceremony.ENROL, member_id=ticket.member_id, ticket_id=ticket.id)
    existing = [] if ticket.revoke_old else queries.passkeys(db, ticket.member_id)
    options = ceremonies.creation_options(
        settings,
        challenge=challenge,
        user_handle=account.user_handle,
        name=standing.full_name,
        existing=existing,
    )
    return Begun(options, word)


def finish(
    db: Session,
    settings: Settings,
    token: str,
    credential: object,
    *,
    device: str,
    replaces: str | None = None,
) -> Entered:
    """Keep the passkey made with the ticket and open a session. A recovery first ends what there was before.

    Raises BadCeremony, Conflict("passkey.known"), Gone("ticket.expired", "ticket.used"), Refused."""
    taken = challenges.take(db, credential, Ceremony.ENROL)
    try:
        ticket = _of_challenge(db, taken, token)
        registered = ceremonies.registered(settings, credential, challenge=taken.challenge)
        account = _account(db, ticket.member_id)
        old = queries.passkeys(db, ticket.member_id) if ticket.revoke_old else []
        passkey = _replace(db, account, old, registered, device)
    except (Conflict, Gone, Refused) as refusal:
        raise refusal.keeping() from None
    ticket.finished_at = now()
    db.add(ticket)
    entered = enter(
        db,
        account,
        passkey,
        "passkey.enrol",
        device=device,
        replaces=replaces,
        discoverable=registered.discoverable,
        ticket=str(ticket.id),
        revoked=len(old),
    )
    if old or len(queries.passkeys(db, ticket.member_id)) > 1:  # a first passkey has no other device to tell
        notices.tell(db, ticket.member_id, "passkey-added", name=passkey.name)
    return entered


def _claim(db: Session, token: str, retry: str) -> Ticket:
    """Mark the ticket as used in one statement: the race is decided by the database."""
    unused = col(Ticket.used_at).is_(None)
    mine = or_(unused, col(Ticket.retry_hash) == _hash(retry)) if retry else unused
    claimed = db.exec(
        update(Ticket)
        .where(
            col(Ticket.token_hash) == tickets.digest(token),
            mine,
            col(Ticket.finished_at).is_(None),
            col(Ticket.approved_at).is_not(None),
            col(Ticket.expires_at) > now(),
        )
        .values(used_at=now())
        .returning(col(Ticket.id))
    ).first()
    if claimed is None:
        tickets.look_up(db, token)
        raise Gone("ticket.used")
    ticket = tickets.get(db, claimed[0])
    tickets.require_open(db, ticket)
    return ticket


def _of_challenge(db: Session, taken: challenges.Taken, token: str) -> Ticket:
    """The ticket that the ceremony was begun with, still good, and the one named in the address."""
    if taken.ticket_id is None:
        raise ceremonies.BadCeremony("ceremony.expired")
    ticket = tickets.get(db, taken.ticket_id)
    if ticket.token_hash != tickets.digest(token):
        raise ceremonies.BadCeremony("ceremony.expired")
    if ticket.finished_at is not None:
        raise Gone("ticket.used")
    tickets.require_open(db, ticket)
    return ticket


def _replace(
    db: Session, account: Account, old: list[Passkey], registered: ceremonies.Registered, device: str
) -> Passkey:
    """All or nothing: the old passkeys, if any are to go, go only when the new one can be kept."""
    if not old:
        return passkeys.keep(db, account, registered, device=device)
    with db.begin_nested():
        for passkey in old:
            passkeys.retire(db, passkey)
        kept = passkeys.keep(db, account, registered, device=device)
        sessions.end_all(db, account.member_id, EndReason.RECOVERED)
    db.refresh(account)
    return kept


def _account(db: Session, member_id: UUID) -> Account:
    account = queries.account(db, member_id)
    if account is None:
        account = Account(member_id=member_id)
        db.add(account)
        db.flush()
    return account


def _hash(word: str) -> bytes:
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
