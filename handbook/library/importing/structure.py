"""Blocks to sections: the parts a reader sees in the contents, each with an id that stays the same.

The same text always gives the same ids, so that links, reading positions and notes survive a new import.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from handbook.core.text import fold
from handbook.library.importing.blocks import Block, plain_text
from handbook.library.importing.headings import CAPTION, is_caption, is_plain_heading, title_position
from handbook.library.importing.numbering import ALWAYS_HEADING, PLAIN_RANK, Mark, mark_of
from handbook.library.importing.sanitising import clean

MAX_LEVEL = 6
_BULLET = re.compile(r"[-–—•*+●▪◦]\s+(?=\S)")
TITLE_LEVEL = 0  # the title's own line: shown once, as the page's heading
LONGEST_RUN_IN_HEADING = 160  # characters; beyond this a numbered line is a paragraph
_NAMES = {"phan": "phan", "chuong": "chuong", "muc": "muc", "chu": "phan", "la-ma": "muc", "dieu": "dieu",
          "phu-luc": "phu-luc", "so": "so", "so-con": "so", "diem": "diem"}  # fmt: skip
_INSIDE_PARENT = frozenset({"so", "so-con", "diem", "chuong", "muc"})


@dataclass(frozen=True)
class Section:
    """A part of the text. `level` 1–6 nests; 0 is the title line. Without a heading the numbering stays in `html`."""

    anchor: str
    level: int
    label: str
    heading: str
    html: str

    @cached_property
    def text(self) -> str:
        return " ".join(part for part in (self.label, self.heading, plain_text(self.html)) if part)


@dataclass
class _Open:
    rank: float
    kind: str
    number: str
    anchor: str


@dataclass
class _Growing:
    anchor: str
    level: int
    label: str = ""
    heading: str = ""
    parts: list[str] = field(default_factory=list)

    def section(self) -> Section:
        return Section(self.anchor, self.level, self.label, self.heading, "".join(self.parts))


def sections_of(blocks: Sequence[Block]) -> list[Section]:
    """Every block in order in exactly one section; the words of the blocks are the words of the sections."""
    writer = _Writer(list(blocks))
    position = 0
    while position < len(writer.blocks):
        position += writer.take(position)
    return [growing.section() for growing in writer.sections]


class _Writer:
    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.sections: list[_Growing] = []
        self._stack: list[_Open] = []
        self._used: set[str] = set()
        self._title = title_position(blocks)
        self._body_begun = False
        self._dashed = False  # the last paragraph became an item of a list
        self._run_in: set[tuple[str, str]] = set()  # parents (and kind) whose numbered lines are paragraphs

    def take(self, position: int) -> int:
        """Place the block at `position`; the number of blocks used up."""
        block = self.blocks[position]
        if position == self._title:
            self.sections.append(_Growing(self._unique("tieu-de"), TITLE_LEVEL, heading=block.text))
            return 1
        mark = mark_of(block.text, previous_letter=self._letter()) if block.kind == "text" else None
        if mark is not None and not block.rank and mark.kind == "diem" and not self._stack:
            mark = None  # "a) …" outside of any part is a plain list
        if block.rank or (mark is not None and self._is_heading(position, mark)):
            self._body_begun = True
            return self._open_heading(position, mark)
        if mark is not None:
            self._body_begun = True
            self._open(mark.rank, mark, level_only=True)
            self._run_in.add((self._parent(), mark.kind))
        elif is_plain_heading(self.blocks, position, begun=self._body_begun):
            self._open(PLAIN_RANK, None, heading=block.text)
            return 1
        self._body_begun = self._body_begun or len(block.text) > 120
        self._append(block)
        return 1

    def _letter(self) -> str | None:
        return next((part.number for part in reversed(self._stack) if part.kind == "chu"), None)

    def _parent(self) -> str:
        return self._stack[-2].anchor if len(self._stack) > 1 else ""

    def _parent_for(self, rank: float) -> str:
        return next((part.anchor for part in reversed(self._stack) if part.rank < rank), "")

    def _is_heading(self, position: int, mark: Mark) -> bool:
        block = self.blocks[position]
        if mark.kind == "ket":
            return False
        if mark.kind in ALWAYS_HEADING:
            return True
        short = len(block.text) <= LONGEST_RUN_IN_HEADING
        if mark.kind in ("la-ma", "chu"):
            return short and not block.text.endswith((";", ","))
        following = self.blocks[position + 1] if position + 1 < len(self.blocks) else None
        if mark.kind == "diem" or following is None or not short or not mark.title:
            return False
        if block.bold:
            return True
        if mark.number not in ("1", "a") and (self._parent_for(mark.rank), mark.kind) in self._run_in:
            return False  # the first of a row decides for the row
        next_mark = mark_of(following.text) if following.kind == "text" else None
        sibling = next_mark is not None and next_mark.kind in (mark.kind, "ket")
        return not block.text.endswith((".", ";", ",", ":", "?", "!", "…")) and not sibling and not following.rank

    def _open_heading(self, position: int, mark: Mark | None) -> int:
        """A heading line, with the line after it when it is only "Chương II" and the name stands below."""
        block = self.blocks[position]
        rank = self._rank(block, mark)
        if mark is None:
            self._open(rank, None, heading=block.text)
            return 1
        if not mark.title and mark.kind in ALWAYS_HEADING and self._names(position + 1):
            self._open(rank, mark, heading=self.blocks[position + 1].text)
            return 2
        if mark.title and len(mark.title) > 2 * LONGEST_RUN_IN_HEADING:
            self._open(rank, mark)  # "Điều 1. Ban hành kèm theo …": the sentence is the article, not its name
            self._append(replace(block, html=_without_label(block, mark)))
            return 1
        self._open(rank, mark, heading=mark.title)
        return 1

    def _rank(self, block: Block, mark: Mark | None) -> float:
        if mark is not None and not block.rank:
            return mark.rank
        if mark is not None and mark.kind in (*ALWAYS_HEADING, "la-ma", "ket"):
            return mark.rank
        return PLAIN_RANK + block.rank / 10 if self._stack and self._named_parts() else block.rank / 10

    def _named_parts(self) -> bool:
        return any(part.kind in ALWAYS_HEADING or part.kind in ("la-ma", "chu") for part in self._stack)

    def _names(self, position: int) -> bool:
        if position >= len(self.blocks) or position == self._title:
            return False
        block = self.blocks[position]
        return block.kind == "text" and len(block.text) <= 250 and mark_of(block.text) is None and (
            bool(block.rank) or block.text.isupper() or block.bold or not block.text.endswith((".", ";", ":", ","))
        )  # fmt: skip

    def _open(self, rank: float, mark: Mark | None, *, heading: str = "", level_only: bool = False) -> None:
        while self._stack and self._stack[-1].rank >= rank:
            self._stack.pop()
        anchor = self._unique(self._anchor(mark, heading))
        number, kind = (mark.number, mark.kind) if mark else ("", "")
        self._stack.append(_Open(rank, kind, number, anchor))
        label = "" if mark is None or level_only else mark.label
        self._dashed = False
        self.sections.append(_Growing(anchor, min(len(self._stack), MAX_LEVEL), label, heading))

    def _anchor(self, mark: Mark | None, heading: str) -> str:
        if mark is None:
            return slug(heading) or "muc"
        if mark.kind == "ket":
            return "noi-nhan"
        name = _NAMES[mark.kind]
        parent = self._stack[-1] if self._stack else None
        if mark.kind == "so" and parent is not None and parent.kind == "dieu":
            name = "khoan"
        number = mark.number.replace("đ", "dd")
        own = "-".join(part for part in (name, slug(number.replace(".", "-"))) if part)
        if parent is not None and mark.kind in _INSIDE_PARENT:
            return f"{parent.anchor}.{own}"
        return own

    def _unique(self, anchor: str) -> str:
        candidate, count = anchor, 1
        while candidate in self._used:
            count += 1
            candidate = f"{anchor}-{count}"
        self._used.add(candidate)
        return candidate

    def _append(self, block: Block) -> None:
        if not self.sections or self.sections[-1].level == TITLE_LEVEL:
            self.sections.append(_Growing(self._unique("mo-dau"), 1))
        parts = self.sections[-1].parts
        if block.kind == "text" and (bullet := _BULLET.match(block.html)):
            item = clean(f"<ul><li>{block.html[bullet.end() :]}</li></ul>")
            follows = parts and parts[-1].startswith("<ul>") and self._dashed
            parts[-1:] = (
                [parts[-1].removesuffix("</ul>") + item.removeprefix("<ul>")] if follows else [*parts[-1:], item]
            )
            self._dashed = True
            return
        self._dashed = False
        if block.kind == "text":
            opening = f'<p class="{CAPTION}">' if is_caption(block) else "<p>"
            parts.append(clean(f"{opening}{block.html}</p>"))
        else:
            parts.append(block.html)


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most 60 characters, cut at a word."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    result = "-".join(words)
    return result if len(result) <= 60 else result[:61].rpartition("-")[0] or result[:60]


def _without_label(block: Block, mark: Mark) -> str:
    """The paragraph's HTML after the label; tags that the label opened or closed are kept."""
    pattern = r"((?:<[^>]*>|\s)*)".join(re.escape(sign) for sign in re.sub(r"\s", "", _escaped(mark.label)))
    match = re.match(rf"((?:<[^>]*>|\s)*){pattern}", block.html)
    if match is None:
        return _escaped(mark.title)
    kept = "".join(re.findall(r"<[^>]*>", match.group()))
    return clean(kept + block.html[match.end() :].lstrip())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
