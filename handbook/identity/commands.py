"""``handbook identity``: tickets from the operator's own hand."""

from __future__ import annotations

from uuid import UUID

import click

from handbook.core.clock import local
from handbook.core.db import Database
from handbook.core.settings import load
from handbook.identity.models import Purpose, Ticket
from handbook.identity.rules import first_admin, tickets
from handbook.organisation.rules.cards import card_keys
from handbook.policy.actor import Actor


@click.group()
def group() -> None:
    """Who may sign in."""


@group.command("ticket")
@click.argument("member_id", required=False, type=click.UUID)
@click.option("--first-admin", "first", is_flag=True, help="Only while nobody has made a passkey.")
@click.option("--name", default="Quản trị viên", show_default=True, help="Whom --first-admin adds.")
@click.option("--recover", is_flag=True, help="Old passkeys and sessions end when the new passkey is made.")
@click.option("--hours", type=click.FloatRange(0.05, 720), help="How long the ticket works.")
def ticket(member_id: UUID | None, first: bool, name: str, recover: bool, hours: float | None) -> None:
    """Print one enrolment ticket for MEMBER_ID, or for the first administrator. It is shown only now."""
    if not first and member_id is None:
        raise click.UsageError("MEMBER_ID or --first-admin is needed")
    if first and recover:
        raise click.UsageError("--first-admin and --recover do not go together")
    settings = load()
    life = hours or settings.ticket_minutes / 60
    with Database(settings) as database, database.unit_of_work() as db:
        if member_id is None or first:
            made = first_admin.invite(db, keys=card_keys(settings), name=name, member_id=member_id, hours=life)
        else:
            purpose = Purpose.RECOVER if recover else Purpose.ENROL
            made = tickets.issue(db, Actor.system(), member_id, purpose, hours=life)
    for line in _lines(settings.origin_exact, *made):
        click.echo(line)


def _lines(origin: str, made: Ticket, token: str) -> list[str]:
    """The link first and alone on its line, for whoever pipes it on."""
    return [
        f"{origin}/identity/enrol/{token}",
        f"Mã mời: {tickets.grouped(token)}",
        f"Mã đối chiếu: {made.code[:3]} {made.code[3:]}",
        f"Dùng được đến {local(made.expires_at):%H:%M %d/%m/%Y}, một lần.",
    ]
