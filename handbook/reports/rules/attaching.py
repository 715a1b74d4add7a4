"""Files that belong to an opinion: announced with its text, sent after it, chunk by chunk."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from handbook.core import clock
from handbook.core.errors import Conflict, Invalid, Missing, present
from handbook.core.files import Shelf
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import require
from handbook.policy.scopes import Scope
from handbook.reports.forms import AttachmentIn
from handbook.reports.models import LARGEST_CHUNK, Attachment, AttachmentKind, Opinion

_BEGINS = {
    AttachmentKind.JPEG: b"\xff\xd8\xff",
    AttachmentKind.PNG: b"\x89PNG\r\n\x1a\n",
    AttachmentKind.PDF: b"%PDF-",
}


def announce(db: Session, opinion: Opinion, files: list[AttachmentIn], *, largest: int) -> None:
    """Put down which files will follow; `largest` is in bytes. Raises Invalid before anything of them is sent."""
    if any(file.bytes > largest for file in files):
        raise Invalid(fields={"attachments": "attachment.large"})
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


def receive(db: Session, actor: Actor, shelf: Shelf, attachment_id: UUID, *, offset: int, chunk: bytes) -> Attachment:
    """Take the bytes from `offset` on; the last ones complete the file. A chunk that is here already changes nothing.

    Raises Missing to all but the author, Conflict("attachment.offset") with how much was `received`, Invalid for a chunk
    that cannot be, and for a file that is not what was announced: then all of it is to be sent again."""
    asked = select(Attachment).where(Attachment.id == attachment_id).with_for_update()
    found = present(db.exec(asked).first(), "attachment.missing")
    if found.owner_id != actor.member_id:
        raise Missing("attachment.missing")
    opinion = present(db.get(Opinion, found.opinion_id), "opinion.missing")
    path = organisation.unit(db, opinion.unit_id).path
    require(actor, Action.OPINION_READ, Scope(path, owner_id=found.owner_id))
    end = offset + len(chunk)
    if not 0 < len(chunk) <= LARGEST_CHUNK or offset < 0 or end > found.size:
        raise Invalid("attachment.chunk")
    if found.completed_at:
        return found
    # After a commit that failed the file holds more than the row says, or was already renamed: the less counts.
    received = min(found.received_bytes, shelf.held(found.id))
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


def _complete(db: Session, shelf: Shelf, found: Attachment) -> None:
    begins = _BEGINS[found.kind]
    if shelf.head(found.id, len(begins)) != begins or shelf.digest(found.id) != found.sha256:
        shelf.discard(found.id)
        found.received_bytes = 0
        db.flush()
        raise Invalid("attachment.damaged").keeping()
    shelf.complete(found.id, found.sha256)
    found.completed_at = clock.now()
