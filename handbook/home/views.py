"""The page behind the cover."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from handbook.identity import queries as identity
from handbook.library import queries as library
from handbook.reports.queries import duties
from handbook.reports.words import period_words
from handbook.web import current
from handbook.web.access import signed_in
from handbook.web.pages import page

pages = Blueprint("home", __name__)


@pages.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Today for one member. Without a session the answer is the way to sign-in.

    Phones keep this page: nothing in it may depend on the hour it was made."""
    db, me = current.db(), current.me()
    return page(
        "home/index.html",
        owed=duties.owed(db, me.actor),
        period=period_words,
        to_read=library.to_read(db, me.actor),
        latest=library.latest(db, me.actor),
        unseen=identity.unseen(db, me.member_id),
    )
