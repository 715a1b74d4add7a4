"""The present request: who is signed in, and its one database session."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Request, current_app, g, request
from sqlmodel import Session

from handbook.core.db import Database
from handbook.core.errors import SignInNeeded
from handbook.core.settings import Settings
from handbook.policy.actor import Actor

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Signed:
    """Who is signed in, as the session row tells. ``member_tag`` names the member to the phone without naming them."""

    member_id: UUID
    member_tag: str
    session_id: UUID
    actor: Actor
    full_name: str
    last_step_up_at: datetime | None = None


Loader = Callable[[Request], Signed | None]


def set_loader(loader: Loader) -> None:
    """Name the function that finds out who is signed in. It may use ``db()``, which is only reading then."""
    current_app.extensions["handbook.loader"] = loader


def settings() -> Settings:
    """The settings of this application."""
    found: Settings = current_app.extensions["handbook.settings"]
    return found


def database() -> Database:
    """The process's database, for the rare short transaction of its own (rate limits)."""
    found: Database = current_app.extensions["handbook.database"]
    return found


def db() -> Session:
    """The request's session. It reads while the member is being recognised; then it writes if the route does.

    What ``g.first_write`` holds is called once, with the session that writes, before anything else is written."""
    if "db" not in g:
        g.db = database().session(read_only=not g.get("writing", False))
        g.db.info["request_id"] = g.get("request_id")
        if g.get("writing", False) and (first := g.pop("first_write", None)):
            first(g.db)
    session: Session = g.db
    return session


def end_reading() -> None:
    """Close the session that recognised the member, so that a writing route starts its own transaction."""
    session = g.pop("db", None)
    if session is not None:
        session.rollback()
        session.close()


def signed() -> Signed | None:
    """Who is signed in, or None; asked of the loader once a request."""
    if "signed" not in g:
        loader: Loader | None = current_app.extensions.get("handbook.loader")
        g.signed = loader(request) if loader else None
    found: Signed | None = g.signed
    return found


def me() -> Signed:
    """Who is signed in. Raises SignInNeeded when nobody is."""
    found = signed()
    if found is None:
        raise SignInNeeded("sign_in.needed")
    return found


def actor() -> Actor:
    """The signed-in member as policy sees them. Raises SignInNeeded when there is none."""
    return me().actor


def member_tag() -> str | None:
    """The signed-in member's tag for the phone, or None."""
    found = signed()
    return found.member_tag if found else None


def recognised() -> Signed | None:
    """Who was recognised during this request; asks nothing anew, so that an error page needs no database."""
    found: Signed | None = g.get("signed")
    return found
