"""How Vietnamese documents number their parts: Phần, Chương, Mục, Điều, khoản, điểm, and the looser ways."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Order of the parts inside each other. A marked heading (h1–h6) takes ranks 1–6 of its own scale below.
RANKS = {
    "phu-luc": 1.0, "phan": 1.0, "chuong": 2.0, "muc": 3.0, "chu": 3.2, "la-ma": 3.5, "dieu": 4.0,
    "so": 5.0, "so-con": 5.5, "diem": 7.0, "ket": 1.0,
}  # fmt: skip
PLAIN_RANK = 4.2
ALWAYS_HEADING = frozenset({"phu-luc", "phan", "chuong", "muc", "dieu"})

_ORDINALS = {
    "nhất": 1, "một": 1, "hai": 2, "nhì": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8,
    "chín": 9, "mười": 10,
}  # fmt: skip
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_END = r"(?:\s*[.:–—-]\s*|\s+|$)"
_NAMED = (
    (
        "phan",
        re.compile(rf"(phần)\s+(thứ\s+(?P<word>\w+)|(?P<number>[IVXLC]+|\d{{1,3}}|[A-ZĐ]))(?!\w){_END}", re.I),
    ),
    ("chuong", re.compile(rf"(chương)\s+(?P<number>[IVXLC]+|\d{{1,3}})(?!\w){_END}", re.I)),
    ("muc", re.compile(rf"(mục)\s+(?P<number>[IVXLC]+|\d{{1,3}}|[A-ZĐ])(?!\w){_END}", re.I)),
    ("dieu", re.compile(rf"(điều)\s+(?P<number>\d{{1,4}}[a-zđ]?)(?!\w)(?!\.\d){_END}", re.I)),
    (
        "phu-luc",
        re.compile(rf"(phụ\s+lục)(\s+(số\s+)?(?P<number>[IVXLC]+|\d{{1,3}}|[A-ZĐ]))?(?!\w){_END}", re.I),
    ),
)
_ROMAN_LINE = re.compile(r"(?P<number>[IVXLC]{1,8})(?:\s*[.)/]|\s*[-–—]|\.-)\s*(?=\S)")
_LETTER_LINE = re.compile(r"(?P<number>[A-HĐK])(?:\s*[.)/]|\s*[-–—])\s+(?=\S)")
_DECIMAL_LINE = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})(?:\s*[.)–-])?\s+(?=\S)")
_ARABIC_LINE = re.compile(r"(?P<number>\d{1,3})(?:\s*[.)/]|\s*[-–—])\s*(?=[^\W\d_]|[\"“'‘(\[])")
_POINT_LINE = re.compile(r"(?P<number>[a-zđ])(?:[.)]|\s*\))\s+(?=\S)")
_CLOSING = re.compile(r"(nơi\s+nhận)\s*:?", re.I)


@dataclass(frozen=True)
class Mark:
    """The numbering that a line opens with. `label` is as written, `title` is the rest of the line."""

    kind: str
    number: str  # "3", "1.2", "a"; for an anchor
    label: str
    title: str

    @property
    def rank(self) -> float:
        return RANKS[self.kind] + (0.1 * self.number.count(".") if self.kind == "so-con" else 0)


def opens_section(text: str) -> bool:
    """Whether the line begins with a numbering of any kind."""
    return mark_of(text) is not None


def mark_of(text: str, *, previous_letter: str | None = None) -> Mark | None:
    """The numbering of a line, or None. `previous_letter` settles whether "C." is a letter or a hundred."""
    for kind, pattern in _NAMED:
        match = pattern.match(text)
        if match and _reads_as_named(text, match):
            return _mark(kind, _named_number(match), text, match)
    if _CLOSING.match(text) and len(text) < 400:
        return Mark("ket", "", "", text)
    return _loose(text, previous_letter)


def _loose(text: str, previous_letter: str | None) -> Mark | None:
    letter = _LETTER_LINE.match(text)
    if letter and previous_letter and _follows(previous_letter, letter["number"]):
        return _mark("chu", letter["number"].lower(), text, letter)
    roman = _ROMAN_LINE.match(text)
    if roman and (value := roman_value(roman["number"])) and _starts_like_title(text[roman.end() :]):
        return _mark("la-ma", str(value), text, roman)
    if letter and _starts_like_title(text[letter.end() :]):
        return _mark("chu", letter["number"].lower(), text, letter)
    for kind, pattern in (("so-con", _DECIMAL_LINE), ("so", _ARABIC_LINE), ("diem", _POINT_LINE)):
        match = pattern.match(text)
        if match and (kind == "diem" or _starts_like_title(text[match.end() :])):
            return _mark(kind, match["number"].lstrip("0") or "0", text, match)
    return None


def _mark(kind: str, number: str, text: str, match: re.Match[str]) -> Mark:
    return Mark(kind, number, match.group().strip(), text[match.end() :].strip())


def _reads_as_named(text: str, match: re.Match[str]) -> bool:
    """ "Điều 5 của Điều lệ quy định …" opens a sentence, not an article: a title begins with a capital."""
    rest = text[match.end() :]
    separator = match.group().rstrip()[-1:]
    if not text[0].isupper():
        return False
    return not rest or separator in ".:–—-" or (rest[0].isupper() and len(text) < 200) or rest[0] in '"“('


def _starts_like_title(rest: str) -> bool:
    first = rest.lstrip("\"“'‘([")[:1]
    return first.isupper() or (bool(first) and not first.isalnum())


def _named_number(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if word := groups.get("word"):
        return str(_ORDINALS.get(word.lower(), word.lower()))
    number = groups.get("number") or ""
    value = roman_value(number.upper())
    return str(value) if value else number.lower().lstrip("0")


def _follows(previous: str, letter: str) -> bool:
    order = "abcdđeghiklmnopqrstuvxy"
    english = "abcdefghijklmnopqrstuvwxyz"
    later = letter.lower()
    return any(
        previous in row and later in row and row.index(later) == row.index(previous) + 1 for row in (order, english)
    )


def roman_value(number: str) -> int:
    """1–200 for a well-formed Roman numeral, 0 otherwise ("IIX" is not a number, it is a typing error)."""
    if not number or any(sign not in _ROMAN for sign in number):
        return 0
    total = 0
    for sign, following in zip(number, number[1:] + " ", strict=True):
        value = _ROMAN[sign]
        total += -value if _ROMAN.get(following, 0) > value else value
    return total if 0 < total <= 200 and _roman(total) == number else 0


def _roman(value: int) -> str:
    parts = []
    for amount, sign in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        count, value = divmod(value, amount)
        parts.append(sign * count)
    return "".join(parts)
