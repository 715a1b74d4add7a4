"""Who asks, for views that a signed-in member alone reaches."""

from __future__ import annotations

from handbook.core.errors import SignInNeeded, StepUpNeeded
from handbook.identity.rules import sessions
from handbook.web import current
from handbook.web.current import Signed


def signed() -> Signed:
    """Who is signed in. Raises SignInNeeded."""
    found = current.signed()
    if found is None:
        raise SignInNeeded("sign_in.needed")
    return found


def checked_lately() -> Signed:
    """The same, with a passkey check fresh enough for a sensitive act. Raises StepUpNeeded."""
    found = signed()
    if found.last_step_up_at is None or not sessions.stepped_up(found.last_step_up_at, current.settings()):
        raise StepUpNeeded("step_up.needed")
    return found
