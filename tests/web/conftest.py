"""A small application of the same make, with routes that misbehave on purpose."""

from collections.abc import Iterator

import pytest
from flask import Flask
from pydantic import BaseModel, Field
from sqlalchemy import text

from handbook.app import create_app
from handbook.core.clock import now
from handbook.core.db import Database
from handbook.core.errors import Conflict, Refused, Unavailable
from handbook.core.limits import RateWindow
from handbook.core.settings import Settings
from handbook.web import current
from handbook.web.access import public
from handbook.web.parsing import read
from tests.page import Client


class NoteIn(BaseModel):
    title: str = Field(min_length=1, max_length=20)
    pages: int
    tags: list[str] = Field(default_factory=list)


def _write(bucket: str) -> None:
    current.db().add(RateWindow(bucket=bucket, opened_at=now(), uses=1))
    current.db().flush()


@public
def fine() -> str:
    _write("fine")
    return "fine"


@public
def refused() -> str:
    _write("refused")
    raise Refused("origin.foreign")


@public
def kept() -> str:
    _write("kept")
    raise Conflict("input.invalid").keeping()


@public
def broken() -> str:
    _write("broken")
    raise ZeroDivisionError("the secret of the house")


@public
def busy() -> str:
    raise Unavailable()


@public
def note() -> dict[str, object]:
    return read(NoteIn).model_dump()


@public
def writing_get() -> str:
    _write("get")
    return "read"


@pytest.fixture
def small(own_settings: Settings) -> Iterator[Flask]:
    app = create_app(own_settings)
    for view in (fine, refused, kept, broken, busy, note):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view, methods=["POST"])
    app.add_url_rule("/broken-page", "broken_page", broken)
    yield app
    app.extensions["handbook.database"].engine.dispose()


@pytest.fixture
def browser(small: Flask) -> Iterator[Client]:
    database: Database = small.extensions["handbook.database"]
    with database.session(read_only=True) as db:
        yield Client(small, db)


@pytest.fixture
def stored(small: Flask) -> object:
    """The buckets that were committed."""

    def buckets() -> set[str]:
        with small.extensions["handbook.database"].unit_of_work(read_only=True) as db:
            return set(db.execute(text("SELECT bucket FROM rate_window")).scalars())

    return buckets
