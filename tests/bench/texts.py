"""Invented documents of a fixed size: the same words in every run."""

from __future__ import annotations

import random
from pathlib import Path

ARTICLES = 24
_WORDS = (
    "nghị quyết đảng viên chi bộ học tập chuyên đề trung ương thành phố sinh hoạt báo cáo kết quả công tác xây dựng "
    "nội dung tổ chức cán bộ kiểm tra giám sát tuyên giáo dân vận nhiệm vụ giải pháp trọng tâm đổi mới phương thức"
).split()


def sentence(source: random.Random, words: int) -> str:
    """So many invented words, with a capital and a full stop."""
    return " ".join(source.choice(_WORDS) for _ in range(words)).capitalize() + "."


def articles(number: int) -> list[tuple[str, list[str]]]:
    """Heading and two paragraphs of each article of document ``number``; about 22 KB of page in all."""
    source = random.Random(number)
    return [
        (f"Điều {at}. {sentence(source, 6)}", [sentence(source, 55), sentence(source, 55)])
        for at in range(1, ARTICLES + 1)
    ]


def write(number: int, folder: Path) -> Path:
    """Document ``number`` as a Markdown file with the head that such papers have."""
    day, month = number % 28 + 1, number % 12 + 1
    lines = [
        "ĐẢNG BỘ THÀNH PHỐ VÂN HẢI",
        f"Số {number:02d}-NQ/TU",
        f"Vân Hải, ngày {day} tháng {month} năm 2026",
        "NGHỊ QUYẾT",
        f"# Về việc thứ {number} trong chương trình toàn khóa",
    ]
    for heading, paragraphs in articles(number):
        lines += [f"## {heading}", *paragraphs]
    path = folder / f"nghi-quyet-{number:04d}.md"
    path.write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return path
