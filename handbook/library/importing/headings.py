"""Lines that mean something without saying so: the title, plain headings, captions under pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handbook.library.importing.blocks import IMAGE_NOTE, Block
from handbook.library.importing.numbering import mark_of

CAPTION = "caption"
LONGEST_HEADING = 130  # characters
LONGEST_CAPTION = 320
SHORTEST_PARAGRAPH = 120
_ENDS_SENTENCE = (".", ",", ";", ":", "!", "?", "…", "-", "–")
_CAPTION = re.compile(
    rf"^\[{IMAGE_NOTE}(: [^\]]*)?\]$|(^|[\s(–-])(Ảnh|Ảnh minh họa|Nguồn ảnh)\s*:\s*\S.{{0,60}}$|[-–]\s*Ảnh\s+\d+\.?$"
)
_WEB = re.compile(r"https?://|www\.|@")
_DATE_LINE = re.compile(r"^\W*(date\b|ngày\b|thứ\b|\d{1,4}[/.-]\d{1,2})", re.I)
_KIND_LINE = re.compile(
    r"^(NGHỊ QUYẾT|QUYẾT ĐỊNH|QUY ĐỊNH|CHỈ THỊ|KẾT LUẬN|QUY CHẾ|HƯỚNG DẪN|THÔNG BÁO|THÔNG TRI|BÁO CÁO|KẾ HOẠCH|"
    r"CHƯƠNG TRÌNH|CHƯƠNG TRÌNH HÀNH ĐỘNG|ĐỀ ÁN|TỜ TRÌNH|CÔNG VĂN|ĐIỀU LỆ|LUẬT|NGHỊ ĐỊNH|THÔNG TƯ)$"
)


def title_position(blocks: Sequence[Block]) -> int | None:
    """Which block is the title, if one stands alone at the very top: a marked h1, or the first line of an article."""
    for position, block in enumerate(blocks[:12]):
        if block.rank == 1 and sum(other.rank == 1 for other in blocks) == 1 and mark_of(block.text) is None:
            return position
    if len(blocks) < 2 or any(block.rank == 1 for block in blocks):
        return None
    first = blocks[0]
    letterhead = first.text.isupper() or any(_KIND_LINE.match(block.text) for block in blocks[:12])
    plain = first.kind == "text" and first.rank == 0 and not letterhead and not is_caption(first)
    fits = 12 <= len(first.text) <= 250 and not first.text.endswith((".", ";", ",")) and not _WEB.search(first.text)
    return 0 if plain and fits and not _DATE_LINE.match(first.text) and mark_of(first.text) is None else None


def is_caption(block: Block) -> bool:
    """A picture's note or credit line."""
    return block.kind == "text" and len(block.text) <= LONGEST_CAPTION and _CAPTION.search(block.text) is not None


def is_plain_heading(blocks: Sequence[Block], position: int, *, begun: bool) -> bool:
    """A short line without a full stop, after the text has begun, with a paragraph of prose under it."""
    block = blocks[position]
    if not begun or not _short_line(block):
        return False
    words = len(block.text.split())
    following = next((other for other in blocks[position + 1 :] if not is_caption(other)), None)
    if following is None:
        return False
    prose = following.kind == "text" and len(following.text) >= SHORTEST_PARAGRAPH
    if block.bold or (block.text.isupper() and words >= 2):
        return prose or following.rank > 0 or following.kind == "whole" or mark_of(following.text) is not None
    return words >= 3 and prose


def _short_line(block: Block) -> bool:
    text = block.text
    return (
        block.kind == "text" and not block.soft and 4 <= len(text) <= LONGEST_HEADING
        and text.lstrip("\"“'‘")[:1].isupper() and not text.endswith(_ENDS_SENTENCE)
        and not is_caption(block) and not _WEB.search(text) and not _DATE_LINE.match(text)
        and mark_of(text) is None
    )  # fmt: skip
