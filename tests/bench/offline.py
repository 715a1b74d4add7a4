"""The phone by itself: how long until something can be read after the browser was closed and the server is gone, on a
processor four times slower, and what sealing costs. The phone is the journeys' (`tests/browser/harness.py`)."""

from __future__ import annotations

import gzip
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from handbook.core.db import Database
from handbook.identity.models import Purpose
from handbook.identity.rules import tickets
from handbook.policy.actor import Actor
from tests.bench.figures import Figure, at_most, plain
from tests.bench.subject import Subject
from tests.browser.harness import Phone, eventually

ROOT = Path(__file__).resolve().parents[2]
SLOWER = 4
MOST_SECONDS = 2.0
SEALED = 1000
# When the page that is shown could be read, and how much of that the worker took, in ms since 1970 and in ms.
_READABLE = """() => new Promise((resolve) => new PerformanceObserver((list) => {
  const paint = list.getEntriesByName("first-contentful-paint")[0];
  const { startTime, responseStart } = performance.getEntriesByType("navigation")[0];
  if (paint) resolve({ began: performance.timeOrigin, at: performance.timeOrigin + paint.startTime,
    worker: responseStart - startTime });
}).observe({ type: "paint", buffered: true }))"""
_TOUCH = """() => {
  document.querySelector('[data-action="unlock"]').click();
  return performance.timeOrigin + performance.now();
}"""
# The worker's own module, which imports nothing, around texts of the usual length.
_SEALING = """async ({ number, length }) => {
  %s
  const { sealing } = await keysOf(await rootOf(random(32)));
  const text = new Uint8Array(length).fill(7);
  const began = performance.now();
  const sealed = [];
  for (let at = 0; at < number; at += 1) sealed.push(await seal(sealing, text, `body ${at}`));
  const between = performance.now();
  for (let at = 0; at < number; at += 1) await open(sealing, sealed[at], `body ${at}`);
  return { sealing: between - began, opening: performance.now() - between };
}"""


@dataclass(frozen=True)
class Server:
    """What the journeys' phone wants to know of a server."""

    url: str


@dataclass(frozen=True)
class Opened:
    """One cold start in ms: to the page that unlocks, from the touch to the next page, and that until it is readable."""

    locked: float
    unlocking: float
    page: float

    @property
    def seconds(self) -> float:
        return (self.locked + self.unlocking + self.page) / 1000


def measure(subject: Subject, folder: Path, *, runs: int) -> list[Figure]:
    """All of it. The server is up only while the phone fetches its copy."""
    group, documents = "phone", len(subject.document_ids)
    with enrolled(subject, folder) as (phone, seconds):
        figures = [plain(group, f"first copy of {documents} documents", seconds, "s", "fetched, sealed and kept")]
        for name, path in (("home", "/"), ("document", f"/library/{subject.document_ids[-1]}")):
            figures += _told(group, name, [_cold_start(phone, path) for _ in range(runs)])
        return figures + _sealing(group, phone)


@contextmanager
def enrolled(subject: Subject, folder: Path) -> Iterator[tuple[Phone, float]]:
    """A phone with a whole copy whose server is gone, and the seconds that the copy took."""
    with Database(subject.settings).unit_of_work() as db:
        _, token = tickets.issue(db, Actor.system(), subject.member_ids[-1], Purpose.ENROL, hours=1)
    with sync_playwright() as playwright:
        phone = Phone(playwright, Server(subject.settings.origin), folder / "profile")
        try:
            with subject.serve():
                phone.page.goto(f"{subject.settings.origin}/identity/enrol/{token}")
                phone.page.click('[data-action="create-passkey"]')
                began = time.perf_counter()
                eventually(phone.sync_state, "ready", 600)
                seconds = time.perf_counter() - began
            yield phone, seconds
        finally:
            phone.context.close()


def _cold_start(phone: Phone, path: str) -> Opened:
    """Open the browser anew, ask for the page, touch, and read. No server answers.

    Chromium slows the page's thread down and not the worker's: the worker's part is counted so many times instead."""
    phone.restart()
    phone.cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    phone.go(path)
    locked = phone.evaluate(_READABLE)
    touched = phone.evaluate(_TOUCH)
    eventually(lambda: "pack" in phone.page.evaluate("Object.keys(document.documentElement.dataset)"), True)
    opened = phone.evaluate(_READABLE)
    return Opened(
        locked["at"] - locked["began"] + _more(locked),
        opened["began"] - touched,
        opened["at"] - opened["began"] + _more(opened),
    )


def _more(read: dict[str, float]) -> float:
    return (SLOWER - 1) * read["worker"]


def _told(group: str, name: str, runs: list[Opened]) -> list[Figure]:
    locked, unlocking, page = (median(getattr(one, part) for one in runs) for part in ("locked", "unlocking", "page"))
    detail = f"{locked:.0f} ms to the page that unlocks, {unlocking:.0f} ms to unlock, {page:.0f} ms to read; "
    detail += f"offline, processor {SLOWER} × slower, {len(runs)} runs"
    whole = median(one.seconds for one in runs)
    return [
        at_most(group, f"cold start to a readable {name}", whole, MOST_SECONDS, unit="s", detail=detail),
        plain(group, f"from the touch to unlocked, {name}", unlocking, "ms"),
    ]


def _sealing(group: str, phone: Phone) -> list[Figure]:
    length = phone.evaluate("document.documentElement.outerHTML.length")
    source = (ROOT / "service_worker/crypto.js").read_text(encoding="utf-8").replace("export ", "")
    phone.cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    took = phone.evaluate(_SEALING % source, {"number": SEALED, "length": length})
    detail = f"{length / 1000:.0f} KB each, one after the other, without the writing"
    return [plain(group, f"{act} {SEALED} documents", took[act], "ms", detail) for act in ("sealing", "opening")]


def worker_bytes(subject: Subject) -> list[Figure]:
    """What the worker weighs: on the line, and when it is unpacked."""
    asked = urllib.request.Request(f"{subject.settings.origin}/sw.js", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(asked) as answer:
        body = answer.read()
        whole = gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
    detail = f"{len(body) / 1000:.1f} KB on the line"
    return [plain("phone", "bytes of the worker", len(whole) / 1000, "KB", detail)]
