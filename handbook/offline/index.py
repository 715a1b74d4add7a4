"""One line for each document on the phone, so that the library can be searched without a network.

The folded text to search in is not sent a second time: the phone makes it from the documents it keeps.
"""

import json

from flask_babel import gettext as _

from handbook.library.pack import PackItem
from handbook.web.pages import day

INDEX = "/offline/index.json"


def index_json(items: list[PackItem]) -> str:
    """The index, newest first as the library's list; the same text for the same documents and language."""
    newest = sorted(items, key=lambda item: (item.issued_on, item.url), reverse=True)
    index = {"items": [_line(item) for item in newest], "words": _sentences()}
    return json.dumps(index, ensure_ascii=False, sort_keys=True)


def _line(item: PackItem) -> dict[str, object]:
    return {
        "url": item.url,
        "title": item.title,
        "symbol": item.symbol,
        "kind": item.kind,
        "kind_name": item.kind_name,
        "issuer": item.issuer,
        "year": item.issued_on.year,
        "date": item.issued_on.isoformat(),
        "date_words": day(item.issued_on),
        "standing": item.standing,
        "unread": item.unread,
        "read_before": day(item.read_before),
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
