"""The floor of the front end: a hand-written page (10 KB of HTML, 8 KB of CSS, 6 KB of script, a service worker).

Lighthouse judges it in the same run as the handbook's pages; only the difference says something about those.

Usage: python -m tests.bench.floor PORT
"""

from __future__ import annotations

import gzip
import random
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.bench.texts import sentence

_WORKER = """
self.addEventListener("install", (e) => e.waitUntil(caches.open("floor")
  .then((cache) => cache.addAll(["/", "/page.css", "/page.js"])).then(() => self.skipWaiting())));
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (e) => e.respondWith(caches.match(e.request).then((kept) => kept ?? fetch(e.request))));
"""


def _html() -> str:
    source, articles = random.Random(7), ""
    while len(articles.encode()) < 9_500:
        articles += f"<article><h2>{sentence(source, 6)}</h2><p>{sentence(source, 45)}</p></article>"
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Sổ tay</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="description" content="Sổ tay">'
        '<link rel="stylesheet" href="/page.css"><script src="/page.js" defer></script><link rel="icon" href="data:,">'
        f"</head><body><header>Sổ tay</header><main><h1>Nghị quyết</h1>{articles}"
        "<button>Đã đọc</button></main></body></html>"
    )


def _css() -> str:
    sheet = "body{font:1rem/1.6 system-ui,sans-serif;margin:0;color:#222}main{max-width:60ch;padding:1rem}"
    number = 0
    while len(sheet) < 8_000:
        sheet += f".part-{number}{{margin:{number % 7}px;padding:{number % 9}px;border-radius:{number % 5}px}}"
        number += 1
    return sheet


def _script() -> str:
    code, number = 'addEventListener("load", () => navigator.serviceWorker.register("/sw.js"));\n', 0
    while len(code) < 6_000:
        code += f"function step{number}(a, b) {{ return a * {number} + (b || {number % 13}); }}\n"
        number += 1
    return code


FILES = {
    "/": ("text/html; charset=utf-8", "no-cache", _html),
    "/page.css": ("text/css", "max-age=31536000, immutable", _css),
    "/page.js": ("text/javascript", "max-age=31536000, immutable", _script),
    "/sw.js": ("text/javascript", "no-cache", lambda: _WORKER),
    "/up": ("text/plain", "no-store", lambda: "up\n"),
}


class Floor(BaseHTTPRequestHandler):
    """Serves the four files, compressed beforehand."""

    protocol_version = "HTTP/1.1"
    packed = {path: gzip.compress(make().encode(), 9) for path, (_, _, make) in FILES.items()}

    def do_GET(self) -> None:
        """One of the files, or 404."""
        kind, keep, _ = FILES.get(self.path, ("text/plain", "no-store", None))
        body = self.packed.get(self.path)
        self.send_response(200 if body else 404)
        headers = {"Content-Type": kind, "Cache-Control": keep, "Content-Length": str(len(body or b""))}
        for name, value in {**headers, **({"Content-Encoding": "gzip"} if body else {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("localhost", int(sys.argv[1])), Floor).serve_forever()
