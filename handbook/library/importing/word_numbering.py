"""Word's automatic numbers written out: "Điều 3." that Word draws is not in the text that a reader of the file gets.

The numbers are put in front of their paragraphs and the numbering is taken off, before the text is converted.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%([1-9])")
_DEEPEST = 9
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


@dataclass
class _Level:
    text: str
    style: str
    start: int


@dataclass
class _List:
    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)

    def label(self, depth: int) -> str:
        """Count one paragraph at `depth` and give its label."""
        level = self.levels[depth]
        self.counts[depth] = self.counts.get(depth, level.start - 1) + 1
        for deeper in [known for known in self.counts if known > depth]:
            del self.counts[deeper]
        return _PLACE.sub(lambda match: self._number(int(match[1]) - 1), level.text)

    def _number(self, depth: int) -> str:
        level = self.levels.get(depth)
        if level is None:
            return ""
        return _written(self.counts.get(depth, level.start), level.style)


def write_out(data: bytes) -> bytes:
    """The same .docx (already checked) with its automatic numbers as text; untouched when there are none."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "word/numbering.xml" not in archive.namelist():
            return data
        lists = _lists(fromstring(archive.read("word/numbering.xml")))
        document = fromstring(archive.read("word/document.xml"))
        if not _number(document, lists, _style_numbers(archive)):
            return data
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as rewritten:
            for member in dict.fromkeys(archive.namelist()):
                content = tostring(document, "utf-8") if member == "word/document.xml" else archive.read(member)
                rewritten.writestr(member, content)
    return out.getvalue()


def _lists(root: Element) -> dict[str, _List]:
    shapes = {shape.get(f"{_W}abstractNumId", ""): _levels(shape) for shape in root.iter(f"{_W}abstractNum")}
    found: dict[str, _List] = {}
    counts: dict[str, dict[int, int]] = {}
    for number in root.iter(f"{_W}num"):
        shape = number.find(f"{_W}abstractNumId")
        key = shape.get(f"{_W}val", "") if shape is not None else ""
        restarts = number.find(f"{_W}lvlOverride") is not None
        shared = {} if restarts else counts.setdefault(key, {})
        found[number.get(f"{_W}numId", "")] = _List(shapes.get(key, {}), shared)
    return found


def _levels(shape: Element) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for level in shape.findall(f"{_W}lvl"):
        depth = _whole(level.get(f"{_W}ilvl"), 0)
        if depth < _DEEPEST:
            text, style = _value(level, "lvlText"), _value(level, "numFmt") or "decimal"
            levels[depth] = _Level(text, style, _whole(_value(level, "start"), 1))
    return levels


def _style_numbers(archive: zipfile.ZipFile) -> dict[str, tuple[str, int]]:
    """Paragraph styles that number by themselves: style to list and depth."""
    if "word/styles.xml" not in archive.namelist():
        return {}
    found: dict[str, tuple[str, int]] = {}
    for style in fromstring(archive.read("word/styles.xml")).iter(f"{_W}style"):
        numbered = style.find(f"{_W}pPr/{_W}numPr")
        if numbered is not None and _value(numbered, "numId"):
            found[style.get(f"{_W}styleId", "")] = (
                _value(numbered, "numId"),
                _whole(_value(numbered, "ilvl"), 0),
            )
    return found


def _number(document: Element, lists: dict[str, _List], styles: dict[str, tuple[str, int]]) -> bool:
    changed = False
    for paragraph, properties in _paragraphs(document):
        numbered = properties.find(f"{_W}numPr")
        style = _value(properties, "pStyle")
        if numbered is not None:
            key, depth = _value(numbered, "numId"), _whole(_value(numbered, "ilvl"), 0)
        elif style in styles:
            key, depth = styles[style]
        else:
            continue
        shape = lists.get(key)
        level = shape.levels.get(depth) if shape else None
        if shape is None or level is None or level.style in ("bullet", "none") or not _has_text(paragraph):
            continue
        _put_label(paragraph, properties, shape.label(depth))
        if numbered is not None:
            properties.remove(numbered)
        changed = True
    return changed


def _paragraphs(document: Element) -> Iterator[tuple[Element, Element]]:
    for paragraph in document.iter(f"{_W}p"):
        properties = paragraph.find(f"{_W}pPr")
        if properties is not None:
            yield paragraph, properties


def _put_label(paragraph: Element, properties: Element, label: str) -> None:
    if not label.strip():
        return
    run = Element(f"{_W}r")
    words = SubElement(run, f"{_W}t", {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
    words.text = f"{label} "
    paragraph.insert(list(paragraph).index(properties) + 1, run)


def _has_text(paragraph: Element) -> bool:
    return any((words.text or "").strip() for words in paragraph.iter(f"{_W}t"))


def _written(count: int, style: str) -> str:
    if style in ("upperRoman", "lowerRoman"):
        roman = _roman(count)
        return roman if style == "upperRoman" else roman.lower()
    if style in ("upperLetter", "lowerLetter") and count > 0:
        letter = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 % 50 + 1)
        return letter if style == "upperLetter" else letter.lower()
    return f"{count:02d}" if style == "decimalZero" else str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    parts = []
    for amount, sign in _ROMAN:
        times, count = divmod(count, amount)
        parts.append(sign * times)
    return "".join(parts)


def _value(parent: Element, name: str) -> str:
    child = parent.find(f"{_W}{name}")
    return child.get(f"{_W}val", "") if child is not None else ""


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
