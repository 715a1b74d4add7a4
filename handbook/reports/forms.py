"""What a person enters: an opinion, and the answer to one."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from handbook.reports.models import LONGEST_SUBJECT, LONGEST_TEXT, OpinionKind

_Line = Annotated[str, StringConstraints(strip_whitespace=True)]


class OpinionIn(BaseModel):
    """An opinion as its author writes it. Lengths are in characters, a line's end counts as one."""

    model_config = ConfigDict(extra="ignore")

    kind: OpinionKind
    unit_id: UUID
    subject: Annotated[_Line, Field(min_length=1, max_length=LONGEST_SUBJECT)]
    text: Annotated[_Line, Field(min_length=1, max_length=LONGEST_TEXT)]


class AnswerIn(BaseModel):
    """The committee's answer."""

    model_config = ConfigDict(extra="ignore")

    answer: Annotated[_Line, Field(min_length=1, max_length=LONGEST_TEXT)]
