"""What a member's phone carries, in the order in which it is fetched, cut where the budget ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, make_response
from flask_babel import get_locale
from sqlmodel import Session

from handbook.library import pack as library
from handbook.offline.index import INDEX, index_json
from handbook.offline.revisions import digest, of_content
from handbook.offline.shells import NAMES, shell
from handbook.policy.actor import Actor
from handbook.receipts import pack as receipts
from handbook.reports import pack as reports
from handbook.reports.forms import FileLimits
from handbook.web import current

FORMAT = 1
# Own pages whose content follows from many rows: their revision is what they show.
PAGES = ("/", "/library/", "/identity/devices", "/offline/outbox")


@dataclass(frozen=True)
class Entry:
    """One address to keep. ``bytes`` is its size on the phone; ``kind`` is shell, index or content."""

    url: str
    revision: str
    bytes: int
    kind: str


def entries(db: Session, actor: Actor, budget: int) -> list[dict[str, Any]]:
    """Everything this member's phone should hold, most needed first, never more than ``budget`` bytes."""
    items = library.pack(db, actor)
    wanted = [*_shells(), *_pages(), _index(items), *_written(db, actor), *_documents(items)]
    return [vars(entry) for entry in _within(budget, wanted)]


def _shells() -> Iterable[Entry]:
    for name in NAMES:
        made = shell(name)
        yield Entry(f"/offline/shells/{name}", made.revision, len(made.html.encode()), "shell")


def _pages() -> Iterable[Entry]:
    for path in PAGES:
        content = fragment(path)
        yield Entry(path, digest(content), len(content), "content")


def _index(items: list[library.PackItem]) -> Entry:
    body = index_json(items).encode()
    return Entry(INDEX, digest(body), len(body), "index")


def _written(db: Session, actor: Actor) -> Iterable[Entry]:
    """What the member wrote, and what was received of it."""
    language = str(get_locale())
    limits = FileLimits.of(current.settings())
    for feature, items in (("reports", reports.pack(db, actor, limits)), ("receipts", receipts.pack(db, actor))):
        for item in items:
            yield Entry(item.url, of_content(feature, item.revision, language), item.bytes, "content")


def _documents(items: list[library.PackItem]) -> Iterable[Entry]:
    language = str(get_locale())
    for item in items:
        yield Entry(item.url, of_content("library", item.revision, language), item.line.text_bytes, "content")


def _within(budget: int, wanted: Iterable[Entry]) -> Iterable[Entry]:
    room = budget
    for entry in wanted:
        if entry.bytes <= room:
            room -= entry.bytes
            yield entry


def fragment(path: str) -> bytes:
    """What the page at ``path`` shows the present member, as the phone would keep it.

    Only within a request that carries the phone's header: the view then renders its content alone."""
    endpoint, arguments = current_app.url_map.bind("").match(path)
    return make_response(current_app.view_functions[endpoint](**arguments)).get_data()
