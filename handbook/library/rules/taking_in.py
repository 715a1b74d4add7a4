"""From a converted text to a document: first a draft that only its uploader sees, then the document itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core import clock
from handbook.core.columns import table_of
from handbook.core.errors import Conflict, Invalid, Missing
from handbook.core.text import fold
from handbook.library import queries, search_index
from handbook.library.forms import DocumentIn
from handbook.library.importing.converting import Converted
from handbook.library.importing.metadata import normal_symbol
from handbook.library.importing.sanitising import ALLOWLIST_VERSION
from handbook.library.importing.structure import Section as Part
from handbook.library.models import Classification, Document, DocumentKind, ImportDraft, Relation, Section
from handbook.library.reference import ensure_kinds
from handbook.library.rules import publishing
from handbook.organisation import queries as organisation
from handbook.organisation.models import Unit
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import reach, require
from handbook.policy.scopes import Scope

DRAFT_HOURS = 6
MOST_DRAFTS = 10  # open at once for one member; the oldest gives way


@dataclass(frozen=True)
class Taken:
    """What became of an import: a new document, a new version of one, or nothing new."""

    document: Document
    outcome: str  # "new", "revised", "unchanged"


def refuse_secret(converted: Converted) -> None:
    """Raises Invalid("import.secret") when the text itself carries a secrecy mark; nothing of it is kept."""
    if converted.secrecy:
        raise Invalid("import.secret", mark=converted.secrecy)


def start_draft(db: Session, actor: Actor, file_name: str, converted: Converted) -> ImportDraft:
    """Keep a converted file for the preview, for `DRAFT_HOURS`. Raises Missing, Invalid("import.secret")."""
    ensure_kinds(db)
    if actor.member_id is None or reach(actor, Action.DOCUMENT_IMPORT).empty:
        raise Missing("not_found")
    refuse_secret(converted)
    db.execute(delete(ImportDraft).where(col(ImportDraft.expires_at) <= clock.now()))
    own = (
        select(ImportDraft).where(ImportDraft.member_id == actor.member_id).order_by(col(ImportDraft.created_at).desc())
    )
    for surplus in db.exec(own.offset(MOST_DRAFTS - 1)).all():
        db.delete(surplus)
    made = ImportDraft(
        member_id=actor.member_id,
        file_name=file_name[-255:],
        content=_content(converted),
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=DRAFT_HOURS),
    )
    db.add(made)
    db.flush()
    return made


def discard_draft(db: Session, actor: Actor, draft_id: UUID) -> None:
    """Forget a draft. Raises Missing."""
    db.delete(queries.draft(db, actor, draft_id))
    db.flush()


def confirm_draft(db: Session, actor: Actor, draft_id: UUID, form: DocumentIn) -> Taken:
    """Turn a draft into a document with the facts that the person confirmed; the draft is gone with it."""
    found = queries.draft(db, actor, draft_id)
    taken = import_document(db, actor, form, parts_of(found), words=int(found.content["word_count"]))
    db.delete(found)
    db.flush()
    return taken


def parts_of(draft: ImportDraft) -> list[Part]:
    """The sections kept in a draft."""
    return [Part(**part) for part in draft.content["sections"]]


def import_document(db: Session, actor: Actor, form: DocumentIn, parts: Sequence[Part], *, words: int) -> Taken:
    """Store a text with its facts. The same issuer, kind, number and date make a new version of the same document;
    the same text again changes nothing, so that an import may be repeated.

    Raises Missing (unit out of reach), Invalid (fields), Conflict (the key stands under another unit)."""
    ensure_kinds(db)
    unit = organisation.unit_by_code(db, form.unit_code)
    require(actor, Action.DOCUMENT_IMPORT, Scope(unit.path))
    kind = _check(db, form, unit)
    replaced = _replaced(db, actor, form)
    number, symbol = _number(form)
    key = document_key(form, number)
    print_ = _fingerprint(form, symbol, parts)
    found = db.exec(select(Document).where(Document.key == key).with_for_update()).first()
    if found is not None and found.unit_id != unit.id:
        raise Conflict("document.exists_elsewhere")
    if found is not None and found.fingerprint == print_:
        _publish_if_asked(db, actor, form, found)
        return Taken(found, "unchanged")
    document = found or Document(
        key=key, kind=kind.code, issuer=form.issuer, title=form.title, title_fold="", sorted_on=clock.today(),
        classification=form.classification, unit_id=unit.id, created_by=actor.member_id, fingerprint="",
        allowlist_version=ALLOWLIST_VERSION, revision=0,
    )  # fmt: skip
    _fill(document, form, number, symbol)
    document.revision += 1
    document.fingerprint, document.word_count = print_, words
    _write_text(db, document, kind, parts)
    audit.record(
        db, actor, "document.import", subject=document.id, subject_kind="document", unit_path=unit.path,
        detail={"revision": document.revision, "words": words, "fingerprint": print_[:16]},
    )  # fmt: skip
    _publish_if_asked(db, actor, form, document)
    if replaced is not None:
        publishing.relate(db, actor, document.id, replaced.id, Relation.REPLACES)
    return Taken(document, "revised" if found else "new")


def document_key(form: DocumentIn, number: int | None) -> str:
    """Issuer, kind, number and date; a text without a number is told apart by its title."""
    day = form.issued_on.isoformat() if form.issued_on else ""
    named = str(number) if number is not None else fold(form.title)
    return "|".join((fold(form.issuer), form.kind, named, day))[:900]


def _check(db: Session, form: DocumentIn, unit: Unit) -> DocumentKind:
    wrong: dict[str, str] = {}
    kind = db.get(DocumentKind, form.kind)
    if form.classification is not Classification.ORDINARY:
        wrong["classification"] = "document.classified"
    if kind is None or (kind.valid_to is not None and kind.valid_to <= (form.issued_on or clock.today())):
        wrong["kind"] = "document.kind_unknown"
    if form.issued_on and form.expires_on and form.expires_on < form.issued_on:
        wrong["expires_on"] = "document.expires_before_issue"
    if form.issued_on and form.issued_on > clock.today() + timedelta(days=366):
        wrong["issued_on"] = "document.issued_in_future"
    if unit.valid_to is not None and unit.valid_to <= clock.today():
        wrong["unit_code"] = "unit.closed"
    if wrong or kind is None:
        raise Invalid("document.classified" if "classification" in wrong else "input.invalid", fields=wrong)
    return kind


def _replaced(db: Session, actor: Actor, form: DocumentIn) -> Document | None:
    """The document that the form says is replaced: the newest with that symbol that the actor publishes."""
    if not form.replaces:
        return None
    symbol = normal_symbol(form.replaces) or form.replaces
    named = (
        select(Document).join(Unit, col(Unit.id) == Document.unit_id)
        .where(Document.symbol == symbol, organisation.within(reach(actor, Action.DOCUMENT_PUBLISH), Unit.path))
        .order_by(col(Document.sorted_on).desc())
    )  # fmt: skip
    if (found := db.exec(named).first()) is None:
        raise Invalid(fields={"replaces": "document.replaces_unknown"})
    return found


def _number(form: DocumentIn) -> tuple[int | None, str]:
    """The number and the symbol in its normal form; either may tell the other."""
    symbol = normal_symbol(form.symbol) or " ".join(form.symbol.split())
    digits = symbol.partition("-")[0].partition("/")[0]
    told = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 5 else None
    return form.number if form.number is not None else told, symbol


def _fill(document: Document, form: DocumentIn, number: int | None, symbol: str) -> None:
    document.number, document.symbol = number, symbol
    document.issued_on, document.effective_on, document.expires_on = (
        form.issued_on,
        form.effective_on,
        form.expires_on,
    )
    document.sorted_on = form.issued_on or document.sorted_on
    document.term, document.classification = form.term, form.classification
    document.title, document.title_fold = form.title, fold(form.title)[:400]
    document.summary, document.key_points = form.summary, list(form.key_points)
    document.read_before = form.read_before
    document.allowlist_version = ALLOWLIST_VERSION


def _write_text(db: Session, document: Document, kind: DocumentKind, parts: Sequence[Part]) -> None:
    document.text_bytes = sum(len(part.html.encode()) + len(part.heading.encode()) + 60 for part in parts) + 4000
    db.add(document)
    try:
        db.flush()
    except IntegrityError as error:  # two imports of one document at the same moment
        raise Conflict("document.exists") from error
    db.execute(delete(Section).where(col(Section.document_id) == document.id))
    sections = [
        {"document_id": document.id, "seq": seq, "anchor": part.anchor, "level": part.level,
         "label": part.label[:120], "heading": part.heading, "html": part.html}
        for seq, part in enumerate(parts)
    ]  # fmt: skip
    if sections:
        db.execute(insert(table_of(Section)), sections)
    year = document.issued_on.year if document.issued_on else ""
    number = document.number if document.number is not None else ""
    called = (kind.name, kind.abbreviation, number, document.symbol, document.title, document.issuer, year)
    body = "\n".join([document.summary, *document.key_points, *(part.text for part in parts)])
    search_index.put(db, document.id, " ".join(str(part) for part in called), body)
    db.flush()


def _publish_if_asked(db: Session, actor: Actor, form: DocumentIn, document: Document) -> None:
    if form.publish and document.published_at is None:
        publishing.publish(db, actor, document.id)


def _fingerprint(form: DocumentIn, symbol: str, parts: Sequence[Part]) -> str:
    """Of all that a reader sees, so that phones fetch a document exactly when it changed."""
    facts = form.model_dump(mode="json", exclude={"publish", "unit_code"}) | {"symbol": symbol}
    seen = json.dumps([facts, ALLOWLIST_VERSION, [asdict(part) for part in parts]], sort_keys=True)
    return hashlib.sha256(seen.encode()).hexdigest()


def _content(converted: Converted) -> dict[str, object]:
    facts = asdict(converted.facts)
    facts["issued_on"] = facts["issued_on"].isoformat() if facts["issued_on"] else ""
    return {
        "format": str(converted.format), "facts": facts, "dropped": list(converted.dropped),
        "word_count": converted.word_count, "sections": [asdict(section) for section in converted.sections],
    }  # fmt: skip
