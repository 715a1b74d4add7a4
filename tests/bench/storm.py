"""A storm of replies lost: every phone sends each opinion five times at once, under one key, and it is stored once."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import Session, col, func, select

from handbook.core.db import Database
from handbook.core.ids import new_id
from handbook.core.receipts import Receipt
from handbook.organisation.models import Member
from handbook.reports.models import Opinion
from tests.bench.figures import Figure, at_most, plain
from tests.bench.load import load, request
from tests.bench.processes import Server
from tests.bench.subject import Subject

TRIES = 5
CROWD = 13 * TRIES


def measure(subject: Subject, server: Server, *, acts: int) -> list[Figure]:
    """Past the share of threads that phones have: what is tried is the transaction and not the line before it."""
    group = f"replay storm, {subject.store.name}"
    before, used = _stored(subject), server.cpu_seconds()
    outcome = load(tries(subject, acts), port=subject.port, seconds=3600, connections=CROWD)
    used = server.cpu_seconds() - used
    opinions, receipts = (now - then for now, then in zip(_stored(subject), before, strict=True))
    detail = f"each {TRIES} × at once over {CROWD} connections; p95 {outcome.p95_ms():.0f} ms"
    return [
        Figure(
            group,
            f"opinions and receipts of {acts:,} acts",
            f"{opinions:,} and {receipts:,}",
            f"{acts:,} and {acts:,}",
            opinions == receipts == acts,
            detail,
        ),
        at_most(group, "errors", outcome.errors(200), 0, unit="errors", detail=outcome.named_errors(200)),
        plain(group, "tries", outcome.requests / outcome.seconds, "/s"),
        plain(group, "CPU of a try", used * 1000 / max(1, outcome.requests), "ms"),
    ]


def tries(subject: Subject, acts: int) -> Iterator[bytes]:
    """Each act's five requests next to each other: so many connections take them at the same time."""
    with Database(subject.settings) as database, database.unit_of_work(read_only=True) as db:
        cells = _cells(db, subject.member_ids)
    for at in range(acts):
        member = at % len(subject.tokens)
        form = {"kind": "opinion", "unit_id": cells[member], "subject": f"Việc {at}", "text": "Đèn ngõ 14 hỏng."}
        headers = {
            **subject.cookie(member),
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Sec-Fetch-Site": "same-origin",
            "Idempotency-Key": str(new_id()),
            "X-Handbook-Member": subject.tags[member],
        }
        sent = request(
            "/reports/opinions", port=subject.port, method="POST", body=urlencode(form).encode(), headers=headers
        )
        for _ in range(TRIES):
            yield sent


def _cells(db: Session, member_ids: list[UUID]) -> list[UUID]:
    found = dict(db.exec(select(Member.id, Member.cell_id).where(col(Member.id).in_(member_ids))).all())
    return [found[member_id] for member_id in member_ids]


def _stored(subject: Subject) -> tuple[int, int]:
    with Database(subject.settings) as database, database.unit_of_work(read_only=True) as db:
        opinions, receipts = (db.exec(select(func.count()).select_from(table)).one() for table in (Opinion, Receipt))
        return int(opinions), int(receipts)
