"""Markdown and HTML to one kind of HTML."""

from __future__ import annotations

import re
from functools import cache

import mistune

_ORDERED = re.compile(r"^(\d{1,3})([.)]) +(?=\S)")
_STRUCTURAL = re.compile(r"^(\d{1,3}\\?[.)]|[a-zđ]\)|[IVXLC]{1,6}[.)]|(Phần|Chương|Mục|Điều)\s+\w+\b)\s*", re.I)
_BREAK = re.compile(r"<br\s*/?>", re.I)
_FENCE = re.compile(r"^\s{0,3}(```+|~~~+)")
_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n((?:[ \t]*[\w-]+[ \t]*:[^\n]*\n)+)---[ \t]*(?:\n|\Z)")
_ADDRESS = re.compile(r"\]\(([^()\s]+)")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.I | re.S)


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """The "name: value" lines between bars at the very top, and the text after them."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    pairs = (line.partition(":") for line in match[1].splitlines())
    return {name.strip().lower(): value.strip().strip("\"'") for name, _, value in pairs}, text[match.end() :]


def markdown_to_html(text: str) -> tuple[str, list[str]]:
    """HTML, and the addresses that were left out.

    Raw HTML in the text is shown as written: taking it for markup could swallow words. Numbered lines become
    paragraphs that keep their numbers, because the number is part of a document's text.
    """
    result = _renderer()(_prepared(text))
    if not isinstance(result, str):
        raise TypeError("the renderer for HTML returns text")
    return result, _ADDRESS.findall(text)


@cache
def _renderer() -> mistune.Markdown:
    renderer = mistune.create_markdown(escape=True, plugins=["table", "strikethrough"], hard_wrap=False)
    renderer.block.rules.remove("indent_code")  # indented lines are never program text here
    return renderer


def _prepared(text: str) -> str:
    lines: list[str] = []
    fenced = False
    for line in _BREAK.sub("  \n", text).split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and _STRUCTURAL.match(line.lstrip()) and len(line) - len(line.lstrip()) <= 6:
            line = line.lstrip()
            if lines and lines[-1].strip():
                lines.append("")
            line = _ORDERED.sub(r"\1\\\2 ", line)
        lines.append(line)
    return "\n".join(lines)


def html_title(text: str) -> str:
    """The words of the page's title element, which is not part of its text."""
    match = _TITLE.search(text)
    return " ".join(re.sub(r"<[^>]*>", "", match[1]).split()) if match else ""
