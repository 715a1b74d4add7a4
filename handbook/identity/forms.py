"""What identity's forms hold. Ceremonies are JSON and are judged whole by `rules.ceremonies`."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from handbook.identity.models import Purpose

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class InvitationIn(_Form):
    """The letters printed below the QR code."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class NameIn(_Form):
    """A passkey's new name; its length is the rule's business."""

    name: Annotated[str, StringConstraints(max_length=500)]


class TicketIn(_Form):
    """``printed`` asks for the longer life of a sheet handed out at a meeting."""

    purpose: Purpose
    printed: bool = False
    revoke_old: bool = False


class CutOffIn(_Form):
    """Which passkeys went with the phone, and what happened."""

    reason: Reason
    passkeys: list[UUID] = []
