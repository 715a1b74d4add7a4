"""PDF files with a text layer: page by page, lines put together into paragraphs."""

from __future__ import annotations

import html
import re

import pypdfium2

from handbook.core.errors import Invalid
from handbook.library.importing.decoding import tidy
from handbook.library.importing.plain import join_wrapped

MAX_PAGES = 1000
LEAST_CHARACTERS_A_PAGE = 15  # a scan may carry a stamp or a page number as text
_PAGE_NUMBER = re.compile(r"^\W{0,3}(?:(?:trang|page)\s+)?(\d{1,4})(?:\s*/\s*\d{1,4})?\W{0,3}$", re.I)


def to_html(data: bytes) -> tuple[str, list[str]]:
    """Paragraphs as HTML, and the page numbers that were left out.

    Raises Invalid "import.encrypted", "import.damaged", "import.bomb" (pages), "import.no_text" (a scan).
    """
    pages = _pages(data)
    if sum(len(re.sub(r"\s", "", page)) for page in pages) < LEAST_CHARACTERS_A_PAGE * len(pages):
        raise Invalid("import.no_text")
    dropped: list[str] = []
    lines: list[str] = []
    for number, page in enumerate(pages, 1):
        lines.extend(_without_page_number([line.strip() for line in page.split("\n")], number, dropped))
    paragraphs: list[str] = []
    for group in _groups(lines):
        paragraphs.extend(join_wrapped(group))
    return "".join(f"<p>{html.escape(paragraph, quote=False)}</p>" for paragraph in paragraphs), dropped


def _pages(data: bytes) -> list[str]:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise Invalid("import.encrypted" if locked else "import.damaged") from error
    try:
        if len(document) > MAX_PAGES:
            raise Invalid("import.bomb")
        return [_page_text(document, number) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise Invalid("import.damaged") from error
    finally:
        document.close()


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    text_page = page.get_textpage()
    try:
        return tidy(text_page.get_text_bounded())
    finally:
        text_page.close()
        page.close()


def _without_page_number(lines: list[str], page: int, dropped: list[str]) -> list[str]:
    """The page's lines; a lone number at its top or bottom that counts the pages is left out."""
    filled = [position for position, line in enumerate(lines) if line]
    for position in {filled[0], filled[-1]} if filled else set():
        match = _PAGE_NUMBER.match(lines[position])
        if match and abs(int(match[1]) - page) <= 2:
            dropped.append(lines[position])
            lines[position] = "\x00"
    return [line for line in lines if line != "\x00"]


def _groups(lines: list[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]
