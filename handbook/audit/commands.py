"""``handbook audit``: prove the trail, and make the anchor that is kept outside."""

import sys
from pathlib import Path

import click

from handbook.audit import queries
from handbook.core.db import Database
from handbook.core.settings import load


@click.group()
def group() -> None:
    """The trail of who did or viewed what."""


@group.command("verify")
@click.option("--anchor", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A file of anchor lines.")
def verify(anchor: Path | None) -> None:
    """Check the whole chain; name the first bad row, or a cut tail when an anchor is given."""
    against = None
    if anchor:
        lines = [line for line in anchor.read_text().splitlines() if line.strip()]
        try:
            against = queries.Anchor.from_line(lines[-1])
        except (ValueError, IndexError) as error:
            raise click.UsageError(f"{anchor}: no anchor in it") from error
    with Database(load()) as database, database.unit_of_work(read_only=True) as db:
        found = queries.verify(db, against)
    if found.bad_seq is not None:
        click.echo(f"row {found.bad_seq}: {found.fault}; {found.rows} rows before it are good", err=True)
        sys.exit(1)
    click.echo(f"{found.rows} rows good")


@group.command("anchor")
def anchor() -> None:
    """Print where the chain ends, one line to append to a file that the database's administrator cannot write."""
    with Database(load()) as database, database.unit_of_work(read_only=True) as db:
        click.echo(queries.anchor(db).as_line())
