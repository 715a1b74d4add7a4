"""Pages and confirmations through the handbook and through the bare reference, side by side on one kind of database."""

from __future__ import annotations

import sys
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from uuid import UUID

from sqlmodel import col, func, select

from handbook.core.db import Database
from handbook.library.models import ReadConfirmation, ReadCount
from tests.bench import bare, processes
from tests.bench.databases import Store
from tests.bench.figures import Figure, at_most, plain
from tests.bench.load import load, request
from tests.bench.processes import Server
from tests.bench.rounds import Measured, Target, side_by_side
from tests.bench.subject import Subject

CROWD = 64  # connections that confirm at once
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
_GZIP = {"Accept-Encoding": "gzip"}
_CSS = "/static/dist/handbook.css"


def measure(subject: Subject, folder: Path, *, rounds: int, seconds: float, cheap: bool) -> list[Figure]:
    """All figures of the two servers; without ``cheap`` only those that depend on the database."""
    store = subject.store
    tokens, documents = bare.fill(store.bare, members=len(subject.tokens), documents=len(subject.document_ids))
    with subject.serve() as handbook:
        page = fetch(subject, f"/library/{subject.document_ids[0]}")
        with _bare(store, folder, page_bytes=len(page.body)) as reference:
            targets = _pairs(subject, handbook, reference, tokens, documents)
            if cheap:
                targets += _cheap(subject, handbook, reference, page.tag)
            found = side_by_side(targets, rounds=rounds, seconds=seconds)
            weights = handbook.memory_mb(), reference.memory_mb()
        repeated = _repeat(subject, handbook)
    figures = [*_reading(store, found), *_confirming(store, found, repeated, len(subject.tokens))]
    return [*figures, *_cheaper(found), _memory(*weights)] if cheap else figures


@dataclass(frozen=True)
class Page:
    """One answer of the handbook: its body, and the tag to ask with whether it changed."""

    body: bytes
    tag: str


def fetch(subject: Subject, path: str) -> Page:
    """The answer that a signed-in member gets."""
    url = f"http://localhost:{subject.port}{path}"
    with urllib.request.urlopen(urllib.request.Request(url, headers=subject.cookie())) as answer:
        return Page(answer.read(), answer.headers.get("ETag", ""))


def _bare(store: Store, folder: Path, *, page_bytes: int) -> AbstractContextManager[Server]:
    port = processes.free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "8",
    ]
    command += ["--preload", "--keep-alive", "15", "--no-control-socket", "--bind", f"localhost:{port}"]
    env = {"BARE_DATABASE": store.bare, "BARE_PAGE_BYTES": str(page_bytes)}
    return processes.served(
        [*command, "tests.bench.bare:create()"], port, log=folder / "bare.log", env=env, also=store.processes
    )


def _pairs(
    subject: Subject, handbook: Server, reference: Server, tokens: list[str], documents: list[UUID]
) -> list[Target]:
    """What both sides do: a page plain and compressed, and a confirmation from a crowd.

    The page's own document is not confirmed, since the page says so and would change under way."""
    ours = [subject.cookie(at) for at in range(len(subject.tokens))]
    theirs = [{"Cookie": f"{bare.COOKIE}={token}"} for token in tokens]
    targets = []
    for side, server, cookies, ids in (
        ("handbook", handbook, ours, subject.document_ids),
        ("bare", reference, theirs, documents),
    ):
        path, port = f"/library/{ids[0]}", server.port
        page = [request(path, port=port, headers=cookie) for cookie in cookies]
        packed = [request(path, port=port, headers=cookie | _GZIP) for cookie in cookies]
        targets += [
            Target(f"{side} reader", server, cycle(page)),
            Target(f"{side} reader gzip", server, cycle(packed)),
            Target(f"{side} confirm", server, confirmations(port, cookies, ids[1:]), 303, CROWD),
        ]
    return targets


def _cheap(subject: Subject, handbook: Server, reference: Server, tag: str) -> list[Target]:
    """What should cost next to nothing."""
    reader = f"/library/{subject.document_ids[0]}"
    style = fetch(subject, _CSS).tag

    def target(name: str, path: str, headers: dict[str, str], status: int = 200, server: Server = handbook) -> Target:
        return Target(name, server, cycle([request(path, port=server.port, headers=headers)]), status)

    return [
        target("handbook 304", reader, {**subject.cookie(), "If-None-Match": tag}, 304),
        target("handbook static", _CSS, _GZIP),
        target("handbook static 304", _CSS, {"If-None-Match": style}, 304),
        target("handbook up", "/up", {}),
        target("bare up", "/up", {}, server=reference),
    ]


def confirmations(port: int, cookies: list[dict[str, str]], documents: list[UUID]) -> Iterator[bytes]:
    """Every member for every document, over and over: new ones first, repeated ones once all are stored."""
    for document in cycle(documents):
        for cookie in cookies:
            yield request(
                f"/library/{document}/reading",
                port=port,
                method="POST",
                body=b"revision=1",
                headers=cookie | _FORM,
            )


def _repeat(subject: Subject, handbook: Server) -> tuple[int, int, int]:
    """Four times the same word of every member on one document, from a crowd: failures, rows and count kept."""
    document, members = subject.document_ids[-1], len(subject.tokens)
    cookies = [subject.cookie(at) for at in range(members)]
    four_times = islice(confirmations(handbook.port, cookies, [document]), 4 * members)
    outcome = load(four_times, port=handbook.port, seconds=60, connections=CROWD)
    with Database(subject.settings).unit_of_work(read_only=True) as db:
        mine = select(func.count()).select_from(ReadConfirmation).where(ReadConfirmation.document_id == document)
        counted = select(func.sum(col(ReadCount.confirmed))).where(ReadCount.document_id == document)
        return outcome.errors(303), int(db.exec(mine).one()), int(db.exec(counted).one() or 0)


def _reading(store: Store, found: dict[str, Measured]) -> list[Figure]:
    group = f"reader, {store.name}"
    ours, theirs = found["handbook reader"], found["bare reader"]
    size = f"{ours.body_bytes / 1000:.1f} against {theirs.body_bytes / 1000:.1f} KB of HTML; later goal 0.6 ×"
    packed, packed_bare = found["handbook reader gzip"], found["bare reader gzip"]
    return [
        at_most(group, "CPU of a page to bare's", ours.cpu_ratio(theirs), 1.25, detail=f"{_cpu(ours, theirs)}; {size}"),
        at_most(group, "compressed, both", packed.cpu_ratio(packed_bare), 1.25, detail=_cpu(packed, packed_bare)),
    ]


def _confirming(store: Store, found: dict[str, Measured], repeated: tuple[int, int, int], members: int) -> list[Figure]:
    group = f"confirmation, {store.name}"
    ours, theirs = found["handbook confirm"], found["bare confirm"]
    failed, rows, counted = repeated
    return [
        at_most(group, "CPU to bare's", ours.cpu_ratio(theirs), 1.4, detail=_cpu(ours, theirs)),
        at_most(group, f"errors at {CROWD} connections", ours.errors + failed, 0, unit="errors"),
        Figure(
            group,
            "rows and count after 4 × the same of every member",
            f"{rows} and {counted}",
            f"{members} and {members}",
            rows == counted == members,
        ),
    ]


def _cheaper(found: dict[str, Measured]) -> list[Figure]:
    group, page, bare_page = "cheap answers", found["handbook reader"], found["bare reader"]
    up, bare_up = found["handbook up"], found["bare up"]
    unchanged, style, style_304 = (found[f"handbook {name}"] for name in ("304", "static", "static 304"))
    return [
        at_most(
            group,
            "unchanged page (304) to bare's page",
            unchanged.cpu_ratio(bare_page),
            0.35,
            detail=_cpu(unchanged, bare_page),
        ),
        plain(group, "unchanged page (304) to the own page", unchanged.cpu_ratio(page), "×", _cpu(unchanged, page)),
        at_most(
            group,
            "unchanged style sheet (304) to bare's page",
            style_304.cpu_ratio(bare_page),
            0.35,
            detail=_cpu(style_304, bare_page),
        ),
        plain(group, "style sheet to bare's page", style.cpu_ratio(bare_page), "×", _cpu(style, bare_page)),
        at_most(group, "/up to bare's", up.cpu_ratio(bare_up), 2, detail=_cpu(up, bare_up)),
        at_most(
            group,
            "errors",
            sum(one.errors for one in (up, unchanged, style, style_304, page)),
            0,
            unit="errors",
        ),
    ]


def _memory(ours: float, theirs: float) -> Figure:
    return at_most(
        "memory",
        "two workers after load to bare's",
        ours / theirs,
        1.3,
        detail=f"PSS {ours:.0f} against {theirs:.0f} MiB",
    )


def _cpu(ours: Measured, theirs: Measured) -> str:
    return f"CPU {ours.median_cpu_ms:.2f} against {theirs.median_cpu_ms:.2f} ms"
