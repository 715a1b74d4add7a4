"""What a phone's browser fetches for a page: on a first visit without the worker, and on a second one with it."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from handbook.identity.loader import COOKIE
from tests.bench.processes import Server, tree

_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
_PAINT = """() => new Promise((resolve) => new PerformanceObserver((list) => {
  const entry = list.getEntriesByName("first-contentful-paint")[0];
  if (entry) resolve({ at: performance.timeOrigin + entry.startTime, after: entry.startTime });
}).observe({ type: "paint", buffered: true }))"""


# There is no passkey in this browser: the page makes the key that one would have unwrapped, and hands it to the worker.
_UNLOCK = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  const ask = (message) => new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    active.postMessage(message, [port2]);
  });
  const { member } = await ask({ type: "status" });
  if (!member) return false;
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const root = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
  await ask({ type: "keyring-set", name: "bench", row: { member, vault: "bench", wrapped: bytes } });
  await ask({ type: "key", member, vault: "bench", root, signedIn: true });
  return true;
}"""


@dataclass
class FirstVisit:
    """Requests and bytes over the wire, headers included, of one page with all that it loads by itself."""

    requests: list[str] = field(default_factory=list)
    bytes: int = 0
    script_bytes: int = 0


@dataclass(frozen=True)
class SecondVisit:
    """Requests that had left for the network before anything was painted, and ms to paint with the server stopped."""

    requests: list[str]
    stopped_paint_ms: float


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium: the one named in HANDBOOK_TEST_BROWSER or on the path."""
    path = os.environ.get("HANDBOOK_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


def first_visit(browser: Browser, url: str, token: str = "") -> FirstVisit:
    """Load ``url`` in a fresh profile; the worker is kept from starting, so that only the page counts."""
    context = _context(browser, url, token, service_workers="block")
    page = context.new_page()
    found, kinds = FirstVisit(), dict[str, str]()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")

    def sent(event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            kinds[event["requestId"]] = event.get("type", "")
            found.requests.append(event["request"]["url"])

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"])
        if kind is not None:
            found.bytes += int(event["encodedDataLength"])
            found.script_bytes += int(event["encodedDataLength"]) if kind == "Script" else 0

    devtools.on("Network.requestWillBeSent", sent)
    devtools.on("Network.loadingFinished", finished)
    page.goto(url, wait_until="networkidle")
    context.close()
    return found


def second_visit(browser: Browser, server: Server, url: str, token: str) -> SecondVisit:
    """Open ``url`` until the phone's copy is complete, then again, then once more while the server stands still."""
    context = _context(browser, url, token, service_workers="allow")
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("body[data-sync=unsupported]", timeout=60_000)  # nothing can be kept yet
    page.reload()  # from now on through the worker, which learns whose phone this is
    assert page.evaluate(_UNLOCK)
    page.reload()
    page.wait_for_selector("body[data-sync=ready]", timeout=120_000)
    page.close()
    sent: list[Request] = []
    context.on("request", lambda request: sent.append(request))
    again, paint = _painted(context, url)
    again.wait_for_timeout(1000)
    early = [request.url for request in sent if _went_out(request) and request.timing["startTime"] < paint["at"]]
    again.close()
    for pid in tree(server.pid):
        os.kill(pid, signal.SIGSTOP)
    try:
        _, stopped = _painted(context, url)
    finally:
        for pid in tree(server.pid):
            os.kill(pid, signal.SIGCONT)
    context.close()
    return SecondVisit(early, stopped["after"])


def _painted(context: BrowserContext, url: str) -> tuple[Page, dict[str, float]]:
    page = context.new_page()
    page.goto(url, wait_until="commit")
    paint: dict[str, float] = page.evaluate(_PAINT)
    return page, paint


def _went_out(request: Request) -> bool:
    """Whether the network was asked: by the worker, or by the page past the worker."""
    if request.service_worker is not None:
        return True
    answer = request.response()
    return request.url.startswith("http") and answer is not None and not answer.from_service_worker


def _context(browser: Browser, url: str, token: str, *, service_workers: Any) -> BrowserContext:
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        locale="vi-VN",
        service_workers=service_workers,
    )
    if token:
        # A secure cookie can be put only into a secure place; browsers send it to http://localhost all the same.
        place = "https://localhost/"
        context.add_cookies([{"name": COOKIE, "value": token, "url": place, "secure": True, "httpOnly": True}])
    return context
