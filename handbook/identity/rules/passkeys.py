"""Passkeys: kept, named and removed by the member who holds them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from handbook.core.clock import now
from handbook.core.errors import Conflict, Invalid, Missing, Refused
from handbook.core.settings import Settings
from handbook.identity import aaguids, queries
from handbook.identity.models import Account, Ceremony, EndReason, Passkey
from handbook.identity.rules import ceremonies, challenges, notices, sessions, trail
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope

MOST = 10
LONGEST_NAME = 60


def begin_adding(db: Session, settings: Settings, actor: Actor) -> dict[str, Any]:
    """Options for one more passkey of the signed-in member. Raises Refused("passkey.too-many")."""
    account, standing = _own_account(db, actor), queries.standing(db, _member(actor))
    existing = queries.passkeys(db, account.member_id)
    if len(existing) >= MOST:
        raise Refused("passkey.too-many", most=MOST)
    challenge = challenges.issue(db, Ceremony.ADD, member_id=account.member_id)
    return ceremonies.creation_options(
        settings,
        challenge=challenge,
        user_handle=account.user_handle,
        name=standing.full_name,
        existing=existing,
    )


def finish_adding(
    db: Session, settings: Settings, actor: Actor, credential: object, *, device: str, name: str = ""
) -> Passkey:
    """Keep the passkey just made on ``device``. The member's other devices stay signed in and are told.

    Raises BadCeremony, Conflict("passkey.known"), Refused("passkey.too-many")."""
    account = _own_account(db, actor)
    taken = challenges.take(db, credential, Ceremony.ADD)
    try:
        if taken.member_id != account.member_id:
            raise ceremonies.BadCeremony("ceremony.expired")
        registered = ceremonies.registered(settings, credential, challenge=taken.challenge)
        passkey = keep(db, account, registered, device=device, name=name)
    except (Conflict, Refused) as refusal:
        raise refusal.keeping() from None
    _record(db, actor, "passkey.add", passkey)
    notices.tell(db, account.member_id, "passkey-added", name=passkey.name)
    return passkey


def keep(db: Session, account: Account, registered: ceremonies.Registered, *, device: str, name: str = "") -> Passkey:
    """Store a registered passkey under a name of its own: the one given, else that of its keeper, else that of the
    device it was made on. Changes nothing when it raises Conflict("passkey.known") or Refused("passkey.too-many")."""
    if queries.by_credential(db, registered.credential_id) is not None:
        raise Conflict("passkey.known")
    existing = queries.passkeys(db, account.member_id)
    if len(existing) >= MOST:
        raise Refused("passkey.too-many", most=MOST)
    passkey = Passkey(
        member_id=account.member_id,
        credential_id=registered.credential_id,
        public_key=registered.public_key,
        sign_count=registered.sign_count,
        transports=registered.transports,
        backup_eligible=registered.backup_eligible,
        backed_up=registered.backed_up,
        aaguid=registered.aaguid,
        prf=registered.prf,
        name=_free_name(name or aaguids.name_of(registered.aaguid) or device, existing),
        last_used_at=now(),
    )
    try:
        with db.begin_nested():
            db.add(passkey)
            db.flush()
    except IntegrityError:
        raise Conflict("passkey.known") from None
    return passkey


def rename(db: Session, actor: Actor, passkey_id: UUID, *, name: str) -> Passkey:
    """Give an own passkey another name. Raises Missing, Invalid."""
    passkey = _own(db, actor, passkey_id)
    name = " ".join(name.split())
    if not name:
        raise Invalid(fields={"name": "field.missing"})
    if len(name) > LONGEST_NAME:
        raise Invalid(fields={"name": "field.string_too_long"})
    others = [other for other in queries.passkeys(db, passkey.member_id) if other.id != passkey.id]
    if name.casefold() in {other.name.casefold() for other in others}:
        raise Invalid(fields={"name": "passkey.name-taken"})
    passkey.name = name
    db.add(passkey)
    _record(db, actor, "passkey.rename", passkey)
    notices.tell(db, passkey.member_id, "passkey-renamed", name=name)
    return passkey


def remove(db: Session, actor: Actor, passkey_id: UUID, *, session_id: UUID) -> Passkey:
    """Take an own passkey out of use and end every session but the one it is done in.

    Raises Missing, Refused("passkey.last"): whoever removed the last one could never come back alone."""
    passkey = _own(db, actor, passkey_id)
    usable = [other for other in queries.passkeys(db, passkey.member_id) if other.flagged_at is None]
    if not [other for other in usable if other.id != passkey.id]:
        raise Refused("passkey.last")
    retire(db, passkey)
    sessions.end_all(db, passkey.member_id, EndReason.PASSKEY_REMOVED, keep=session_id)
    _record(db, actor, "passkey.remove", passkey)
    notices.tell(db, passkey.member_id, "passkey-removed", name=passkey.name)
    return passkey


def confirm(db: Session, actor: Actor, passkey_id: UUID) -> Passkey:
    """The member vouches, signed in with another passkey, that a flagged one is still theirs alone. Its counter
    starts anew. Raises Missing."""
    passkey = _own(db, actor, passkey_id)
    passkey.flagged_at, passkey.sign_count = None, 0
    db.add(passkey)
    _record(db, actor, "passkey.confirm", passkey)
    return passkey


def retire(db: Session, passkey: Passkey) -> None:
    """Take a passkey out of use; the caller has checked that it may and records why."""
    passkey.removed_at = now()
    db.add(passkey)
    db.flush()


def _own(db: Session, actor: Actor, passkey_id: UUID) -> Passkey:
    passkey = queries.passkey(db, passkey_id)
    require(actor, Action.PASSKEY_WRITE, Scope(actor.unit_path, owner_id=passkey.member_id))
    # One writer for each member at a time: two removals at once must not take the last passkey.
    db.exec(select(Account.member_id).where(Account.member_id == passkey.member_id).with_for_update()).one()
    db.refresh(passkey)
    return queries.passkey(db, passkey_id)


def _own_account(db: Session, actor: Actor) -> Account:
    require(actor, Action.PASSKEY_WRITE, Scope(actor.unit_path, owner_id=actor.member_id))
    return db.exec(select(Account).where(col(Account.member_id) == _member(actor)).with_for_update()).one()


def _member(actor: Actor) -> UUID:
    if actor.member_id is None:
        raise Missing("account.missing")
    return actor.member_id


def _free_name(wanted: str, existing: list[Passkey]) -> str:
    """``wanted``, with a number when the member has one of that name already."""
    wanted = " ".join(wanted.split())[: LONGEST_NAME - 4]
    taken = {passkey.name.casefold() for passkey in existing}
    names = [wanted, *(f"{wanted} {number}" for number in range(2, MOST + 2))]
    return next(name for name in names if name.casefold() not in taken)


def _record(db: Session, actor: Actor, action: str, passkey: Passkey) -> None:
    trail.note(db, actor, action, passkey.member_id, passkey=str(passkey.id))
