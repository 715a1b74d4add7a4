"""The page of one receipt, and the key by which a phone checks it without asking us."""

import base64
from uuid import UUID

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from handbook.audit.rules import record
from handbook.core.signing import base64url
from handbook.policy.actions import Action
from handbook.receipts import queries
from handbook.receipts.words import OTHER_ACT
from handbook.web import current, receipts
from handbook.web.access import needs, public
from handbook.web.pages import page

pages = Blueprint("receipts", __name__, url_prefix="/receipts")

_COORDINATE = 32
_HASH_GROUP = 8


@pages.get("/<uuid:receipt_id>")
@needs(Action.RECEIPT_READ, writes=True)
def show(receipt_id: UUID) -> ResponseReturnValue:
    """One receipt. Its owner sees all of it; staff see that it exists, and that they looked is on record."""
    db, actor = current.db(), current.actor()
    found = queries.get(db, actor, receipt_id)
    receipt = found.receipt
    if not found.own:
        record(
            db,
            actor,
            "receipt.view",
            subject=receipt.member_id,
            subject_kind="member",
            unit_path=found.unit_path,
            detail={"receipt": str(receipt.id)},
        )
    return page(
        "receipts/show.html",
        receipt=receipt,
        own=found.own,
        act=current_app.extensions["handbook.acts"].get(receipt.endpoint, OTHER_ACT),
        genuine=receipts.is_genuine(receipt),
        hash_groups=[receipt.body_hash[at : at + _HASH_GROUP] for at in range(0, len(receipt.body_hash), _HASH_GROUP)],
    )


@pages.get("/key")
@public
def key() -> ResponseReturnValue:
    """The public key as a JWK, and as the point that WebCrypto imports raw."""
    raw = receipts.public_key()
    point = base64.urlsafe_b64decode(raw + "=")
    x, y = point[1 : 1 + _COORDINATE], point[1 + _COORDINATE :]
    return jsonify(kty="EC", crv="P-256", x=base64url(x), y=base64url(y), raw=raw)
