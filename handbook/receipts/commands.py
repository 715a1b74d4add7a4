"""``handbook receipts``: let go of those that nothing can come back for."""

import click

from handbook.core.db import Database
from handbook.core.settings import load
from handbook.policy.actor import Actor
from handbook.receipts import rules


@click.group()
def group() -> None:
    """Receipts of what phones have sent."""


@group.command("prune")
@click.option(
    "--days", type=click.IntRange(1, 3650), help="Older than so many days; HANDBOOK_RECEIPT_DAYS if not told."
)
def prune(days: int | None) -> None:
    """Remove old receipts. An act sent again after that would be done again, so fewer days than set are refused."""
    settings = load()
    with Database(settings) as database, database.unit_of_work() as db:
        removed = rules.prune(db, Actor.system(), settings, days=days or settings.receipt_days)
    click.echo(f"{removed} receipts removed")
