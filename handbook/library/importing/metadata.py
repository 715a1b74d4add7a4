"""What the head of a text says about itself, to fill in the preview. A guess: a person confirms it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from handbook.core.text import fold, nfc
from handbook.library.importing.structure import TITLE_LEVEL, Section
from handbook.library.kinds import ABBREVIATIONS, KIND_NAMES

LONGEST_TITLE = 300  # characters
_DASH = r"\s*[-–—_.]\s*"
_TYPE = r"(?:[A-ZĐ][A-Za-zĐđ]{0,5})"
_ISSUER = r"[A-ZĐÂÊÔƠƯ][A-ZĐÂÊÔƠƯa-zđ.]{0,14}(?:[-–][A-ZĐ]{1,10})?"
# "15-NQ/TW", "38 - HD/BTCTW", and the swapped "01/NQ-TU".
_SYMBOL = re.compile(rf"(?<![\w/])(?P<number>\d{{1,4}}){_DASH}(?P<type>{_TYPE})\s*/\s*(?P<issuer>{_ISSUER})")
_SWAPPED = re.compile(rf"(?<![\w/])(?P<number>\d{{1,4}})\s*/\s*(?P<type>{_TYPE}){_DASH}(?P<issuer>{_ISSUER})")
_STATE_SYMBOL = re.compile(
    r"(?<![\w/])(\d{1,4})\s*/\s*((?:19|20)\d\d)\s*/\s*([A-ZĐ][A-ZĐ0-9]{1,6}(?:\s*-\s*[A-ZĐ]{2,8})?)"
)
_WORD_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.I)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_SECRECY = re.compile(r"^\W*((?:độ\s+mật|mức\s+độ\s+mật)\s*:\s*)?(tuyệt\s+mật|tối\s+mật|mật)\W*$", re.I)
_NOISE_START = re.compile(r"^\W*(?:date\s+)?\d{4}-\d{1,2}-\d{1,2}\s+", re.I)
_ISSUERS = re.compile(
    r"^(BAN CHẤP HÀNH|BỘ CHÍNH TRỊ|BAN BÍ THƯ|BAN THƯỜNG VỤ|THÀNH ỦY|THÀNH UỶ|TỈNH ỦY|TỈNH UỶ|ĐẢNG ỦY|ĐẢNG UỶ|"
    r"QUẬN ỦY|HUYỆN ỦY|CHI BỘ|CHI ỦY|ĐẢNG BỘ|BAN TỔ CHỨC|BAN TUYÊN GIÁO|BAN DÂN VẬN|BAN NỘI CHÍNH|VĂN PHÒNG|"
    r"ỦY BAN KIỂM TRA|UỶ BAN KIỂM TRA|QUỐC HỘI|CHÍNH PHỦ)\b"
)
_ISSUER_CODES = {
    "TW": "Ban Chấp hành Trung ương", "BTCTW": "Ban Tổ chức Trung ương", "VPTW": "Văn phòng Trung ương Đảng",
    "UBKTTW": "Ủy ban Kiểm tra Trung ương", "BTGDVTW": "Ban Tuyên giáo và Dân vận Trung ương",
}  # fmt: skip
_COMMON = frozenset(
    "ban chấp hành thường vụ đảng ủy uỷ bộ phường xã tỉnh thành phố quận huyện đặc khu chi tổ dân chức tuyên giáo và vận "
    "nội chính văn phòng kiểm tra các cơ quan của trung ương bí thư chính trị quốc hội phủ khu cấp "
    "trường đại học bệnh viện ty tổng".split()
)


@dataclass(frozen=True)
class Facts:
    """Guesses; "" or None where the head says nothing."""

    kind: str = ""
    number: int | None = None
    symbol: str = ""
    issuer: str = ""
    issued_on: date | None = None
    title: str = ""


def facts_of(name: str, head: Sequence[str], sections: Sequence[Section], outside_title: str = "") -> Facts:
    """Guesses from the first lines of the text (`head`), its title line, and a title from outside of the text."""
    symbol = next((found for line in head[:25] if len(line) < 120 and (found := normal_symbol(line))), "")
    kind = _kind(head, symbol)
    number = int(match[1]) if (match := re.match(r"(\d+)", symbol)) else None
    title = next((section.heading for section in sections if section.level == TITLE_LEVEL), "")
    title = _tidy_title(
        title or _official_title(head) or outside_title or _first_line(head) or PurePath(nfc(name)).stem
    )
    return Facts(kind or "tai-lieu", number, symbol, _issuer(head, symbol), _date(head), title)


def with_told(facts: Facts, told: dict[str, str]) -> Facts:
    """The guesses, except for what a front matter says outright (kind, symbol, issuer, date, title)."""
    if not told:
        return facts
    kind = KIND_NAMES.get(fold(told.get("kind", "").replace("-", " ")), "")
    symbol = normal_symbol(told.get("symbol", ""))
    return replace(
        facts,
        kind=kind or (_kind([], symbol) if symbol else "") or facts.kind,
        number=int(match[0]) if (match := re.match(r"\d+", symbol)) else facts.number,
        symbol=symbol or facts.symbol,
        issuer=told.get("issuer", "")[:200] or facts.issuer,
        issued_on=_date([told.get("issued_on") or told.get("date") or ""]) or facts.issued_on,
        title=_tidy_title(told.get("title", "")) or facts.title,
    )


def normal_symbol(text: str) -> str:
    """The first symbol in `text` as "07-NQ/ĐU": two digits at least, no spaces; "" when there is none."""
    if match := _STATE_SYMBOL.search(text):
        kind_and_issuer = "".join(match[3].split())
        return f"{int(match[1]):02d}/{match[2]}/{kind_and_issuer}"
    match = _SYMBOL.search(text) or _SWAPPED.search(text)
    if match is None or fold(match["type"]) not in ABBREVIATIONS:
        return ""
    return f"{int(match['number']):02d}-{match['type']}/{match['issuer'].rstrip('.')}"


def secrecy_mark(head: Sequence[str]) -> str:
    """The secrecy mark that stands alone on one of the first lines, "" for none."""
    for line in head[:15]:
        match = _SECRECY.match(line)
        if match and (match[1] or match[2].isupper()):
            return match[2].lower()
    return ""


def _kind(head: Sequence[str], symbol: str) -> str:
    for line in head[:25]:
        code = KIND_NAMES.get(fold(line.strip(" .:*")))
        if code and line.isupper():
            return code
    kinds = ABBREVIATIONS.get(fold(symbol.partition("-")[2].partition("/")[0]), ()) if symbol else ()
    return kinds[0] if kinds else ""


def _issuer(head: Sequence[str], symbol: str) -> str:
    """The body named last before the kind: the one above it stands first in a letterhead."""
    code = symbol.rpartition("/")[2]
    if code in _ISSUER_CODES:
        return _ISSUER_CODES[code]
    found = ""
    for line in head[:10]:
        if fold(line.strip(" .:*")) in KIND_NAMES:
            break
        if line.isupper() and len(line) < 100 and _ISSUERS.match(line):
            found = _title_case(line.strip(" .:*-"))
    return found


def _title_case(text: str) -> str:
    """ "ĐẢNG ỦY PHƯỜNG AN LẠC" as "Đảng ủy phường An Lạc": what is no common noun of offices is taken for a name."""
    words = [word if word in _COMMON else word.capitalize() for word in text.lower().split()]
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]


def _date(head: Sequence[str]) -> date | None:
    for line in head[:25]:
        if len(line) > 160:
            continue
        for pattern, order in ((_WORD_DATE, (3, 2, 1)), (_YEAR_FIRST, (1, 2, 3)), (_DAY_FIRST, (3, 2, 1))):
            if match := pattern.search(line):
                try:
                    return date(*(int(match[group]) for group in order))
                except ValueError:
                    continue
    return None


def _official_title(head: Sequence[str]) -> str:
    """The lines under the name of the kind ("NGHỊ QUYẾT" / "về …"), until a rule or the body begins."""
    for position, line in enumerate(head[:25]):
        if line.isupper() and fold(line.strip(" .:*")) in KIND_NAMES:
            lines: list[str] = []
            for following in head[position + 1 : position + 5]:
                begins_body = (
                    len(following) > 250
                    or following.startswith(("-", "Căn cứ"))
                    or not any(map(str.isalpha, following))
                )
                if begins_body or (lines and following.endswith((".", ";"))) or _tells_no_title(following):
                    break
                lines.append(following)
            if lines:
                return " ".join(lines)
    return ""


def _tells_no_title(line: str) -> bool:
    return bool(normal_symbol(line) or _WORD_DATE.search(line) or re.match(r"^(I|1|A|Chương|Điều|Phần)\b", line))


def _first_line(head: Sequence[str]) -> str:
    return next((line for line in head if len(line) >= 12 and any(map(str.isalpha, line))), "")


def _tidy_title(text: str) -> str:
    text = _NOISE_START.sub("", " ".join(text.split())).strip(" *_-–:;|")
    if len(text) > LONGEST_TITLE:
        text = text[: LONGEST_TITLE - 1].rpartition(" ")[0] + "…"
    return text[:1].upper() + text[1:]
