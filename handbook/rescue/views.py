"""What phones ask by themselves: keep this, what is there, give it back, let go of it. Data only, and no page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from handbook.policy.actions import Action
from handbook.rescue import queries, rules
from handbook.rescue.forms import CopyIn, RemovalIn
from handbook.web import current, receipts
from handbook.web.access import needs
from handbook.web.limits import limit
from handbook.web.parsing import read

pages = Blueprint("rescue", __name__, url_prefix="/rescue")


@pages.get("/copies")
@needs(Action.RESCUE_READ)
def index() -> ResponseReturnValue:
    """Which copies the member has; ``kept`` is when the server was given one, in ms."""
    found = queries.mine(current.db(), current.actor())
    return jsonify(
        copies=[
            {"id": str(copy.id), "written": copy.written, "kept": int(copy.updated_at.timestamp() * 1000)}
            for copy in found
        ]
    )


@pages.post("/copies")
@needs(Action.RESCUE_WRITE)
def copy_create() -> ResponseReturnValue:
    """Keep one; ``kept`` says whether this version is here now."""
    receipts.require_member()
    limit("rescue.copies", 120, 60, per="member")
    return jsonify(kept=rules.keep(current.db(), current.actor(), current.settings(), read(CopyIn)))


@pages.get("/copies/<uuid:copy_id>")
@needs(Action.RESCUE_READ, writes=True)
def copy_show(copy_id: UUID) -> ResponseReturnValue:
    """Give one back."""
    return jsonify(piece=rules.read(current.db(), current.actor(), current.settings(), copy_id))


@pages.post("/removals")
@needs(Action.RESCUE_WRITE)
def removal_create() -> ResponseReturnValue:
    """Let go of some: they were sent, or thrown away."""
    receipts.require_member()
    limit("rescue.removals", 60, 60, per="member")
    rules.let_go(current.db(), current.actor(), read(RemovalIn))
    return jsonify(removed=True)
