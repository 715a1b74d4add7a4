"""The member's own passkeys, signed-in devices and notices. Every change asks for a passkey check within minutes."""

from __future__ import annotations

from uuid import UUID

from flask import jsonify
from flask.typing import ResponseReturnValue

from handbook.core.errors import Invalid, StepUpNeeded
from handbook.identity import queries
from handbook.identity.asking import checked_lately, signed
from handbook.identity.forms import NameIn
from handbook.identity.rules import notices, passkeys, sessions
from handbook.identity.views import signals, wire
from handbook.identity.views.entering import HOUR, MINUTE, pages
from handbook.policy.actions import Action
from handbook.web import current, words
from handbook.web.access import needs
from handbook.web.errors import wants_json
from handbook.web.limits import limit
from handbook.web.pages import page, see_other
from handbook.web.parsing import read

__all__ = ["pages"]


@pages.errorhandler(StepUpNeeded)
def _step_up_first(error: StepUpNeeded) -> ResponseReturnValue:
    """A form cannot be sent again by a redirect, so the way back leads to the page it stands on."""
    if wants_json():
        return jsonify(code=error.code, message=words.say(error.code, error.values), fields={}), 401
    return see_other("identity.step_up", next="/identity/devices")


@pages.get("/devices")
@needs(Action.DEVICE_READ)
def devices_page() -> ResponseReturnValue:
    """Own passkeys, signed-in devices, notices, and what this phone keeps."""
    return _devices()


@pages.post("/devices/losses")
@needs(Action.DEVICE_READ)
def loss_create() -> ResponseReturnValue:
    """A phone noticed that its browser had thrown its store away."""
    limit("loss", 5, 24 * HOUR, per="member")
    asking = signed()
    notices.lose_store(current.db(), asking.actor, asking.member_id, device=wire.device())
    return jsonify(noted=True), 201


@pages.get("/passkeys")
@needs(Action.DEVICE_READ)
def passkeys_index() -> ResponseReturnValue:
    """What the phone's own keeper of passkeys should know (Signal API)."""
    return jsonify(signals.of(current.db(), current.settings(), signed().member_id))


@pages.post("/passkeys/options")
@needs(Action.PASSKEY_WRITE)
def passkey_options() -> ResponseReturnValue:
    """Ask the browser for one more passkey."""
    limit("passkey", 20, MINUTE, per="member")
    checked_lately()
    return jsonify(options=passkeys.begin_adding(current.db(), current.settings(), current.actor()))


@pages.post("/passkeys")
@needs(Action.PASSKEY_WRITE)
def passkey_create() -> ResponseReturnValue:
    """Keep the passkey just made."""
    limit("passkey", 20, MINUTE, per="member")
    actor = checked_lately().actor
    passkey = passkeys.finish_adding(
        current.db(), current.settings(), actor, wire.credential(), device=wire.device(), name=wire.text("name")
    )
    return jsonify(id=str(passkey.id), name=passkey.name, prf=passkey.prf, next="/identity/devices"), 201


@pages.post("/passkeys/<uuid:passkey_id>/name")
@needs(Action.PASSKEY_WRITE)
def passkey_name(passkey_id: UUID) -> ResponseReturnValue:
    """Rename."""
    actor, form = checked_lately().actor, read(NameIn)
    try:
        passkeys.rename(current.db(), actor, passkey_id, name=form.name)
    except Invalid as error:
        return _devices(wrong=passkey_id, typed=form.name, fault=words.say(error.fields["name"])), 422
    return see_other("identity.devices_page")


@pages.post("/passkeys/<uuid:passkey_id>/removal")
@needs(Action.PASSKEY_WRITE)
def passkey_removal(passkey_id: UUID) -> ResponseReturnValue:
    """Take out of use; the other devices are signed out."""
    asking = checked_lately()
    passkeys.remove(current.db(), asking.actor, passkey_id, session_id=asking.session_id)
    return see_other("identity.devices_page")


@pages.post("/passkeys/<uuid:passkey_id>/confirmation")
@needs(Action.PASSKEY_WRITE)
def passkey_confirmation(passkey_id: UUID) -> ResponseReturnValue:
    """Vouch for a passkey whose counter went back."""
    passkeys.confirm(current.db(), checked_lately().actor, passkey_id)
    return see_other("identity.devices_page")


@pages.post("/sessions/<uuid:session_id>/removal")
@needs(Action.SESSION_END)
def session_end(session_id: UUID) -> ResponseReturnValue:
    """End one session on another device."""
    sessions.end(current.db(), current.actor(), session_id)
    return see_other("identity.devices_page")


@pages.post("/other-sessions/removal")
@needs(Action.SESSION_END)
def other_sessions_end() -> ResponseReturnValue:
    """End all sessions but this one."""
    sessions.end_others(current.db(), current.actor(), keep=signed().session_id)
    return see_other("identity.devices_page")


@pages.post("/notices/receipt")
@needs(Action.DEVICE_READ)
def notices_receipt() -> ResponseReturnValue:
    """The notices have been read."""
    notices.mark_seen(current.db(), current.actor())
    return see_other("identity.devices_page")


def _devices(*, wrong: UUID | None = None, typed: str = "", fault: str = "") -> str:
    db, asking = current.db(), signed()
    own = queries.passkeys(db, asking.member_id)

    live = [row for row in queries.sessions(db, asking.member_id) if sessions.within_limits(row, current.settings())]
    return page(
        "identity/devices.html",
        passkeys=own,
        sessions=live,
        here_id=asking.session_id,
        notices=queries.notices(db, asking.member_id),
        lonely=len(own) == 1 and not own[0].backed_up,
        wrong=wrong,
        typed=typed,
        fault=fault,
    )
