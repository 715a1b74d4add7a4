"""One transaction a request, committed here and nowhere else."""

from typing import Any

from flask import Flask, Response, g
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from handbook.core.db import run_after_commit, translated
from handbook.core.errors import HandbookError, Unavailable
from handbook.web import errors, receipts
from handbook.web.parsing import WholeRequest


class TransactionalFlask(Flask):
    """Flask, with the commit between the view and the answer: nothing is acknowledged before it is stored."""

    request_class = WholeRequest

    def preprocess_request(self) -> ResponseReturnValue | None:
        with translated():
            return super().preprocess_request()

    def dispatch_request(self) -> ResponseReturnValue:
        with translated():
            try:
                response = self.make_response(super().dispatch_request())
                if receipts.keyed():
                    response = self.make_response(_answered(response))
            except receipts.Settled:
                return _settled()
            except HandbookError as refusal:
                if refusal.keep:
                    receipts.withdraw()
                    _commit()
                raise
            if response.status_code < 400:
                _commit()
            return response

    def handle_user_exception(self, e: Exception) -> ResponseReturnValue:
        """A phone's act is refused in data, also where a feature has pages of its own for it."""
        return errors.told(e) if receipts.keyed() else super().handle_user_exception(e)


def _answered(response: Response) -> ResponseReturnValue:
    if response.status_code < 400:
        return receipts.complete(response)
    return response if response.is_json else errors.plainly(response.status_code)


def _settled() -> ResponseReturnValue:
    """What the twin was answered that came first."""
    answer = receipts.stored()
    if answer is None:
        raise Unavailable()
    return answer


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
