"""What staff enter to ask for reports and to review them, and what is sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from handbook.core.errors import Invalid
from handbook.core.text import nfc
from handbook.periods.period import parse
from handbook.reports.models import Respondent, Verdict

LONGEST_NOTE = 2000
MOST_NOTES = 200
_Line = Annotated[str, StringConstraints(strip_whitespace=True)]
_Absent = BeforeValidator(lambda value: None if value == "" else value)  # a field that was left empty
_Note = Annotated[_Line, Field(max_length=LONGEST_NOTE)]


def _period(text: str) -> str:
    try:
        return parse(text).id
    except Invalid as error:
        raise ValueError(error.code) from None


class RequestIn(BaseModel):
    """A form version asked of everybody below a unit. The days are in order: opens, due, end of grace, lock."""

    model_config = ConfigDict(extra="ignore")

    version_id: UUID
    unit_id: UUID
    title: Annotated[_Line, Field(min_length=1, max_length=200)]
    respondent: Respondent
    level_code: Annotated[str | None, Field(max_length=32), _Absent] = None
    period: Annotated[_Line, Field(max_length=20), AfterValidator(_period)]
    opens_on: date
    due_on: date
    grace_until: Annotated[date | None, _Absent] = None
    locks_on: date

    @model_validator(mode="after")
    def _in_order(self) -> RequestIn:
        if not self.opens_on <= self.due_on <= self.ends_grace_on <= self.locks_on:
            raise ValueError("request.days")
        if (self.respondent == Respondent.UNIT) != bool(self.level_code):
            raise ValueError("request.level")
        return self

    @property
    def ends_grace_on(self) -> date:
        return self.grace_until or self.due_on


class SubmissionIn(BaseModel):
    """Answers to one version of a form, written on top of the submission number `based_on` (0 for the first)."""

    model_config = ConfigDict(extra="ignore")

    version_id: UUID
    based_on: Annotated[int, Field(ge=0, le=10_000)]
    filled_on: Annotated[date | None, _Absent] = None
    answers: dict[str, Any]


class ReviewIn(BaseModel):
    """A verdict; a returned report says why, as a whole or at its questions."""

    model_config = ConfigDict(extra="ignore")

    number: Annotated[int, Field(ge=1, le=10_000)]
    verdict: Verdict
    note: _Note = ""
    notes: Annotated[dict[Annotated[str, Field(max_length=120)], _Note], Field(max_length=MOST_NOTES)] = {}

    @model_validator(mode="after")
    def _says_why(self) -> ReviewIn:
        self.note = nfc(self.note)
        self.notes = {place: nfc(note) for place, note in self.notes.items() if note}
        if self.verdict == Verdict.RETURNED and not (self.note or self.notes):
            raise ValueError("review.why")
        return self


class ExcuseIn(BaseModel):
    """Why somebody need not send a report, or until when they have more time."""

    model_config = ConfigDict(extra="ignore")

    excuse: Annotated[_Line, Field(min_length=1, max_length=500)]
    extended_to: Annotated[date | None, _Absent] = None
