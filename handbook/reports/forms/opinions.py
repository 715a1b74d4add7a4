"""What a person enters: an opinion, and the answer to one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, WrapValidator

from handbook.core.settings import Settings
from handbook.reports.models.opinions import (
    LONGEST_NAME,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    MOST_FILES,
    AttachmentKind,
    OpinionKind,
)

_MEGABYTE = 1_000_000
_Line = Annotated[str, StringConstraints(strip_whitespace=True)]


def _or_else(code: str) -> WrapValidator:
    """Whatever is wrong with a list's value, the one who chooses from it is told `code`."""

    def checked(value: Any, check: Any) -> Any:
        try:
            return check(value)
        except ValidationError:
            raise ValueError(code) from None

    return WrapValidator(checked)


def _listed(value: Any) -> Any:
    """A form says the list as JSON in one field."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return json.loads(value[0] or "[]")  # what is no JSON raises a ValueError, as any other fault
    return value


@dataclass(frozen=True)
class FileLimits:
    """What may be attached to one text: how many files, and how many bytes each and together."""

    most: int
    each: int
    together: int

    @classmethod
    def of(cls, settings: Settings) -> FileLimits:
        """As the operator set them; a sum under the largest file would make a liar of one of the two."""
        each = settings.attachment_max_mb * _MEGABYTE
        return cls(MOST_FILES, each, max(each, settings.attachments_max_mb * _MEGABYTE))


class AttachmentIn(BaseModel):
    """A file that will follow; `bytes` is its size."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    name: Annotated[_Line, Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f/\\]+$")]
    bytes: Annotated[int, Field(ge=1, le=2**30)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    kind: AttachmentKind


class OpinionIn(BaseModel):
    """An opinion as its author writes it. Lengths are in characters, a line's end counts as one.

    `VERSIONS` of the form that can still be read, the present one last. Whoever changes what a form must say adds one,
    and takes an old one away only when what was written with it cannot be read any more."""

    VERSIONS: ClassVar = ("1",)

    model_config = ConfigDict(extra="ignore")

    kind: Annotated[OpinionKind, _or_else("opinion.kind")]
    unit_id: Annotated[UUID, _or_else("opinion.unit")]
    subject: Annotated[_Line, Field(min_length=1, max_length=LONGEST_SUBJECT)]
    text: Annotated[_Line, Field(min_length=1, max_length=LONGEST_TEXT)]
    attachments: Annotated[
        list[AttachmentIn], Field(max_length=MOST_FILES), BeforeValidator(_listed), _or_else("attachment.list")
    ] = []


class AnswerIn(BaseModel):
    """The committee's answer."""

    model_config = ConfigDict(extra="ignore")

    answer: Annotated[_Line, Field(min_length=1, max_length=LONGEST_TEXT)]
