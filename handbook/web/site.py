"""The routes that belong to no feature: readiness, and in the demo the sheet of components."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from handbook.web import current
from handbook.web.access import public
from handbook.web.pages import page

pages = Blueprint("site", __name__)
design = Blueprint("design", __name__)


@pages.get("/up")
@public
def up() -> ResponseReturnValue:
    """200 once the database answers and is migrated. Asked every few seconds, so without a session of the ORM."""
    with current.database().engine.connect() as connection:
        connection.execution_options(reading=True)
        connection.exec_driver_sql("SELECT 1 FROM alembic_version")
    return "up\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@design.get("/design")
@public
def index() -> ResponseReturnValue:
    """Every component in every state, for people who build pages."""
    return page("design/index.html")
