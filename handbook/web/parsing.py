"""One input class an act, read from an HTML form or JSON alike."""

from typing import Any, TypeVar

from flask import Request, request
from pydantic import BaseModel, ValidationError

from handbook.core.errors import Invalid
from handbook.core.text import nfc
from handbook.web.receipts import FORM

Input = TypeVar("Input", bound=BaseModel)


class WholeRequest(Request):
    """A request whose body is there to its announced end, or is refused with 400 when it is read.

    gunicorn ends a body where the line broke off and says that this is safe to read: half a text would be stored as the
    whole, under a receipt for the half. Without that word Werkzeug counts the bytes itself."""

    def __init__(self, environ: dict[str, Any], *rest: Any, **more: Any) -> None:
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        super().__init__(environ, *rest, **more)


def check_address() -> None:
    """Raises Invalid("field.characters") for a NUL in the query: no database takes one, not even to find nothing."""
    if any("\x00" in text for texts in request.args.listvalues() for text in texts):
        raise Invalid("field.characters")


def read(wanted: type[Input]) -> Input:
    """The request's body as ``wanted``. Raises Invalid with a code for each field that does not fit.

    A phone says with which version of the form it was written: it must be one of ``wanted.VERSIONS``, or nothing is
    looked at (Invalid("form.version")). What names no version is judged by its fields alone."""
    version = request.headers.get(FORM)
    if version is not None and version not in getattr(wanted, "VERSIONS", ()):
        raise Invalid("form.version")
    try:
        return wanted.model_validate(_json() if request.is_json else _form(wanted))
    except ValidationError as error:
        raise Invalid(fields=field_codes(error)) from None


def field_codes(error: ValidationError) -> dict[str, str]:
    """Pydantic's faults as ``{field: code}``: our own codes where a validator raised one, else pydantic's type."""
    found: dict[str, str] = {}
    for fault in error.errors():
        name = ".".join(str(part) for part in fault["loc"]) or "form"
        own = fault["msg"].removeprefix("Value error, ") if fault["type"] == "value_error" else ""
        found.setdefault(name, own or f"field.{fault['type']}")
    return found


def _json() -> object:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Invalid("input.not_an_object")
    return body


def _form(wanted: type[BaseModel]) -> dict[str, object]:
    """Lists where the class wants several values, otherwise the single one; twice the same field is refused."""
    values: dict[str, object] = {}
    for name, texts in request.form.lists():
        field = wanted.model_fields.get(name)
        texts = [clean(text) for text in texts]
        if field is not None and "list" in str(field.annotation):
            values[name] = texts
        elif len(texts) > 1:
            raise Invalid(fields={name: "field.repeated"})
        else:
            values[name] = texts[0]
    return values


def clean(text: str) -> str:
    """Text as it is stored: NFC, no NUL, no half characters. Raises Invalid("field.characters")."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid("field.characters") from None
    if "\x00" in text:
        raise Invalid("field.characters")
    return nfc(text).replace("\r\n", "\n")
