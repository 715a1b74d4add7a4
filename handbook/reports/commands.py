"""``handbook reports``: let go of files that were announced and never came."""

from datetime import timedelta

import click

from handbook.core import clock
from handbook.core.db import Database
from handbook.core.files import Shelf
from handbook.core.settings import load
from handbook.policy.actor import Actor
from handbook.reports.rules import attaching


@click.group()
def group() -> None:
    """What members have written."""


@group.command("prune")
def prune() -> None:
    """Remove attachments that did not arrive in HANDBOOK_RECEIPT_DAYS, and files that belong to nothing."""
    settings = load()
    before = clock.now() - timedelta(days=settings.receipt_days)
    shelf = Shelf(settings.attachments)
    with Database(settings) as database, database.unit_of_work() as db:
        gone = attaching.prune(db, Actor.system(), shelf, announced_before=before)
    click.echo(f"{gone.announced} attachments that never arrived and {gone.files} files removed")
