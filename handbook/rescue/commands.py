"""``handbook rescue``: let go of copies that nobody came back for."""

import click

from handbook.core.db import Database
from handbook.core.settings import load
from handbook.policy.actor import Actor
from handbook.rescue import rules


@click.group()
def group() -> None:
    """Copies of unsent work, kept for phones that are lost."""


@group.command("prune")
def prune() -> None:
    """Remove copies older than HANDBOOK_RESCUE_DAYS, and those of what has arrived since."""
    settings = load()
    with Database(settings) as database, database.unit_of_work() as db:
        removed = rules.prune(db, Actor.system(), settings)
    click.echo(f"{removed} rescue copies removed")
