"""HTML to a flat run of blocks: headings, paragraphs, and whole lists, tables and quotations."""

from __future__ import annotations

import html as escaping
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

from handbook.library.importing.numbering import opens_section
from handbook.library.importing.sanitising import CONTAINERS, HEADINGS, INLINE, SYNONYMS, clean, clean_shape

IMAGE_NOTE = "Hình"  # part of the document's text, not of the interface: it stands where the picture stood
_WHOLE = frozenset({"blockquote", "ol", "pre", "table", "ul"})
_TABLE_PARTS = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"})
_SPACES = re.compile(r"\s\s+|[^\S ]")  # what is not one space already
# The sanitiser writes every tag in this one way, and every other "<" as an entity: no parser is needed after it.
_ATTRIBUTES = r'(?: [a-z]+="[^"]*")*'
_PIECE = re.compile(rf"<(/?)([a-z][a-z0-9]*)({_ATTRIBUTES})>|([^<]+|<)")
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_TAG = re.compile(rf"</?[a-z][a-z0-9]*{_ATTRIBUTES}>")
_TAG_IN_LINE = re.compile(rf"</?(?:{'|'.join(sorted(INLINE - {'br'}))}){_ATTRIBUTES}>")


@dataclass(frozen=True)
class Block:
    """One piece in reading order. `rank` is 1–6 for a marked heading, 0 otherwise. `html` holds no heading tags."""

    kind: str  # "text" or "whole"
    html: str
    text: str
    rank: int = 0
    soft: bool = False  # began after a line break inside the same paragraph
    bold: bool = False


def blocks_of(html: str) -> list[Block]:
    """Blocks of untrusted HTML. Every word of the text is in exactly one block, images as a note in brackets."""
    events = _events(clean_shape(html))
    builder = _Builder(_layout_tables(events))
    for position, event in enumerate(events):
        builder.feed(position, event)
    return _rejoin(builder.finish())


def plain_text(html: str) -> str:
    """The words of sanitised HTML, separated where a reader would see a gap."""
    if "<" in html:
        html = _TAG.sub(" ", _TAG_IN_LINE.sub("", html))
    return " ".join(escaping.unescape(html).split())


class _Event(NamedTuple):
    kind: str  # start, end, data
    value: str
    attributes: Mapping[str, str] = MappingProxyType({})


def _events(html: str) -> list[_Event]:
    """Tags and text of sanitised HTML."""
    events: list[_Event] = []
    for end, name, attributes, data in _PIECE.findall(html):
        if data:
            events.append(_Event("data", escaping.unescape(data)))
        elif end:
            events.append(_Event("end", SYNONYMS.get(name, name)))
        else:
            told = {key: escaping.unescape(value) for key, value in _ATTRIBUTE.findall(attributes)}
            events.append(_Event("start", SYNONYMS.get(name, name), told))
    return events


def _layout_tables(events: list[_Event]) -> frozenset[int]:
    """Positions of the tags of tables with one column: pages use them to put a caption under a picture."""
    found: set[int] = set()
    open_tables: list[dict[str, list[int]]] = []
    for position, event in enumerate(events):
        if event.kind == "start" and event.value == "table":
            open_tables.append({"tags": [], "cells": [0]})
        if open_tables and event.value in _TABLE_PARTS and event.kind != "data":
            table = open_tables[-1]
            table["tags"].append(position)
            if event.kind == "start" and event.value == "tr":
                table["cells"].append(0)
            elif event.kind == "start" and event.value in ("td", "th"):
                table["cells"][-1] += 1
            elif event.kind == "end" and event.value == "table":
                open_tables.pop()
                if max(table["cells"]) <= 1:
                    found.update(table["tags"])
    return frozenset(found)


class _Builder:
    """Walks the events once. Inline tags that stay open across blocks are closed and opened again."""

    def __init__(self, layout: frozenset[int]) -> None:
        self._layout = layout
        self._blocks: list[Block] = []
        self._inline: list[tuple[str, str]] = []
        self._html: list[str] = []
        self._text: list[str] = []
        self._whole: list[str] = []  # open tags of the list, table or quotation being copied as it is
        self._rank = 0
        self._soft = False

    def feed(self, position: int, event: _Event) -> None:
        if event.kind == "data":
            self._data(event.value)
        elif event.value == "img":
            self._image(event.attributes.get("alt", ""))
        elif self._whole:
            self._inside_whole(event)
        elif event.value in _WHOLE and position not in self._layout:
            self._flush()
            if event.kind == "start":
                self._open_whole(event)
        elif event.value in INLINE:
            self._inline_tag(event)
        else:
            self._boundary(event)

    def finish(self) -> list[Block]:
        self._flush()
        return self._blocks

    def _boundary(self, event: _Event) -> None:
        self._flush()
        if event.value in HEADINGS:
            self._rank = int(event.value[1]) if event.kind == "start" else 0

    def _data(self, data: str) -> None:
        if "pre" not in self._whole:
            data = _SPACES.sub(" ", data)
        self._html.append(escaping.escape(data, quote=False))
        self._text.append(data)

    def _image(self, alt: str) -> None:
        note = f"[{IMAGE_NOTE}: {' '.join(alt.split())}]" if alt.strip() else f"[{IMAGE_NOTE}]"
        self._data(f" {note} ")

    def _inline_tag(self, event: _Event) -> None:
        if event.value == "br":
            rank = self._rank
            self._flush()
            self._soft, self._rank = True, rank
        elif event.kind == "start":
            tag = _open_tag(event)
            self._inline.append((event.value, tag))
            self._html.append(tag)
        elif any(name == event.value for name, _ in self._inline):
            while self._inline:
                name, _ = self._inline.pop()
                self._html.append(f"</{name}>")
                if name == event.value:
                    break

    def _open_whole(self, event: _Event) -> None:
        self._whole.append(event.value)
        self._html = [_open_tag(event)]

    def _inside_whole(self, event: _Event) -> None:
        """Kept as it stands, except that headings and containers inside become paragraphs."""
        tag = event.value
        if tag in HEADINGS or tag in CONTAINERS or tag == "hr":
            self._html.append("<p>" if event.kind == "start" else "</p>")
            self._text.append(" ")
            return
        if tag not in INLINE or tag == "br":
            self._text.append(" ")
        self._html.append(_open_tag(event) if event.kind == "start" else f"</{tag}>")
        if tag in _WHOLE:
            if event.kind == "start":
                self._whole.append(tag)
            else:
                self._whole.pop()
                if not self._whole:
                    self._flush(kind="whole")

    def _flush(self, kind: str = "text") -> None:
        text = " ".join("".join(self._text).split())
        if text:
            closing = "".join(f"</{name}>" for name, _ in reversed(self._inline)) if kind == "text" else ""
            html = clean("".join(self._html).strip() + closing)
            self._blocks.append(Block(kind, html, text, self._rank, self._soft, _all_bold(html, text)))
            self._soft = False
        elif kind == "text" and self._soft:
            self._soft = False  # two line breaks in a row part paragraphs
        self._text = []
        self._html = [tag for _, tag in self._inline]
        if kind == "whole":
            self._whole = []


def _open_tag(event: _Event) -> str:
    attributes = "".join(f' {name}="{escaping.escape(value)}"' for name, value in event.attributes.items())
    return f"<{event.value}{attributes}>"


def _all_bold(html: str, text: str) -> bool:
    bold = re.findall(r"<strong>(.*?)</strong>", html, re.S)
    return bool(bold) and len(plain_text(" ".join(bold))) >= 0.9 * len(text)


def _rejoin(blocks: Iterable[Block]) -> list[Block]:
    """Lines of one paragraph are put together again, unless the line opens something numbered."""
    joined: list[Block] = []
    for block in blocks:
        previous = joined[-1] if joined else None
        together = (
            previous is not None and block.soft and block.kind == previous.kind == "text"
            and block.rank == previous.rank and (block.rank > 0 or not opens_section(block.text))
        )  # fmt: skip
        if together and previous is not None:
            gap = " " if block.rank else "<br>"
            joined[-1] = replace(
                previous, html=previous.html + gap + block.html, text=f"{previous.text} {block.text}",
                bold=previous.bold and block.bold,
            )  # fmt: skip
        else:
            joined.append(block)
    return joined
