"""What may be entered about a unit, a member and a post. One class an act; nothing else is read."""

import re
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from handbook.core.clock import today
from handbook.core.text import nfc
from handbook.organisation.models import Sex, Status, Succession
from handbook.policy.actor import Role

_CODE = re.compile(r"[0-9A-Z][0-9A-Z.\-]{0,23}")
_CARD = re.compile(r"\d{12}")
_PHONE = re.compile(r"0\d{9,10}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_EARLIEST = date(1900, 1, 1)


def _plain(text: str) -> str:
    """One line of NFC text; control characters would travel into logs, sheets and terminals."""
    text = " ".join(nfc(text).split())
    if not text:
        raise ValueError("field.missing")
    if any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in text):
        raise ValueError("field.characters")
    return text


def _code(text: str) -> str:
    # Codes become path segments: no slash, no LIKE wildcard, one case only, since SQLite's LIKE ignores case.
    if not _CODE.fullmatch(text := text.strip().upper()):
        raise ValueError("field.unit_code")
    return text


def _person(text: str) -> str:
    if any(character.isdigit() for character in text) or not any(character.isalpha() for character in text):
        raise ValueError("field.person_name")
    return text


def _card(text: str) -> str:
    if not _CARD.fullmatch(text := re.sub(r"[\s.]", "", text)):
        raise ValueError("field.card")
    return text


def _phone(text: str) -> str:
    text = re.sub(r"[\s.\-()]", "", text)
    if not _PHONE.fullmatch(text := re.sub(r"^\+?84", "0", text)):
        raise ValueError("field.phone")
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text := text.strip()):
        raise ValueError("field.email")
    return text


def _past(day: date) -> date:
    if not _EARLIEST <= day <= today():
        raise ValueError("field.date_range")
    return day


def _blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Code = Annotated[str, AfterValidator(_code)]
Line = Annotated[str, Field(max_length=200), AfterValidator(_plain)]
PersonName = Annotated[str, Field(max_length=120), AfterValidator(_plain), AfterValidator(_person)]
PastDay = Annotated[date, AfterValidator(_past)]
Card = Annotated[str, Field(max_length=40), AfterValidator(_card)]
Phone = Annotated[str, Field(max_length=40), AfterValidator(_phone)]
Email = Annotated[str, Field(max_length=200), AfterValidator(_email)]


class _In(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class UnitIn(_In):
    code: Code
    name: Line
    level_code: str
    parent_code: Annotated[Code | None, BeforeValidator(_blank)] = None
    valid_from: Annotated[date | None, BeforeValidator(_blank)] = None


class MemberIn(_In):
    """Tier A of the member record and nothing more (domain notes §5). The card number is twelve digits."""

    full_name: PersonName
    cell_code: Code
    birth_date: Annotated[PastDay | None, BeforeValidator(_blank)] = None
    sex: Annotated[Sex | None, BeforeValidator(_blank)] = None
    joined_on: Annotated[PastDay | None, BeforeValidator(_blank)] = None
    official_on: Annotated[PastDay | None, BeforeValidator(_blank)] = None
    card: Annotated[Card | None, BeforeValidator(_blank)] = None
    phone: Annotated[Phone | None, BeforeValidator(_blank)] = None
    email: Annotated[Email | None, BeforeValidator(_blank)] = None
    status: Annotated[Status | None, BeforeValidator(_blank)] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.official_on and not self.joined_on:
            raise ValueError("member.joined_missing")
        if self.official_on and self.joined_on and self.official_on < self.joined_on:
            raise ValueError("member.official_before_joined")
        if self.birth_date and self.joined_on and self.joined_on <= self.birth_date:
            raise ValueError("member.joined_before_birth")
        return self

    @property
    def standing(self) -> Status:
        """The status given, else the one that the dates say (probation ends with the official date)."""
        if self.status:
            return self.status
        if self.official_on:
            return Status.OFFICIAL
        return Status.PROBATIONARY if self.joined_on else Status.CANDIDATE


class StatusIn(_In):
    status: Status


class PostIn(_In):
    role: Role
    unit_id: UUID
    starts_on: Annotated[date | None, BeforeValidator(_blank)] = None
    ends_on: Annotated[date | None, BeforeValidator(_blank)] = None


class SuccessionIn(_In):
    predecessor_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    kind: Succession
    on: date
