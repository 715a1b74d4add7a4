"""Rescue copies for tests, kept through the same rule as real ones."""

from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from handbook.core.settings import Settings
from handbook.organisation import queries as organisation
from handbook.organisation.models import Member
from handbook.rescue import rules
from handbook.rescue.forms import CopyIn


def a_rescue_copy(db: Session, settings: Settings, member: Member, **fields: Any) -> UUID:
    """The id of a copy of `member`'s."""
    form = CopyIn(**{"id": uuid4(), "written": 1, "piece": "Đề nghị sửa đường", **fields})
    assert rules.keep(db, organisation.actor_of(db, member.id), settings, form)
    return form.id
