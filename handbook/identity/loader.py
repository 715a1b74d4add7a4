"""Recognising the member at each request: the cookie names a session row, the row decides.

Flask-Login is no more than the request loader: no cookie of its own, no "remember me", no session protection
(it signs people out when the browser updates or the address changes).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from flask import Flask, Request, Response, g, request
from flask_login import LoginManager, UserMixin
from sqlmodel import Session

from handbook.core.errors import Unavailable
from handbook.identity.rules import sessions
from handbook.organisation import queries as organisation
from handbook.web import current
from handbook.web.current import Signed

COOKIE = "__Host-hb"
WIPE_HEADER = "X-Handbook-Wipe"


class CurrentMember(UserMixin):
    """What Flask-Login calls a user: the id of the session's member and nothing that could be edited."""

    def __init__(self, signed: Signed) -> None:
        self.id = str(signed.member_id)


def init_app(app: Flask) -> None:
    """Have the web layer and Flask-Login ask the session table who is there."""
    with app.app_context():
        current.set_loader(recognise)
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app, add_context_processor=False)
    manager.request_loader(_user)
    app.after_request(_tell_to_wipe)


def recognise(asked: Request) -> Signed | None:
    """Who holds the cookie of this request now, or None. Notes the use at most once a minute."""
    token = asked.cookies.get(COOKIE, "")
    if not token:
        return None
    found = sessions.find(current.db(), current.settings(), token)
    if isinstance(found, sessions.Ended):
        g.wipe = found.member_tag if found.wipe else None
        return None
    if found is None:
        return None
    _note_use(found)
    return Signed(
        member_id=found.member_id,
        member_tag=found.member_tag,
        session_id=found.id,
        actor=organisation.actor_of(current.db(), found.member_id),
        full_name=found.full_name,
        last_step_up_at=found.last_step_up_at,
    )


def remember(response: Response, token: str, *, seconds: int) -> Response:
    """Give the browser the token of its session."""
    response.set_cookie(COOKIE, token, max_age=seconds, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def forget(response: Response) -> Response:
    """Take the token away from the browser."""
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return response


def held_token() -> str | None:
    """The token that the browser sent, good or not."""
    return request.cookies.get(COOKIE) or None


def _note_use(session: sessions.Live) -> None:
    """In a short transaction of its own, and only while the request is still reading. It waits for no other writer: a
    page is shown although the database is busy, and a use not noted now is noted a minute later."""
    if not sessions.is_due(session) or g.get("writing", False):
        return
    with contextlib.suppress(Unavailable), current.database().unit_of_work() as db, _impatient(db):
        sessions.seen(db, session)


@contextlib.contextmanager
def _impatient(db: Session) -> Iterator[None]:
    """SQLite's lock is asked for once, by the statement itself and not by BEGIN IMMEDIATE."""
    if db.get_bind().dialect.name != "sqlite":
        yield
        return
    connection = db.connection(execution_options={"reading": True})
    patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(patience)}")


def _user(_request: Request) -> CurrentMember | None:
    signed = current.signed()
    return CurrentMember(signed) if signed else None


def _tell_to_wipe(response: Response) -> Response:
    """A browser whose session was taken from it learns that its offline copy has to go."""
    if tag := g.get("wipe"):
        response.headers[WIPE_HEADER] = tag
    return response
