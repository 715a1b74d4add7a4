"""The judge: what the phones were promised, held against what the database holds in the end.

It trusts neither side's own counters. A phone's history says of each thing written which bytes they were, whether the
phone said "kept", and which receipt it showed; the database says which rows and receipts there are.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, select

from handbook.core.files import Shelf
from handbook.core.receipts import Receipt
from handbook.identity.models import Account
from handbook.identity.queries import member_tag
from handbook.reports.forms import OpinionIn
from handbook.reports.models import Attachment, Opinion

FORM = OpinionIn.VERSIONS[-1]


@dataclass(frozen=True)
class Row:
    """An opinion as the database holds it; `label` is the subject, which the phones make unique."""

    label: str
    member: str
    text: str
    unit_id: str
    kind: str


@dataclass(frozen=True)
class Proof:
    """A receipt as the database holds it."""

    key: str
    member: str
    hash: str
    status: int | None


@dataclass(frozen=True)
class FileRow:
    """An attached file as the database announces it; `content` is the hash of what lies on the disk, once it is whole."""

    id: str
    member: str
    hash: str
    whole: bool
    content: str | None


@dataclass
class Judgement:
    """What was found, by kind of fault; `figures` are of no consequence but interesting."""

    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    figures: Counter[str] = field(default_factory=Counter)

    @property
    def clean(self) -> bool:
        return not any(self.faults.values())

    def __str__(self) -> str:
        lines = [f"{name}: {value}" for name, value in sorted(self.figures.items())]
        for kind, found in self.faults.items():
            lines += [f"FAULT {kind}: {len(found)}", *(f"    {one}" for one in found[:10])]
        return "\n".join(lines)


def rows_and_proofs(db: Session) -> tuple[list[Row], list[Proof]]:
    """Everything in the database that a phone may have sent."""
    tags = {account.member_id: member_tag(account) for account in db.exec(select(Account))}
    rows = [
        Row(one.subject, tags.get(one.owner_id, "nobody"), one.text, str(one.unit_id), one.kind.value)
        for one in db.exec(select(Opinion))
    ]
    proofs = [Proof(str(one.key), one.member_tag, one.body_hash, one.status) for one in db.exec(select(Receipt))]
    return rows, proofs


def files_in(db: Session, shelf: Shelf) -> list[FileRow]:
    """Every file that was announced, with what has come of it."""
    tags = {account.member_id: member_tag(account) for account in db.exec(select(Account))}
    found = []
    for one in db.exec(select(Attachment)):
        path = shelf.path(one.sha256)
        content = hashlib.sha256(path.read_bytes()).hexdigest() if one.completed_at and path.is_file() else None
        found.append(FileRow(str(one.id), tags[one.owner_id], one.sha256, one.completed_at is not None, content))
    return found


def judge(
    phones: Iterable[dict[str, Any]], rows: list[Row], proofs: list[Proof], files: list[FileRow], *, always: str = ""
) -> Judgement:
    """Hold the histories of `phones` against the database. To the unit `always` every member may write, come what may."""
    found = Judgement()
    by_file = {row.id: row for row in files}
    known_files: set[str] = set()
    by_label: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_label[row.label].append(row)
    by_key = {proof.key: proof for proof in proofs}
    known_labels: set[str] = set()
    known_keys: set[str] = set()
    for phone in phones:
        found.figures["requests with a key"] += len(phone["sent"])
        for line in phone["left"]:
            found.faults["unfinished"].append(f"phone {phone['number']}: {line} (last: {phone['last']})")
        for entry in phone["history"]:
            known_labels.add(entry["label"])
            proof = _proof_of(entry, phone, by_key, known_keys)
            for kind, what in _entry(entry, phone["tag"], by_label[entry["label"]], proof):
                found.faults[kind].append(f"{entry['label']}: {what}")
            if entry["refused"] and not _deserved(entry, always):
                found.faults["refused"].append(f"{entry['label']}: {entry['refused']}, without a cause")
            for file in entry["files"]:
                known_files.add(file["id"])
                for kind, what in _file(file, entry, phone["tag"], by_file.get(file["id"])):
                    found.faults[kind].append(f"{entry['label']}, file {file['id']}: {what}")
                found.figures[_outcome_of_file(file)] += 1
            found.figures[_outcome(entry)] += 1
    for label in by_label.keys() - known_labels:
        found.faults["stray"].append(f"row {label!r} was written by nobody")
    for key in by_key.keys() - known_keys:
        found.faults["stray"].append(f"receipt {key} belongs to nothing that was written")
    for id in by_file.keys() - known_files:
        found.faults["stray"].append(f"file {id} was attached by nobody")
    for hash, times in Counter(row.hash for row in files).items():
        if times > 1:
            found.faults["doubled"].append(f"{times} files of {hash[:8]}")
    found.figures["files"], found.figures["files whole"] = len(files), sum(row.whole for row in files)
    found.figures["rows"], found.figures["receipts"] = len(rows), len(proofs)
    return found


def _deserved(entry: dict[str, Any], always: str) -> bool:
    """Whether the server has reason to refuse it: a form it does not know, no subject, or a unit that its author left."""
    fields = entry["fields"]
    if entry["refused"] == "form.version":
        return bool(entry.get("form", FORM) != FORM)
    return fields is not None and (not fields["subject"] or fields["unit_id"] != always)


def _outcome(entry: dict[str, Any]) -> str:
    if entry["receipt"]:
        return "items acknowledged"
    if entry["refused"]:
        return "items refused with a reason"
    if entry["stored"] is False or (entry["stored"] is None and not entry["fate"]):
        return "items never promised"
    return f"items {entry['fate'] or 'lost'}"


def _proof_of(entry: dict[str, Any], phone: dict[str, Any], by_key: dict[str, Proof], known: set[str]) -> Proof | None:
    """The receipt of an item. Of one that was gone before the phone said its key, that of the same bytes."""
    key = entry["key"]
    if key is None:
        sent = [by_key[one] for one in phone["sent"] if one in by_key]
        key = next((one.key for one in sent if one.hash == entry["hash"] and one.key not in known), None)
    if key is None:
        return None
    known.add(key)
    return by_key.get(key)


def _entry(entry: dict[str, Any], tag: str, rows: list[Row], proof: Proof | None) -> Iterator[tuple[str, str]]:
    """The faults of one item."""
    for fault in entry["faults"]:
        yield "phone", fault
    is_opinion = entry["fields"] is not None
    promised = entry["stored"] and not entry["refused"] and not entry["fate"]
    if len(rows) > 1:
        yield "doubled", f"{len(rows)} rows"
    if entry["receipt"]:
        yield from _acknowledged(entry, tag, proof)
    elif promised:
        yield "lost", "kept by the phone, and it never came to a receipt"
    if is_opinion and entry["receipt"] and not rows:
        yield "lost", "acknowledged, but there is no row"
    if is_opinion and rows and entry.get("form", FORM) != FORM:
        yield "misread", f"written in form {entry['form']}, which the server does not know"
    if is_opinion and bool(rows) != (proof is not None):
        yield "torn", f"{len(rows)} rows and {'a' if proof else 'no'} receipt"
    if (rows or proof) and (entry["refused"] or entry["stored"] is False):
        yield "denied", f"the phone said it was not taken ({entry['refused'] or entry.get('said')}), but it is there"
    for row in rows:
        yield from _same(entry, tag, row)


def _acknowledged(entry: dict[str, Any], tag: str, proof: Proof | None) -> Iterator[tuple[str, str]]:
    shown = entry["receipt"]
    if proof is None:
        yield "unproven", "acknowledged, but there is no receipt under its key"
    elif (proof.hash, proof.member) != (entry["hash"], tag):
        yield "unproven", f"its receipt is of {proof.hash[:8]} by {proof.member}"
    elif proof.status is None:
        yield "unproven", "its receipt was never completed"
    if shown.get("hash") != entry["hash"] or shown.get("key") != entry["key"]:
        yield "unproven", "the phone shows the receipt of something else"


def _file(file: dict[str, Any], entry: dict[str, Any], tag: str, row: FileRow | None) -> Iterator[tuple[str, str]]:
    """The faults of one file that went with an item."""
    for fault in file["faults"]:
        yield "phone", fault
    if row and (row.hash, row.member) != (file["sha256"], tag):
        yield "changed", f"announced as {row.hash[:8]} by {row.member}"
    if row and row.whole and row.content != row.hash:
        yield "damaged", f"{str(row.content)[:8]} lies on the disk"
    excused = file["fate"] or entry["fate"]
    if receipt := file["receipt"]:
        if (receipt.get("key"), receipt.get("hash")) != (file["id"], file["sha256"]):
            yield "unproven", "the phone shows the receipt of something else"
        if row is None or not row.whole:
            yield "lost", "acknowledged, but it is not there as a whole"
    elif file["refused"] and not excused:
        yield "refused", f"{file['refused']}, without a cause"
    elif entry["receipt"] and not excused:
        yield "lost", "kept by the phone, and it never came to a receipt"


def _outcome_of_file(file: dict[str, Any]) -> str:
    if file["receipt"]:
        return "files acknowledged"
    return f"files {file['fate'] or 'whose text never came'}"


def _same(entry: dict[str, Any], tag: str, row: Row) -> Iterator[tuple[str, str]]:
    fields = entry["fields"] or {}
    written = (tag, fields.get("text"), fields.get("unit_id"), fields.get("kind"))
    if (row.member, row.text, row.unit_id, row.kind) != written:
        yield "changed", f"written {str(written)[:80]}, stored {str(row)[:120]}"
