"""Bytes to text in one composed form, or a clear refusal: a wrongly decoded resolution is worse than none."""

from __future__ import annotations

import codecs
import re
import unicodedata

from handbook.core.errors import Invalid

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Zero-width marks and soft hyphens are noise of web pages: invisible, and they would split words for search.
_INVISIBLE = "\u00ad\u200b\u2060\ufeff"
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff"
_UNSEEN = re.compile(f"[{_INVISIBLE}{_CONTROL}]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Frequent words that only come out right when the encoding is right.
_TELLTALE = re.compile(r"\b(và|của|các|được|những|trong|không|đảng|với|người|này|ủy|để|từ|là|có|đã|cho)\b", re.I)
_LEAST_TELLTALES = 0.04  # share of all words; Vietnamese prose has about 0.15


def decode(data: bytes) -> str:
    """Text in NFC with plain line ends. Raises Invalid "import.encoding" when no known encoding fits."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return tidy(_strict(data[len(bom) :], encoding))
    if wide := _wide_encoding(data):
        return tidy(_strict(data, wide))
    try:
        return tidy(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _decode_windows(data)


def tidy(text: str) -> str:
    """NFC, line feeds only, without control and zero-width characters."""
    text = _LINE_ENDS.sub("\n", text)
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid("import.encoding") from error


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark shows as every other byte being zero, for the spaces and digits at least."""
    sample = data[:4000]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 4 * even and odd > len(sample) // 10:
        return "utf-16-le"
    if even > 4 * odd and even > len(sample) // 10:
        return "utf-16-be"
    return None


def _decode_windows(data: bytes) -> str:
    """Windows-1258, kept only when the result reads as Vietnamese: TCVN3 and VNI files decode without an error too."""
    try:
        text = tidy(data.decode("cp1258"))
    except UnicodeDecodeError as error:
        raise Invalid("import.encoding") from error
    words = len(text.split())
    if not words or len(_TELLTALE.findall(text)) < _LEAST_TELLTALES * words:
        raise Invalid("import.encoding")
    return text
