"""The sections of a text as a reader sees them: a contents list, and parts inside parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from handbook.core.text import fold
from handbook.library.importing.structure import TITLE_LEVEL
from handbook.library.models import Section

LONGEST_CONTENTS = 60  # lines; deeper parts are left out of the list beyond this
HIGHEST_HEADING = 2  # h1 is the document's title


@dataclass(frozen=True)
class ContentsLine:
    """One line of the contents; ``depth`` counts from the outermost line, which has 0."""

    label: str
    title: str
    anchor: str
    depth: int


@dataclass
class Part:
    """A section with those inside it. `html` passed the allowlist when it was stored, hence `Markup`."""

    anchor: str
    heading_tag: str
    label: str
    heading: str
    html: Markup
    parts: list[Part] = field(default_factory=list)


def contents_of(sections: Sequence[Section]) -> list[ContentsLine]:
    """Headed sections, as deep as stays short enough to overlook; nothing when there is one heading or none."""
    headed = [section for section in sections if section.level > TITLE_LEVEL and (section.heading or section.label)]
    for depth in range(max((section.level for section in headed), default=0), 0, -1):
        shown = [section for section in headed if section.level <= depth]
        if len(shown) <= LONGEST_CONTENTS or depth == 1:
            levels = sorted({part.level for part in shown})
            lines = [ContentsLine(part.label, part.heading, part.anchor, levels.index(part.level)) for part in shown]
            return lines if len(lines) > 1 else []
    return []


def tree_of(sections: Sequence[Section], title: str) -> list[Part]:
    """Parts inside parts. The title's own line is left out when it says what the page's heading says."""
    roots: list[Part] = []
    open_parts: list[tuple[int, int, Part]] = []  # level, heading rank so far, part
    for section in sections:
        if section.level == TITLE_LEVEL and fold(section.heading).split() == fold(title).split():
            continue
        level = max(section.level, 1)
        while open_parts and open_parts[-1][0] >= level:
            open_parts.pop()
        above = open_parts[-1][1] if open_parts else HIGHEST_HEADING - 1
        rank = above + 1 if section.heading or section.label else above
        part = Part(
            section.anchor,
            f"h{min(rank, 6)}",
            section.label,
            section.heading,
            Markup(section.html),  # noqa: S704 - sanitised when it was taken in
        )
        (open_parts[-1][2].parts if open_parts else roots).append(part)
        open_parts.append((level, rank, part))
    return roots
