"""One transaction a request, committed here and nowhere else."""

from typing import Any

from flask import Flask, g
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handbook.core.db import run_after_commit, translated
from handbook.core.errors import HandbookError


class TransactionalFlask(Flask):
    """Flask, with the commit between the view and the answer: nothing is acknowledged before it is stored."""

    def preprocess_request(self) -> ResponseReturnValue | None:
        with translated():
            return super().preprocess_request()

    def dispatch_request(self) -> ResponseReturnValue:
        with translated():
            try:
                response = self.make_response(super().dispatch_request())
            except HandbookError as refusal:
                if refusal.keep:
                    _commit()
                raise
            if response.status_code < 400:
                _commit()
            return response


def _commit() -> None:
    session: Session | None = g.get("db")
    if session is not None and g.get("writing", False):
        session.commit()
        run_after_commit(session)


def close(_error: Any = None) -> None:
    """At the end of the request: whatever was not committed is rolled back."""
    session: Session | None = g.pop("db", None)
    if session is not None:
        session.rollback()
        session.close()
