"""What a person enters: an opinion, and the answer to one."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, WrapValidator

from handbook.reports.models import LONGEST_SUBJECT, LONGEST_TEXT, OpinionKind

_Line = Annotated[str, StringConstraints(strip_whitespace=True)]


def _or_else(code: str) -> WrapValidator:
    """Whatever is wrong with a list's value, the one who chooses from it is told `code`."""

    def checked(value: Any, check: Any) -> Any:
        try:
            return check(value)
        except ValidationError:
            raise ValueError(code) from None

    return WrapValidator(checked)


class OpinionIn(BaseModel):
    """An opinion as its author writes it. Lengths are in characters, a line's end counts as one."""

    model_config = ConfigDict(extra="ignore")

    kind: Annotated[OpinionKind, _or_else("opinion.kind")]
    unit_id: Annotated[UUID, _or_else("opinion.unit")]
    subject: Annotated[_Line, Field(min_length=1, max_length=LONGEST_SUBJECT)]
    text: Annotated[_Line, Field(min_length=1, max_length=LONGEST_TEXT)]


class AnswerIn(BaseModel):
    """The committee's answer."""

    model_config = ConfigDict(extra="ignore")

    answer: Annotated[_Line, Field(min_length=1, max_length=LONGEST_TEXT)]
