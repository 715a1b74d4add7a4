"""The door of the package: a file's name and bytes in, a structured text out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from handbook.core.errors import Invalid
from handbook.library.importing import decoding, markup, pdf, plain, word
from handbook.library.importing.blocks import Block, blocks_of, plain_text
from handbook.library.importing.detecting import Format, detect
from handbook.library.importing.metadata import Facts, facts_of, secrecy_mark, with_told
from handbook.library.importing.structure import Section, sections_of

MAX_CHARACTERS = 3_000_000  # of text; the longest congress papers stay below half of it
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Converted:
    """A text ready to be looked at and stored. `dropped` lists every token that is not carried over."""

    format: Format
    sections: tuple[Section, ...]
    facts: Facts
    dropped: tuple[str, ...]
    secrecy: str  # the secrecy mark found at the head, "" for none

    @property
    def text(self) -> str:
        return "\n".join(section.text for section in self.sections)

    @property
    def word_count(self) -> int:
        return len(_WORD.findall(self.text))


def convert(name: str, data: bytes, *, max_bytes: int = 20 * 1024 * 1024) -> Converted:
    """The structured text of a .docx, .txt, .md, .html or .pdf file.

    Raises Invalid with one of: import.too_large, import.empty, import.type, import.doc, import.encoding,
    import.encrypted, import.damaged, import.bomb, import.no_text.
    """
    if len(data) > max_bytes:
        raise Invalid("import.too_large", limit=max_bytes // (1024 * 1024))
    kind = detect(name, data)
    source = _read(kind, data)
    if len(source.html) > 4 * MAX_CHARACTERS:
        raise Invalid("import.bomb")
    blocks = blocks_of(source.html)
    if not _WORD.search(" ".join(block.text for block in blocks)):
        raise Invalid("import.no_text")
    sections, head = sections_of(blocks), _head(blocks)
    facts = with_told(facts_of(name, head, sections, source.title), source.told)
    return Converted(kind, tuple(sections), facts, tuple(source.dropped), secrecy_mark(head))


@dataclass(frozen=True)
class _Source:
    """HTML of any format. `title` and `told` stand beside the text: a page's title, a front matter."""

    html: str
    dropped: list[str] = field(default_factory=list)
    title: str = ""
    told: dict[str, str] = field(default_factory=dict)


def _read(kind: Format, data: bytes) -> _Source:
    if kind is Format.WORD:
        return _Source(decoding.tidy(word.to_html(data)))
    if kind is Format.PDF:
        return _Source(*pdf.to_html(data))
    text = decoding.decode(data)
    if len(text) > MAX_CHARACTERS:
        raise Invalid("import.bomb")
    if kind is Format.HTML:
        return _Source(text, title=markup.html_title(text))
    if kind is Format.MARKDOWN:
        told, text = markup.split_front_matter(text)
        html, dropped = markup.markdown_to_html(text)
        return _Source(html, [*(f"{name}: {value}" for name, value in told.items()), *dropped], told=told)
    return _Source(*plain.to_html(text))


def _head(blocks: list[Block]) -> list[str]:
    """The first lines as read, table cells apart: where symbol, issuer, date and title stand."""
    lines: list[str] = []
    for block in blocks[:40]:
        if block.kind == "whole":
            cells = re.split(r"</?(?:td|th|tr|p|li|br)[^>]*>", block.html)
            lines.extend(plain_text(cell) for cell in cells)
        else:
            lines.extend(plain_text(part) for part in block.html.split("<br>"))
    return [line for line in lines if line][:60]
