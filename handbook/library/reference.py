"""The reference table of document kinds on a new installation."""

from __future__ import annotations

from sqlmodel import Session, select

from handbook.library.kinds import IN_FORCE_SINCE, KINDS
from handbook.library.models import DocumentKind


def ensure_kinds(db: Session) -> None:
    """Add the kinds of 399-QĐ/TW that are not in the table; what is there is left as it is."""
    present = set(db.exec(select(DocumentKind.code)))
    db.add_all(
        DocumentKind(code=code, name=name, abbreviation=abbreviation, position=position, valid_from=IN_FORCE_SINCE)
        for code, name, abbreviation, position in KINDS
        if code not in present
    )
    db.flush()
