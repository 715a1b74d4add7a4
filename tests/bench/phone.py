"""What a phone makes of the pages: bytes, requests, the second visit, and Lighthouse beside the floor page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from handbook.identity.loader import COOKIE
from tests.bench import lighthouse, processes, visits
from tests.bench.figures import Figure, at_least, at_most, plain
from tests.bench.lighthouse import Judged
from tests.bench.processes import Server
from tests.bench.subject import Subject

MOST_BYTES, MOST_SCRIPT, MOST_REQUESTS = 60_000, 15_000, 10


def pages(subject: Subject) -> dict[str, tuple[str, str]]:
    """Name to address and session token of the pages that are judged."""
    base, token = f"http://localhost:{subject.port}", subject.tokens[0]
    return {
        "sign-in": (f"{base}/identity/sign-in", ""),
        "home": (f"{base}/", token),
        "reader": (f"{base}/library/{subject.document_ids[0]}", token),
    }


def first_visits(subject: Subject) -> dict[str, visits.FirstVisit]:
    """Each page in a fresh profile."""
    with visits.chromium() as browser:
        return {name: visits.first_visit(browser, *page) for name, page in pages(subject).items()}


def measure_bytes(subject: Subject, server: Server) -> list[Figure]:
    """Weights of first visits, and what a second one waits for."""
    figures = []
    for name, first in first_visits(subject).items():
        group = f"first visit, {name}"
        figures += [
            at_most(group, "bytes", first.bytes / 1000, MOST_BYTES / 1000, unit="KB"),
            at_most(group, "scripts without the worker", first.script_bytes / 1000, MOST_SCRIPT / 1000, unit="KB"),
            at_most(group, "requests", len(first.requests), MOST_REQUESTS, unit=""),
        ]
    with visits.chromium() as browser:
        for name in ("home", "reader"):
            again = visits.second_visit(browser, server, *pages(subject)[name])
            group = f"second visit, {name}"
            figures += [
                at_most(group, "requests before paint", len(again.requests), 0, unit=""),
                plain(group, "paint with the server stopped", again.stopped_paint_ms, "ms"),
            ]
    return figures


def measure_lighthouse(subject: Subject, folder: Path, *, runs: int) -> list[Figure]:
    """Scores and largest paint against the floor page's."""
    port = processes.free_port()
    floor = [sys.executable, "-m", "tests.bench.floor", str(port)]
    wanted: list[dict[str, Any]] = [{"name": "floor", "url": f"http://localhost:{port}/"}]
    for name, (url, token) in pages(subject).items():
        wanted.append({"name": name, "url": url, **({"cookie": {"name": COOKIE, "value": token}} if token else {})})
    with processes.served(floor, port, log=folder / "floor.log"):
        found = lighthouse.judge(wanted, runs=runs, folder=folder.parent / "lighthouse")
    base = found.pop("floor")
    return [figure for name, page in found.items() for figure in _judged(name, page, base)]


def _judged(name: str, page: Judged, floor: Judged) -> list[Figure]:
    group = f"Lighthouse, {name}"
    lcp = f"{page.lcp:.0f} against {floor.lcp:.0f} ms; blocked {page.blocking:.0f} against {floor.blocking:.0f} ms"
    failing = ", ".join(page.failing)
    return [
        at_least(
            group,
            "performance",
            page.performance,
            floor.performance - 2,
            detail=f"floor {floor.performance:.0f}",
        ),
        at_most(group, "largest paint to the floor's", page.lcp / floor.lcp, 1.35, detail=lcp),
        at_least(group, "accessibility", page.accessibility, 100, detail=failing),
        at_least(group, "best practices", page.practices, 100),
    ]
