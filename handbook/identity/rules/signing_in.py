"""Signing in: the passkey says who it is; nobody types a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import PublicKeyCredentialHint

from handbook.core.clock import now
from handbook.core.errors import Gone, Refused
from handbook.core.settings import Settings
from handbook.identity import queries
from handbook.identity.models import Account, Ceremony, Passkey
from handbook.identity.rules import ceremonies, challenges, notices, trail
from handbook.identity.rules.ceremonies import Asserted, BadCeremony
from handbook.identity.rules.entering import Entered, enter
from handbook.organisation import queries as organisation

# A key that nobody holds: an unknown passkey costs as much time to refuse as a wrong signature.
_NOBODYS_KEY = base64url_to_bytes(
    "pQECAyYgASFYIBiKJz_nPD0fRty3ZQbOKoICj3pnj0e2PSbeBWQOhB3KIlggU2lQKQrWBMeUT8wNmilzCLyO1oo4oWevpt7ebwcEsXc"
)
_NOBODY = Account(member_id=UUID(int=0), user_handle=bytes(32))
_AT_DESK = (PublicKeyCredentialHint.HYBRID, PublicKeyCredentialHint.CLIENT_DEVICE)
_IN_HAND = (PublicKeyCredentialHint.CLIENT_DEVICE,)


def begin(db: Session, settings: Settings, *, desk: bool = False) -> dict[str, Any]:
    """Options for whoever is there: they say nothing about any member. On a desktop computer (``desk``) the browser
    is asked to offer the phone first, by a QR code."""
    challenge = challenges.issue(db, Ceremony.SIGN_IN)
    return ceremonies.request_options(settings, challenge=challenge, hints=_AT_DESK if desk else _IN_HAND)


def finish(db: Session, settings: Settings, credential: object, *, device: str, replaces: str | None = None) -> Entered:
    """Verify and open a session.

    Unknown, suspended and wrong are all BadCeremony("sign_in.failed"). Only a proven holder hears more:
    Gone("passkey.removed"), Refused("passkey.flagged")."""
    taken = challenges.take(db, credential, Ceremony.SIGN_IN)
    found = queries.by_credential(db, ceremonies.credential_id_in(credential))
    passkey, account = found or (None, _NOBODY)
    barred = queries.barred(db, account.member_id)  # asked for everyone, so that no answer takes a query more
    try:
        outcome = ceremonies.asserted(
            settings,
            credential,
            challenge=taken.challenge,
            public_key=passkey.public_key if passkey else _NOBODYS_KEY,
            user_handle=account.user_handle,
            backup_eligible=passkey.backup_eligible if passkey else False,
        )
    except BadCeremony as error:
        raise BadCeremony("sign_in.failed") from error
    if passkey is None or barred:
        raise BadCeremony("sign_in.failed")
    if passkey.removed_at is not None:
        raise Gone("passkey.removed").keeping()
    use(db, passkey, outcome)
    return enter(db, account, passkey, "session.start", device=device, replaces=replaces)


def use(db: Session, passkey: Passkey, outcome: Asserted) -> None:
    """Note a verified use. A counter that went back may mean a copied key (WebAuthn L3 §6.1.1): the passkey is flagged
    and the member told. A synced passkey still signs in, its copies count apart; one bound to a device does not until
    the member vouches for it from another. Raises Refused("passkey.flagged")."""
    # Two uses at once must not both pass with one counter value.
    db.exec(select(Passkey.id).where(col(Passkey.id) == passkey.id).with_for_update()).one()
    db.refresh(passkey)
    counts = outcome.sign_count > 0 or passkey.sign_count > 0
    if counts and outcome.sign_count <= passkey.sign_count and passkey.flagged_at is None:
        passkey.flagged_at = now()
        db.add(passkey)
        actor = organisation.actor_of(db, passkey.member_id)
        trail.note(db, actor, "passkey.flag", passkey.member_id, passkey=str(passkey.id))
        notices.tell(db, passkey.member_id, "passkey-flagged", name=passkey.name)
    if passkey.flagged_at is not None and not passkey.backup_eligible:
        raise Refused("passkey.flagged").keeping()
    passkey.sign_count = max(outcome.sign_count, passkey.sign_count)
    passkey.backed_up = outcome.backed_up
    passkey.last_used_at = now()
    db.add(passkey)
    db.flush()
