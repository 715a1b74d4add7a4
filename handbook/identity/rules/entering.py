"""The last step of enrolling and of signing in alike: a passkey has been proved, its browser is let in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from handbook.identity.models import Account, AuthSession, Passkey
from handbook.identity.rules import sessions, trail
from handbook.organisation import queries as organisation


@dataclass(frozen=True)
class Entered:
    """A browser that is signed in: its cookie's token and what it signed in with."""

    token: str
    session: AuthSession
    account: Account
    passkey: Passkey
    discoverable: bool | None = None


def enter(
    db: Session,
    account: Account,
    passkey: Passkey,
    action: str,
    *,
    device: str,
    replaces: str | None,
    discoverable: bool | None = None,
    **detail: Any,
) -> Entered:
    """Open a session on ``device`` and record it as ``action``. ``replaces`` is the token that the browser held until
    now. Raises Missing for whoever is no longer a member."""
    actor = organisation.actor_of(db, account.member_id)
    token, session = sessions.start(
        db, account, staff=actor.is_staff, device=device, passkey_id=passkey.id, replaces=replaces
    )
    trail.note(db, actor, action, account.member_id, passkey=str(passkey.id), session=str(session.id), **detail)
    return Entered(token, session, account, passkey, discoverable)
