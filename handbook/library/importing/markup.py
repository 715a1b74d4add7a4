"""Markdown and HTML to one kind of HTML."""

from __future__ import annotations

import re

import mistune

_ORDERED = re.compile(r"^(\d{1,3})([.)]) +(?=\S)")
_STRUCTURAL = re.compile(r"^(\d{1,3}\\?[.)]|[a-zđ]\)|[IVXLC]{1,6}[.)]|(Phần|Chương|Mục|Điều)\s+\w+\b)\s*", re.I)
_BREAK = re.compile(r"<br\s*/?>", re.I)
_RULE = re.compile(r"^\s{0,3}([-*_])(\s*\1){2,}\s*$")
_FENCE = re.compile(r"^\s{0,3}(```+|~~~+)")
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.I | re.S)
_MARKDOWN_TABLE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)+\|?\s*$")


def markdown_to_html(text: str) -> tuple[str, list[str]]:
    """HTML, and what was left out (the lines of a front matter that are not text, as they stand).

    Raw HTML in the text is shown as written: taking it for markup could swallow words. Numbered lines become
    paragraphs that keep their numbers, because the number is part of a document's text.
    """
    renderer = mistune.create_markdown(escape=True, plugins=["table", "strikethrough"], hard_wrap=False)
    renderer.block.rules.remove("block_code") if "block_code" in renderer.block.rules else None
    result = renderer(_prepared(text))
    return str(result), []


def _prepared(text: str) -> str:
    lines: list[str] = []
    fenced = False
    for line in _BREAK.sub("  \n", text).split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and _STRUCTURAL.match(line):
            if lines and lines[-1].strip():
                lines.append("")
            line = _ORDERED.sub(r"\1\\\2 ", line)
        lines.append(line)
    return "\n".join(lines)


def html_title(text: str) -> str:
    """The words of the page's title element, which is not part of its text."""
    match = _TITLE.search(text)
    return " ".join(re.sub(r"<[^>]*>", "", match[1]).split()) if match else ""
