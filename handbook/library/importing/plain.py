"""Plain text to HTML: paragraphs, the traces of markup that copied pages leave, and links made clickable."""

from __future__ import annotations

import html
import re

from handbook.library.importing.numbering import opens_section

_IMAGE = re.compile(r"!\[([^\]\n]*)\]\(([^()\s]*(?:\([^()]*\))?[^()\s]*)(?:\s+\"[^\"\n]*\")?\)")
_BARS_ONLY = re.compile(r"^[|\s:+=-]*[|][|\s:+=-]*$|^[-=*~+]{3,}$")
_URL = re.compile(r"https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)\]'’]")
_BULLET = re.compile(r"^[-–—•*+●▪◦]\s+(?=\S)")
_WRAP_LEAST, _WRAP_MOST = 45, 110  # characters of a line broken by a program rather than by a writer
SENTENCE_END = (".", ":", ";", "!", "?", "…", "”", '"', ")")


def to_html(text: str) -> tuple[str, list[str]]:
    """Paragraphs as HTML, and the markup tokens that were left out. No other word is dropped or changed."""
    dropped: list[str] = []
    parts: list[str] = []
    for chunk in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text):
        lines = [line for line in (_unmark(line, dropped) for line in chunk.split("\n")) if line]
        paragraphs = join_wrapped(lines) if looks_wrapped(lines) else lines
        parts.extend(_paragraph(paragraph) for paragraph in paragraphs)
    return "".join(parts), dropped


def _paragraph(text: str) -> str:
    if image := re.fullmatch(r"\x01([^\x02]*)\x02", text):
        return f'<p><img alt="{html.escape(image[1])}"></p>'
    pieces: list[str] = []
    for piece in re.split(r"(\x01[^\x02]*\x02)", text):
        if piece.startswith("\x01"):
            pieces.append(f'<img alt="{html.escape(piece[1:-1])}">')
        else:
            pieces.append(_linked(piece))
    return f"<p>{''.join(pieces)}</p>"


def _linked(text: str) -> str:
    pieces: list[str] = []
    end = 0
    for match in _URL.finditer(text):
        address = html.escape(match.group())
        pieces += [html.escape(text[end : match.start()], quote=False), f'<a href="{address}">{address}</a>']
        end = match.end()
    return "".join(pieces) + html.escape(text[end:], quote=False)


def _unmark(line: str, dropped: list[str]) -> str:
    """The line without image addresses, rows of bars and outer bars; an image with words keeps them."""

    def image(match: re.Match[str]) -> str:
        dropped.append(match.group().replace(match[1], "", 1) if match[1] else match.group())
        return f"\x01{match[1]}\x02" if match[1].strip() else " "

    line = _IMAGE.sub(image, line).strip()
    if _BARS_ONLY.match(line):
        dropped.append(line)
        return ""
    if line.startswith("|") or line.endswith("|"):
        bare = line.strip("|").strip()
        dropped.extend("|" for _ in range(line.count("|") - bare.count("|")))
        line = bare
    return line


def looks_wrapped(lines: list[str]) -> bool:
    """Whether line ends are a program's: all lines but the last are about as long as each other."""
    if len(lines) < 3:
        return False
    lengths = [len(line) for line in lines[:-1]]
    widest = max(lengths)
    full = sum(length >= 0.75 * widest for length in lengths)
    return _WRAP_LEAST <= widest <= _WRAP_MOST and full >= 0.8 * len(lengths)


def join_wrapped(lines: list[str]) -> list[str]:
    """Paragraphs out of wrapped lines. A numbered line, a bullet or a short line after a full stop begins a new one."""
    widest = max((len(line) for line in lines), default=0)
    paragraphs: list[str] = []
    previous = ""
    for line in lines:
        if paragraphs and _continues(previous, line, widest):
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
        previous = line
    return paragraphs


def _continues(previous: str, line: str, widest: int) -> bool:
    if opens_section(line) or _BULLET.match(line):
        return False
    if previous.isupper() != line.isupper() and (previous.isupper() or line.isupper()):
        return False
    first_word = line.split(maxsplit=1)[0]
    room = widest - len(previous) > len(first_word) + 4
    ended = previous.endswith(SENTENCE_END)
    starts_low = line[0].islower() or line[0].isdigit() or not line[0].isalnum()
    return starts_low and not (ended and room) if room else not (ended and len(previous) < 0.8 * widest)
