"""Reading and proving the trail."""

import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from handbook.audit.chain import COVERED, GENESIS, mac_of
from handbook.audit.models import AuditEvent


@dataclass(frozen=True)
class Anchor:
    """The end of the chain at some moment, to be kept outside the database."""

    seq: int
    mac: str

    def as_line(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> "Anchor":
        """The anchor in a line of JSON. Raises ValueError when it is not one."""
        try:
            value = json.loads(line)
            return cls(seq=int(value["seq"]), mac=str(value["mac"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("not an anchor") from error


@dataclass(frozen=True)
class Finding:
    """The outcome of a check: the number of good rows, and the first bad one with what is wrong with it."""

    rows: int
    bad_seq: int | None = None
    fault: str = ""


def anchor(db: Session) -> Anchor:
    """Where the chain ends now."""
    last = db.exec(select(AuditEvent).order_by(col(AuditEvent.seq).desc()).limit(1)).first()
    return Anchor(last.seq, last.mac.hex()) if last else Anchor(0, GENESIS.hex())


def verify(db: Session, against: Anchor | None = None) -> Finding:
    """Check every row in order. Changed, inserted, removed and reordered rows break the chain; rows cut off its end
    are only noticed against an anchor made before."""
    with closing(db.exec(select(AuditEvent).order_by(col(AuditEvent.seq)).execution_options(yield_per=1000))) as rows:
        return _walk(rows, db.info["audit_key"], against)


def about(db: Session, subject_id: UUID, *, limit: int = 50) -> list[AuditEvent]:
    """The newest rows about one subject."""
    wanted = select(AuditEvent).where(AuditEvent.subject_id == subject_id)
    return list(db.exec(wanted.order_by(col(AuditEvent.seq).desc()).limit(limit)))


def _walk(rows: Iterable[AuditEvent], key: bytes, against: Anchor | None) -> Finding:
    prev, expected, anchored = GENESIS, 1, against is None or against.seq == 0
    for event in rows:
        if event.seq > expected:
            return Finding(expected - 1, expected, "missing")
        fields = {name: getattr(event, name) for name in COVERED}
        if event.prev != prev or event.mac != mac_of(key, prev, fields):
            return Finding(expected - 1, event.seq, "changed")
        if against and event.seq == against.seq:
            if event.mac.hex() != against.mac:
                return Finding(expected - 1, event.seq, "differs from the anchor")
            anchored = True
        prev, expected = event.mac, expected + 1
    return Finding(expected - 1) if anchored else Finding(expected - 1, expected, "cut off before the anchor")
