"""One line for each document on the phone, so that the library can be searched without a network.

The folded text to search in is not sent a second time: the phone makes it from the documents it keeps.
"""

import json

from flask_babel import gettext as _

from handbook.library.pack import PackItem
from handbook.library.queries import DocumentLine
from handbook.web.pages import day

INDEX = "/offline/index.json"


def index_json(items: list[PackItem]) -> str:
    """The index, newest first as the library's list; the same text for the same documents and language."""
    newest = sorted(items, key=lambda item: (item.line.sorted_on, item.url), reverse=True)
    index = {"items": [_line(item.url, item.line) for item in newest], "words": _sentences()}
    return json.dumps(index, ensure_ascii=False, sort_keys=True)


def _line(url: str, line: DocumentLine) -> dict[str, object]:
    return {
        "url": url,
        "title": line.title,
        "symbol": line.symbol,
        "kind": line.kind_code,
        "kind_name": line.kind,
        "issuer": line.issuer,
        "year": line.sorted_on.year,
        "date": line.sorted_on.isoformat(),
        "date_words": day(line.sorted_on),
        "standing": line.status,
        "unread": not line.confirmed,
        "read_before": day(line.read_before),
    }


def _sentences() -> dict[str, str]:
    return {
        "count": _("{n} văn kiện trên máy"),
        "none": _("Không tìm thấy văn kiện nào trong phần đã tải về máy."),
        "number": _("Số"),
        "saved": _("Đã tải về"),
        "unread": _("Chưa đọc"),
        "confirmed": _("Đã đọc và nắm nội dung"),
        "read_before": _("Đọc trước {day}"),
        "replaced": _("Đã được thay thế"),
        "expired": _("Hết hiệu lực"),
    }
