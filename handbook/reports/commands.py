"""``handbook reports``: publish a form, open what is asked for from today on, let go of files that never came."""

import sys
from datetime import timedelta
from pathlib import Path

import click

from handbook.core import clock
from handbook.core.db import Database
from handbook.core.files import Shelf
from handbook.core.settings import load
from handbook.organisation import queries as organisation
from handbook.policy.actor import Actor
from handbook.questions.faults import FormRefused
from handbook.questions.ready import NAMES, ready
from handbook.questions.xlsform.reading import form_of
from handbook.reports.rules import asking, attaching
from handbook.reports.rules.forms import publish, save_version


@click.group()
def group() -> None:
    """What members have written."""


@group.command("form")
@click.argument("source")
@click.option("--unit", required=True, help="Code of the unit in which, and below which, the form is used.")
def publish_form(source: str, unit: str) -> None:
    """Publish SOURCE: an XLSForm (.xlsx, .xls), or the name of a form that comes with the handbook.

    Published again it is the next version; requests keep theirs. What cannot be taken is named cell by cell."""
    try:
        form = ready(source) if source in NAMES else form_of(Path(source).name, Path(source).read_bytes())
    except FormRefused as refused:
        for fault in refused.faults:
            values = ", ".join(f"{name}={value}" for name, value in fault.values.items())
            click.echo(f"{fault.place or source}: {fault.code} {values}".rstrip(), err=True)
        sys.exit(1)
    except OSError as error:
        raise click.UsageError(f"{source}: {error.strerror}; ready-made: {', '.join(NAMES)}") from None
    with Database(load()) as database, database.unit_of_work() as db:
        actor = Actor.system()
        version = save_version(db, actor, organisation.unit_by_code(db, unit).id, form)
        publish(db, actor, version.id)
        click.echo(f"{form.name} {version.number} published for {unit}")


@group.command("open")
def open_due() -> None:
    """Open every request for reports whose day has come, and write down who owes them. To be run every day."""
    with Database(load()) as database, database.unit_of_work() as db:
        opened = asking.open_due(db)
    click.echo(f"{opened} requests opened")


@group.command("prune")
def prune() -> None:
    """Remove attachments that did not arrive in HANDBOOK_RECEIPT_DAYS, and files that belong to nothing."""
    settings = load()
    before = clock.now() - timedelta(days=settings.receipt_days)
    shelf = Shelf(settings.attachments)
    with Database(settings) as database, database.unit_of_work() as db:
        gone = attaching.prune(db, Actor.system(), shelf, announced_before=before)
    click.echo(f"{gone.announced} attachments that never arrived and {gone.files} files removed")
