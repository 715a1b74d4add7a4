"""Pages of signing in, enrolling and confirming: everything before and around a session."""

from __future__ import annotations

import hashlib
from uuid import UUID

from flask import Blueprint, Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from handbook.core.errors import Gone, Invalid, Missing, Refused
from handbook.identity import loader, queries
from handbook.identity.asking import signed
from handbook.identity.forms import InvitationIn
from handbook.identity.rules import enrolling, sessions, signing_in, stepping_up, tickets
from handbook.identity.rules.ceremonies import BadCeremony
from handbook.identity.rules.entering import Entered
from handbook.identity.views import signals, wire
from handbook.web import current, words
from handbook.web.access import public, signed_in
from handbook.web.limits import limit
from handbook.web.pages import local_path, page, see_other
from handbook.web.parsing import read

pages = Blueprint("identity", __name__, url_prefix="/identity")
MINUTE, HOUR = 60, 3600


@pages.errorhandler(BadCeremony)
def _bad_ceremony(error: BadCeremony) -> ResponseReturnValue:
    return jsonify(code=error.code, message=words.say(error.code, error.values), fields={}), 400


@pages.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """One big button, and the browser's own offer as soon as the page is open."""
    target = local_path(request.args.get("next", "")) or "/"
    if current.signed():
        return _go(target)
    return page("identity/sign_in.html", next=target)


@pages.post("/sign-in/options")
@public
def sign_in_options() -> ResponseReturnValue:
    """A challenge for whoever is there."""
    limit("sign-in.options", 60, MINUTE)
    limit("sign-in.options", 2 * current.settings().sign_ins_a_minute, MINUTE, per="all")
    return jsonify(signing_in.begin(current.db(), current.settings(), desk=wire.at_desk()))


@pages.post("/sign-in")
@public
def sign_in_create() -> ResponseReturnValue:
    """Open a session with a passkey."""
    credential = wire.credential()
    limit("sign-in", 20, MINUTE)
    limit(f"sign-in.key.{wire.short(credential)}", 10, MINUTE, per="all")
    limit("sign-in", current.settings().sign_ins_a_minute, MINUTE, per="all")
    entered = signing_in.finish(
        current.db(), current.settings(), credential, device=wire.device(), replaces=loader.held_token()
    )
    return _enter(entered, local_path(wire.text("next")) or "/")


@pages.get("/enrol")
@public
def enrol() -> ResponseReturnValue:
    """How to enrol, and a place to type the letters from the paper."""
    return page("identity/enrol.html", errors={}, code="")


@pages.post("/enrol")
@public
def enrol_create() -> ResponseReturnValue:
    """From the typed letters to the invitation; nothing is used up."""
    code = ""
    try:
        code = read(InvitationIn).code
        _guard(code)
    except (Gone, Invalid, Missing, Refused) as error:
        if request.is_json:
            raise
        said = "field.missing" if isinstance(error, Invalid) else error.code
        return page("identity/enrol.html", errors={"code": words.say(said)}, code=code), 422
    return see_other("identity.enrol_show", token=tickets.normal(code))


@pages.get("/enrol/<token>")
@public
def enrol_show(token: str) -> ResponseReturnValue:
    """The invitation: for which cell, and the code to compare. Opening it, as a link preview does, uses nothing up."""
    try:
        _guard(token)
        ticket = tickets.look_up(current.db(), token)
    except (Gone, Missing, Refused) as error:
        status = 403 if error.code == "ticket.pending" else 404 if isinstance(error, Missing) else 410
        return page(
            "identity/enrol_closed.html", message=words.say(error.code), pending=status == 403, code=status
        ), status
    standing = queries.standing(current.db(), ticket.member_id)
    return page("identity/enrol_show.html", token=tickets.normal(token), ticket=ticket, standing=standing)


@pages.post("/enrol/<token>/options")
@public
def enrol_options(token: str) -> ResponseReturnValue:
    """Use the ticket up and ask the browser for a passkey."""
    if not wire.text("retry"):
        _guard(token)
    limit(f"enrol.{hashlib.sha256(token.encode()).hexdigest()[:16]}", 10, HOUR, per="all")
    limit("enrol", 3000 if current.settings().demo else 120, HOUR)
    begun = enrolling.begin(
        current.db(), current.settings(), token, retry=wire.text("retry"), signed_in=_signed_member()
    )
    return jsonify(options=begun.options, retry=begun.retry)


@pages.post("/enrol/<token>")
@public
def enrol_finish(token: str) -> ResponseReturnValue:
    """Keep the passkey; the phone is signed in."""
    credential = wire.credential()
    entered = enrolling.finish(
        current.db(),
        current.settings(),
        token,
        credential,
        device=wire.device(),
        replaces=loader.held_token(),
    )
    return _enter(entered, "/", 201)


@pages.get("/step-up")
@signed_in
def step_up() -> ResponseReturnValue:
    """Prove the passkey again before a sensitive act."""
    return page("identity/step_up.html", next=local_path(request.args.get("next", "")) or "/")


@pages.post("/step-up/options")
@signed_in
def step_up_options() -> ResponseReturnValue:
    """A challenge for the member's own passkeys."""
    limit("step-up", 20, MINUTE, per="member")
    return jsonify(stepping_up.begin(current.db(), current.settings(), current.actor()))


@pages.post("/step-up")
@signed_in
def step_up_create() -> ResponseReturnValue:
    """Verify; the session goes on under a new token."""
    limit("step-up", 20, MINUTE, per="member")
    asking = signed()
    token = stepping_up.finish(current.db(), current.settings(), asking.actor, asking.session_id, wire.credential())
    response = jsonify(next=local_path(wire.text("next")) or "/", member=asking.member_tag)
    return loader.remember(response, token, seconds=_cookie_seconds(asking.actor.is_staff))


@pages.post("/session/removal")
@public
def session_removal() -> ResponseReturnValue:
    """Sign out; the header tells the phone to forget what is personal."""
    found, token = current.signed(), loader.held_token()
    if found is not None and token is not None:
        sessions.sign_out(current.db(), found.actor, token)
    response = make_response(see_other("identity.sign_in"))
    response.headers["X-Handbook-Signed-Out"] = "1"
    return loader.forget(response)


def _enter(entered: Entered, target: str, status: int = 200) -> Response:
    """The answer that signs a browser in, with what it needs to keep its list of passkeys in order."""
    account = entered.account
    response = jsonify(
        next=target,
        member=queries.member_tag(account),
        discoverable=entered.discoverable,
        prf=entered.passkey.prf,
        signal=signals.of(current.db(), current.settings(), account.member_id),
    )
    response.status_code = status
    response.headers["X-Handbook-Member"] = queries.member_tag(account)
    return loader.remember(response, entered.token, seconds=_cookie_seconds(entered.session.staff))


def _cookie_seconds(staff: bool) -> int:
    settings = current.settings()
    return settings.staff_absolute_hours * HOUR if staff else settings.member_absolute_days * 24 * HOUR


def _guard(token: str) -> None:
    """Let a usable ``token`` through. Wrong ones are counted by address; right ones are not, since a whole meeting
    enrols over one Wi-Fi. Raises TooMany and what `tickets.look_up` does."""
    try:
        with current.database().unit_of_work(read_only=True) as db:
            tickets.look_up(db, token)
    except Missing:
        limit("enrol.unknown", 10, HOUR)
        raise


def _signed_member() -> UUID | None:
    found = current.signed()
    return found.member_id if found else None


def _go(target: str) -> Response:
    response = Response(status=303)
    response.headers["Location"] = target
    return response
