"""Every refusal in plain words, as a page or as JSON, and no stack trace to anyone."""

import logging
import secrets
from typing import Any

from flask import Flask, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from handbook.core import errors
from handbook.web import current, receipts, words

_STATUS: dict[type[errors.HandbookError], int] = {
    errors.Missing: 404,
    errors.Refused: 403,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.SignInNeeded: 401,
    errors.StepUpNeeded: 401,
    errors.Unavailable: 503,
}
_PAGES = (403, 404, 409, 410, 413, 422, 429, 500, 503)

log = logging.getLogger("handbook")


def wants_json() -> bool:
    """Whether a script asks: it reads a code, a page reads a sentence."""
    if receipts.keyed():
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(errors.HandbookError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _fault)


def status_of(error: errors.HandbookError) -> int:
    """The HTTP status of a refusal."""
    return next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)


def told(error: Exception) -> ResponseReturnValue:
    """The answer to any refusal or fault, whoever else would have answered it."""
    if isinstance(error, errors.HandbookError):
        return _refused(error)
    return _http(error) if isinstance(error, HTTPException) else _fault(error)


def plainly(status: int) -> ResponseReturnValue:
    """The answer to a refusal of which only the status is known."""
    return _answer(status, "not_found" if status in (404, 405) else "input.invalid", {})


def _refused(error: errors.HandbookError) -> ResponseReturnValue:
    status = status_of(error)
    extra = {"Retry-After": str(error.retry_after)} if isinstance(error, errors.TooMany | errors.Unavailable) else {}
    if status == 401 and not wants_json() and request.headers.get("X-Handbook-Fetch") is None:
        endpoint = "identity.step_up" if isinstance(error, errors.StepUpNeeded) else "identity.sign_in"
        target = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for(endpoint, next=target), 303)
    fields = error.fields if isinstance(error, errors.Invalid) else {}
    return _answer(status, error.code, error.values, fields=fields, headers=extra)


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, RequestEntityTooLarge):
        return _answer(413, "input.too_large", {})
    status = error.code or 500
    if status < 400:
        return plainly(404) if receipts.keyed() else error.get_response()
    return plainly(status)


def _fault(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(4)
    log.error("fault %s in %s %s", reference, request.method, request.endpoint, exc_info=error)
    return _answer(500, "fault", {"reference": reference})


def _answer(
    status: int,
    code: str,
    values: dict[str, Any],
    *,
    fields: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> ResponseReturnValue:
    message = words.say(code, values)
    if wants_json():
        told = {name: words.say(field, values) for name, field in (fields or {}).items()}
        return jsonify(code=code, message=message, fields=told), status, headers or {}
    template = f"errors/{status if status in _PAGES else 404}.html"
    page = render_template(
        template,
        message=message,
        code=status,
        fields={name: words.say(field, values) for name, field in (fields or {}).items()},
        reference=values.get("reference"),
        retry_after=values.get("retry_after"),
        signed=current.recognised() if "signed" in g else None,
    )
    return page, status, headers or {}
