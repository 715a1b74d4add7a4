"""A form as its authors write it: sections of questions. Frozen; what is not named here is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
)

from handbook.core.text import nfc
from handbook.questions.faults import Fault, FormRefused

MOST_QUESTIONS = 500  # of one form, columns of its tables included
MOST_SECTIONS = 60
MOST_COLUMNS = 40
MOST_CHOICES = 500
MOST_ROWS = 2000
MOST_FILES = 10
LARGEST_NUMBER = 1e15  # below 2**53: whole numbers stay exact, and none is ever written with an exponent
LONGEST_EXPRESSION = 1000
LONGEST_SHORT_TEXT = 500  # of an answer, in characters
LONGEST_LONG_TEXT = 20_000


def _line_ends(text: object) -> object:
    return nfc(text.replace("\r\n", "\n").replace("\r", "\n")) if isinstance(text, str) else text


def _no_reference(words: str) -> str:
    """Words are shown as they are: a reference in them would be shown too."""
    if "${" in words:
        raise ValueError("reference")
    return words


def _bare_text(value: object) -> object:
    """A plain string is Vietnamese."""
    return {"vi": value} if isinstance(value, str) else value


def _unsigned_nought(number: float) -> float:
    return number + 0.0


# What a spreadsheet's cell and both databases can hold: no control characters, no halves of characters.
_PRINTABLE = r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]*$"
Words = Annotated[
    str,
    BeforeValidator(_line_ends),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=_PRINTABLE),
    AfterValidator(_no_reference),
]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,49}$")]
ChoiceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,49}$")]
Expression = Annotated[
    str,
    BeforeValidator(_line_ends),
    StringConstraints(strip_whitespace=True, max_length=LONGEST_EXPRESSION, pattern=_PRINTABLE),
]
Amount = Annotated[
    float,
    Field(strict=True, ge=-LARGEST_NUMBER, le=LARGEST_NUMBER, allow_inf_nan=False),
    AfterValidator(_unsigned_nought),
]
Unit = Annotated[
    str,
    BeforeValidator(_line_ends),
    StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^[^\x00-\x1f\x7f-\x9f\ufffe\uffff]*$"),
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Wording(_Part):
    """Words in the languages of the handbook; a plain string stands for Vietnamese alone."""

    vi: Words
    en: Words | None = None


Text = Annotated[Wording, BeforeValidator(_bare_text)]


class Choice(_Part):
    name: ChoiceName
    label: Text


class _Question(_Part):
    name: Name
    label: Text
    hint: Text | None = None
    relevant: Expression = ""


class _Answered(_Question):
    """A question that a person answers. `required` may be a condition."""

    required: StrictBool | Expression = False
    constraint: Expression = ""
    constraint_message: Text | None = None


class ShortText(_Answered):
    kind: Literal["text"] = "text"
    default: Words | None = None


class LongText(_Answered):
    kind: Literal["long_text"] = "long_text"
    default: Words | None = None


class Number(_Answered):
    kind: Literal["number"] = "number"
    whole: StrictBool = False
    unit: Unit = ""
    minimum: Amount | None = None
    maximum: Amount | None = None
    default: Amount | None = None


class Day(_Answered):
    kind: Literal["date"] = "date"
    default: Annotated[str, StringConstraints(max_length=50)] | None = None


class Month(_Answered):
    kind: Literal["month"] = "month"
    default: Annotated[str, StringConstraints(max_length=50)] | None = None


class YesNo(_Answered):
    """Answered "yes" or "no"."""

    kind: Literal["yes_no"] = "yes_no"
    default: Annotated[str, StringConstraints(max_length=50)] | None = None


class OneOf(_Answered):
    kind: Literal["one_of"] = "one_of"
    choices: Annotated[tuple[Choice, ...], Field(min_length=1, max_length=MOST_CHOICES)]
    default: Annotated[str, StringConstraints(max_length=50)] | None = None


class ManyOf(_Answered):
    kind: Literal["many_of"] = "many_of"
    choices: Annotated[tuple[Choice, ...], Field(min_length=1, max_length=MOST_CHOICES)]
    default: Annotated[tuple[ChoiceName, ...], Field(max_length=MOST_CHOICES)] | None = None


class Attachment(_Question):
    """Answered by the ids of files that are sent apart."""

    kind: Literal["attachment"] = "attachment"
    required: StrictBool | Expression = False
    most: Annotated[int, Field(strict=True, ge=1, le=MOST_FILES)] = 1


class Note(_Question):
    """Words between the questions."""

    kind: Literal["note"] = "note"


class Calculated(_Question):
    """What the form works out by itself."""

    kind: Literal["calculated"] = "calculated"
    calculation: Expression
    unit: Unit = ""


Column = Annotated[
    ShortText | LongText | Number | Day | Month | YesNo | OneOf | ManyOf | Attachment | Calculated,
    Field(discriminator="kind"),
]


class Table(_Question):
    """The same questions for every row. Required means: at least one row."""

    kind: Literal["table"] = "table"
    required: StrictBool | Expression = False
    questions: Annotated[tuple[Column, ...], Field(min_length=1, max_length=MOST_COLUMNS)]
    min_rows: Annotated[int, Field(strict=True, ge=0, le=MOST_ROWS)] = 0
    max_rows: Annotated[int, Field(strict=True, ge=1, le=MOST_ROWS)] = 100


Question = Annotated[
    ShortText | LongText | Number | Day | Month | YesNo | OneOf | ManyOf | Attachment | Note | Calculated | Table,
    Field(discriminator="kind"),
]


class Section(_Part):
    name: Name
    title: Text
    relevant: Expression = ""
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=MOST_QUESTIONS)]


class Form(_Part):
    """Names of sections, questions and columns are all different, so that a name means one thing in every condition."""

    name: Name
    title: Text
    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=MOST_SECTIONS)]

    def questions(self) -> Iterator[Question]:
        """The questions of all sections, in order; columns stay in their tables."""
        return (question for section in self.sections for question in section.questions)


def load(data: object) -> Form:
    """The form written as JSON. Raises FormRefused when that has not its shape; `compiled` says if it works."""
    try:
        return Form.model_validate(data)
    except ValidationError as error:
        raise FormRefused(_fault(data, told) for told in error.errors()) from None


def dumped(form: Form) -> dict[str, Any]:
    """The form as JSON, defaults left out; `load` gives the same form again."""
    told: dict[str, Any] = _without_blanks(form.model_dump(mode="json"))
    return told


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_blanks(part) for key, part in value.items() if not _is_default(part)}
    return [_without_blanks(part) for part in value] if isinstance(value, list) else value


def _is_default(part: Any) -> bool:
    return part is None or part is False or part == ""  # nought is a bound like others


def _fault(data: Any, told: Any) -> Fault:
    """The innermost thing with a name on the way to the error, and the property below it."""
    place, part = "", ""
    for step in told["loc"]:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            if isinstance(data, dict) and data.get("kind") == step:
                continue  # pydantic names the kind that it chose
            data = None
        if isinstance(data, dict) and isinstance(data.get("name"), str) and len(data["name"]) <= 50:
            place, part = data["name"], ""
        elif not part and isinstance(step, str):
            part = step
    return Fault(place, "form.shape", part, values={"reason": told["type"], **_plain(told.get("ctx", {}))})


def _plain(context: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in context.items() if isinstance(value, int | float | str)}
