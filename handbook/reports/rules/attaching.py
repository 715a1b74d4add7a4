"""Files that belong to an opinion: announced with its text, sent after it, chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.errors import Conflict, Invalid, Missing, present
from handbook.core.files import Shelf
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope
from handbook.reports.forms import AttachmentIn, FileLimits
from handbook.reports.models import LARGEST_CHUNK, Attachment, AttachmentKind, Opinion

_BEGINS = {
    AttachmentKind.JPEG: b"\xff\xd8\xff",
    AttachmentKind.PNG: b"\x89PNG\r\n\x1a\n",
    AttachmentKind.PDF: b"%PDF-",
}

_UNCOMMITTED = timedelta(days=1)  # a file this young may belong to a row that is just being written


@dataclass(frozen=True)
class Pruned:
    """How many announcements and how many files were let go of."""

    announced: int
    files: int


def announce(db: Session, opinion: Opinion, files: list[AttachmentIn], limits: FileLimits) -> None:
    """Put down which files will follow. Raises Invalid before anything of them is sent."""
    if any(file.bytes > limits.each for file in files):
        raise Invalid(fields={"attachments": "attachment.large"})
    if len(files) > limits.most or sum(file.bytes for file in files) > limits.together:
        raise Invalid(fields={"attachments": "attachment.together"})
    ids = [file.id for file in files]
    taken = db.exec(select(Attachment.id).where(col(Attachment.id).in_(ids))).first() if ids else None
    if taken or len(set(ids)) < len(ids):
        raise Invalid(fields={"attachments": "attachment.list"})
    for file in files:
        db.add(
            Attachment(
                id=file.id,
                owner_id=opinion.owner_id,
                opinion_id=opinion.id,
                name=file.name,
                kind=file.kind,
                size=file.bytes,
                sha256=file.sha256,
            )
        )


def standing(db: Session, actor: Actor, shelf: Shelf, attachment_id: UUID) -> tuple[Attachment, int]:
    """A file of the actor's own, and how many bytes of it are here: from there on they are to send it. Raises Missing."""
    found = _own(db, actor, select(Attachment).where(Attachment.id == attachment_id))
    return found, found.size if found.completed_at else _received(shelf, found)


def receive(db: Session, actor: Actor, shelf: Shelf, attachment_id: UUID, *, offset: int, chunk: bytes) -> Attachment:
    """Take the bytes from `offset` on; the last ones complete the file. A chunk that is here already changes nothing.

    Raises Missing to all but the author, Conflict("attachment.offset") with how much was `received`, Invalid for a chunk
    that cannot be, and for a file that is not what was announced: then all of it is to be sent again."""
    found = _own(db, actor, select(Attachment).where(Attachment.id == attachment_id).with_for_update())
    end = offset + len(chunk)
    if not 0 < len(chunk) <= LARGEST_CHUNK or offset < 0 or end > found.size:
        raise Invalid("attachment.chunk")
    if found.completed_at:
        return found
    received = _received(shelf, found)
    if end <= received:
        return found
    if offset != received:
        raise Conflict("attachment.offset", received=received)
    shelf.write(found.id, offset, chunk)
    found.received_bytes = end
    if end == found.size:
        _complete(db, shelf, found)
    db.flush()
    return found


def prune(db: Session, actor: Actor, shelf: Shelf, *, announced_before: datetime) -> Pruned:
    """Let go of files that were announced before that moment and have not come to their end, and of those on the disk
    that no row names. A phone may come back to the first for as long as it may send anything again."""
    late = (col(Attachment.completed_at).is_(None), col(Attachment.created_at) < announced_before)
    rows = db.exec(select(func.count()).select_from(Attachment).where(*late)).one()
    db.execute(delete(Attachment).where(*late))
    left = db.exec(select(Attachment.id, Attachment.sha256, Attachment.completed_at)).all()
    files = shelf.clear(
        before=clock.now() - _UNCOMMITTED,
        arriving={str(file_id) for file_id, _, completed_at in left if completed_at is None},
        whole={digest for _, digest, completed_at in left if completed_at is not None},
    )
    audit.record(
        db, actor, "attachment.prune", subject=None, subject_kind="attachment",
        detail={"before": announced_before.isoformat(), "announced": rows, "files": files},
    )  # fmt: skip
    return Pruned(rows, files)


def _own(db: Session, actor: Actor, asked: Any) -> Attachment:
    found: Attachment = present(db.exec(asked).first(), "attachment.missing")
    if found.owner_id != actor.member_id:
        raise Missing("attachment.missing")
    opinion = present(db.get(Opinion, found.opinion_id), "opinion.missing")
    path = organisation.unit(db, opinion.unit_id).path
    require(actor, Action.OPINION_READ, Scope(path, owner_id=found.owner_id))
    return found


def _received(shelf: Shelf, found: Attachment) -> int:
    """After a commit that failed the file holds more than the row says, or was already renamed: the less counts."""
    return min(found.received_bytes, shelf.held(found.id))


def _complete(db: Session, shelf: Shelf, found: Attachment) -> None:
    begins = _BEGINS[found.kind]
    if shelf.head(found.id, len(begins)) != begins or shelf.digest(found.id) != found.sha256:
        shelf.discard(found.id)
        found.received_bytes = 0
        db.flush()
        raise Invalid("attachment.damaged").keeping()
    shelf.complete(found.id, found.sha256)
    found.completed_at = clock.now()
