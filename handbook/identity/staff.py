"""Staff pages: inviting a member to make a passkey, recovery by two people, and cutting off a lost phone."""

from __future__ import annotations

import io
from uuid import UUID

import segno
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from handbook.audit.rules import record
from handbook.core.errors import StepUpNeeded
from handbook.identity import queries
from handbook.identity.asking import checked_lately
from handbook.identity.forms import CutOffIn, TicketIn
from handbook.identity.models import Purpose
from handbook.identity.rules import tickets
from handbook.organisation import queries as organisation
from handbook.policy.actions import Action
from handbook.policy.decide import reach, require
from handbook.policy.scopes import Scope
from handbook.web import current
from handbook.web.access import needs
from handbook.web.limits import limit
from handbook.web.pages import page, see_other
from handbook.web.parsing import read

staff = Blueprint("identity_staff", __name__, url_prefix="/staff/identity")

_HOUR = 3600


@staff.get("/")
@needs(Action.MEMBER_ENROL, writes=True)
def index() -> ResponseReturnValue:
    """Members in reach, found by name; that the list was seen is on record."""
    db, actor = current.db(), current.actor()
    q = request.args.get("q", "")[:80]
    within, cursor = reach(actor, Action.MEMBER_ENROL), request.args.get("after", "")
    found = organisation.members_of(db, within, q=q, cursor=cursor)
    record(
        db,
        actor,
        "member.list",
        subject=None,
        subject_kind="member",
        detail={"shown": [str(line.id) for line in found.rows]},
    )
    return page("identity/staff/index.html", lines=found.rows, q=q, following=found.next)


@staff.get("/members/<uuid:member_id>/tickets")
@needs(Action.MEMBER_ENROL, writes=True)
def tickets_index(member_id: UUID) -> ResponseReturnValue:
    """One member's way in: invite, recover, approve, cut off."""
    db, actor = current.db(), current.actor()
    standing = queries.standing(db, member_id)
    require(actor, Action.MEMBER_ENROL, Scope(standing.unit_path, owner_id=member_id))
    record(
        db,
        actor,
        "member.view_access",
        subject=member_id,
        subject_kind="member",
        unit_path=standing.unit_path,
    )
    return page(
        "identity/staff/tickets_index.html",
        standing=standing,
        passkeys=queries.passkeys(db, member_id),
        sessions=queries.sessions(db, member_id) if queries.account(db, member_id) else [],
        pending=queries.pending(db, member_id),
        mine=actor.member_id == member_id,
        me=actor.member_id,
    )


@staff.post("/members/<uuid:member_id>/tickets")
@needs(Action.MEMBER_ENROL)
def ticket_create(member_id: UUID) -> ResponseReturnValue:
    """Make a ticket and show it, this one time: only its hash is kept."""
    limit("ticket", 60, _HOUR, per="member")
    actor, form = checked_lately().actor, read(TicketIn)
    settings, db = current.settings(), current.db()
    hours = settings.printed_ticket_hours if form.printed else settings.ticket_minutes / 60
    ticket, token = tickets.issue(db, actor, member_id, _asked(form), hours=hours, revoke_old=form.revoke_old)
    link = f"{settings.origin_exact}/identity/enrol/{token}"
    return page(
        "identity/staff/ticket.html",
        ticket=ticket,
        standing=queries.standing(db, member_id),
        link=link,
        letters=tickets.grouped(token),
        drawing=_qr(link),
    ), 201


@staff.post("/tickets/<uuid:ticket_id>/approval")
@needs(Action.MEMBER_RECOVER_APPROVE)
def approval_create(ticket_id: UUID) -> ResponseReturnValue:
    """The second person's yes."""
    actor = checked_lately().actor
    ticket = tickets.approve(current.db(), actor, ticket_id, hours=current.settings().ticket_minutes / 60)
    return see_other("identity_staff.tickets_index", member_id=ticket.member_id)


@staff.post("/tickets/<uuid:ticket_id>/removal")
@needs(Action.MEMBER_ENROL)
def ticket_removal(ticket_id: UUID) -> ResponseReturnValue:
    """Take an unused ticket back."""
    ticket = tickets.get(current.db(), ticket_id)
    tickets.withdraw(current.db(), current.actor(), ticket_id)
    return see_other("identity_staff.tickets_index", member_id=ticket.member_id)


@staff.post("/members/<uuid:member_id>/cut-off")
@needs(Action.MEMBER_CUT_OFF)
def cut_off_create(member_id: UUID) -> ResponseReturnValue:
    """A phone is lost: its sessions end now, the passkeys named with it."""
    actor, form = checked_lately().actor, read(CutOffIn)
    tickets.cut_off(current.db(), actor, member_id, passkey_ids=form.passkeys, reason=form.reason)
    return see_other("identity_staff.tickets_index", member_id=member_id)


@staff.errorhandler(StepUpNeeded)
def _step_up_first(error: StepUpNeeded) -> ResponseReturnValue:
    """A form cannot be sent again by a redirect, so the way back leads to the page it stands on."""
    member_id = (request.view_args or {}).get("member_id")
    back = f"/staff/identity/members/{member_id}/tickets" if member_id else "/staff/identity/"
    return see_other("identity.step_up", next=back)


def _asked(form: TicketIn) -> Purpose:
    """Staff invite or recover; the first administrator is the command line's business."""
    return Purpose.RECOVER if form.purpose is Purpose.RECOVER else Purpose.ENROL


def _qr(link: str) -> Markup:
    """The link as an SVG drawing: no script, no style, one path."""
    drawing = io.BytesIO()
    segno.make(link, error="m").save(
        drawing,
        kind="svg",
        xmldecl=False,
        svgns=False,
        scale=6,
        border=4,
        svgclass="qr",
        lineclass=None,
        dark="#000",
        light="#fff",
    )
    return Markup(drawing.getvalue().decode())  # noqa: S704 - drawn by us from our own link
