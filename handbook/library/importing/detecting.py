"""What a file is, told by its content. The name only decides between plain text and Markdown."""

from __future__ import annotations

import re
from enum import StrEnum

from handbook.core.errors import Invalid

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_BINARY_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x7fELF", b"MZ", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!",
                  b"BM", b"II*\x00", b"MM\x00*", b"{\\rtf", b"%!PS", b"SQLite format 3")  # fmt: skip
_HTML_START = re.compile(
    rb"^\s*(<\?xml[^>]*>\s*)?(<!--.{0,2000}?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S
)
_ANY_TAG = re.compile(rb"<(p|div|h[1-6]|ul|ol|table|article|section|span|br|a|b|strong)\b[^<>]*>", re.I)


class Format(StrEnum):
    HTML = "html"
    MARKDOWN = "md"
    PDF = "pdf"
    PLAIN = "txt"
    WORD = "docx"


def detect(name: str, data: bytes) -> Format:
    """Raises Invalid "import.empty", "import.type", "import.doc" (old Word) or "import.encrypted"."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Invalid("import.empty")
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Format.WORD
    if data.startswith(_OLE):
        raise Invalid("import.encrypted" if _ENCRYPTED_PACKAGE in data else "import.doc")
    if data.startswith(_BINARY_STARTS) and not _looks_like_words(data):
        raise Invalid("import.type")
    return _text_format(name.lower(), data)


def _looks_like_words(data: bytes) -> bool:
    """ "MZ", "BM" and "RIFF" may also begin a sentence; a program or a picture has zero bytes."""
    return data.startswith((b"MZ", b"BM", b"RIFF", b"Rar!", b"GIF8")) and b"\x00" not in data[:4000]


def _text_format(name: str, data: bytes) -> Format:
    narrow = data.replace(b"\x00", b"")[:20_000] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data[:20_000]
    if b"\x00" in narrow and not _plausible_wide(data):
        raise Invalid("import.type")
    if _HTML_START.match(narrow.lstrip(b"\xef\xbb\xbf\xff\xfe")):
        return Format.HTML
    if name.endswith((".html", ".htm")) and _ANY_TAG.search(narrow):
        return Format.HTML
    return Format.MARKDOWN if name.endswith((".md", ".markdown")) else Format.PLAIN


def _plausible_wide(data: bytes) -> bool:
    sample = data[:4000]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return max(even, odd) > 4 * min(even, odd) and max(even, odd) > len(sample) // 10
