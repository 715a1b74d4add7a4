"""Who may enter stands beside the route. A view without a word on it stops the application's start."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from handbook.core.errors import Missing
from handbook.policy.actions import Action
from handbook.policy.decide import reach
from handbook.web import current

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """``signed`` asks for a session; ``action`` for a reach that is not empty; ``writes`` opens a writing transaction."""

    signed: bool
    action: Action | None = None
    writes: bool = False


class AccessUndeclared(RuntimeError):
    """A route says nothing about who may enter."""


def public(view: View) -> View:
    """Anyone, signed in or not."""
    return _declare(view, Access(signed=False))


def signed_in(view: View) -> View:
    """Any signed-in member."""
    return _declare(view, Access(signed=True))


def needs(action: Action, *, writes: bool = False) -> Callable[[View], View]:
    """Members whose posts or place give ``action`` some reach; the rule asks again for the one row.

    ``writes`` is for a GET that leaves a row in the trail (a view of another's record)."""
    return lambda view: _declare(view, Access(signed=True, action=action, writes=writes))


def declared(view: Callable[..., Any]) -> Access | None:
    """What a view says about who may enter."""
    found: Access | None = getattr(view, "__access__", None)
    return found


def check(app: Flask) -> None:
    """Raises AccessUndeclared naming every endpoint without access."""
    silent = sorted(name for name, view in app.view_functions.items() if declared(view) is None)
    if silent:
        raise AccessUndeclared("no access declared: " + ", ".join(silent))


def enforce() -> None:
    """Before the view: recognise the member, ask for the action, then begin the transaction the view needs."""
    view = current_app.view_functions.get(request.endpoint or "")
    access = declared(view) if view else None
    if access is None:
        return
    if access.signed:
        actor = current.actor()
        if access.action and reach(actor, access.action).empty:
            raise Missing("not_found", action=str(access.action))
    if access.writes or request.method not in current.SAFE_METHODS:
        current.end_reading()
        g.writing = True


def _declare(view: View, access: Access) -> View:
    view.__access__ = access  # type: ignore[attr-defined]  # a function may carry what no type of it tells
    return view
