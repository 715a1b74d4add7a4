"""What a phone's keeper of passkeys is told after a change: which ones count, and what the person is called."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import Session
from webauthn.helpers import bytes_to_base64url

from handbook.core.settings import Settings
from handbook.identity import queries


def of(db: Session, settings: Settings, member_id: UUID) -> dict[str, Any]:
    """The arguments of ``signalAllAcceptedCredentials`` and ``signalCurrentUserDetails`` (WebAuthn L3 §5.1.10)."""
    account = queries.own_account(db, member_id)
    return {
        "rpId": settings.rp_id,
        "userId": bytes_to_base64url(account.user_handle),
        "name": queries.standing(db, member_id).full_name,
        "accepted": [bytes_to_base64url(kept.credential_id) for kept in queries.passkeys(db, member_id)],
    }
