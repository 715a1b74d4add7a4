"""States that a rule may end in. A rule raises a code and values; the web layer chooses words and language."""

from typing import Any, Self, TypeVar

Row = TypeVar("Row")


class HandbookError(Exception):
    """A refusal with a stable ``code`` such as ``passkey.last`` and the ``values`` that its sentence needs.

    A refusal rolls everything back, unless ``keep`` is set on it: then what was written before it stays
    (a challenge that a failed try uses up, a row in the trail)."""

    keep = False

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def keeping(self) -> Self:
        """The same refusal, with ``keep`` set."""
        self.keep = True
        return self


class Missing(HandbookError):
    """There is no such thing, or it is out of the actor's reach: the two look the same."""


def present(row: Row | None, code: str, **values: Any) -> Row:
    """What was looked for, when it is there. Raises Missing with `code`."""
    if row is None:
        raise Missing(code, **values)
    return row


class Refused(HandbookError):
    """The thing is in reach, but its state or a rule says no."""


class Conflict(HandbookError):
    """Somebody else was first: the thing changed or exists already."""


class Gone(HandbookError):
    """It was there and is used up or has run out."""


class Invalid(HandbookError):
    """The input cannot be taken. ``fields`` maps a field's name to the code of what is wrong with it."""

    def __init__(self, code: str = "input.invalid", *, fields: dict[str, str] | None = None, **values: Any) -> None:
        super().__init__(code, **values)
        self.fields = fields or {}


class TooMany(HandbookError):
    """Too many tries; ``retry_after`` is in seconds."""

    def __init__(self, code: str = "limit.reached", *, retry_after: int, **values: Any) -> None:
        super().__init__(code, retry_after=retry_after, **values)
        self.retry_after = retry_after


class StepUpNeeded(HandbookError):
    """The act asks for a passkey check within the last minutes."""


class SignInNeeded(HandbookError):
    """Nobody is signed in."""


class Unavailable(HandbookError):
    """The store is busy, full or away for now; ``retry_after`` is in seconds."""

    def __init__(self, code: str = "store.unavailable", *, retry_after: int = 2, **values: Any) -> None:
        super().__init__(code, **values)
        self.retry_after = retry_after
