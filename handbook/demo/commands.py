"""`handbook demo`: everything that a first look needs, in one command. The second start keeps all and is quick."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from handbook.core.db import Database
from handbook.core.errors import HandbookError, Refused
from handbook.core.settings import Settings, load
from handbook.demo import keys, loading
from handbook.demo.words import WORDS
from handbook.identity.models import Purpose
from handbook.identity.rules import tickets
from handbook.policy.actor import Actor


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-serve", is_flag=True, help="Prepare and print the links only.")
@click.pass_context
def group(ctx: click.Context, port: int, no_serve: bool) -> None:
    """Invented people and documents on this machine: migrate, load, print a link a role, serve."""
    _prepare_environment(port)
    settings = load()
    _run(ctx, "db", "upgrade", revision="head")
    with Database(settings) as database:  # closed before serving: the server's processes make connections of their own
        _fill(database, settings)
    if not no_serve:
        click.echo(f"serving on {settings.origin_exact}")
        _run(ctx, "serve", port=port, host="localhost")


def _fill(database: Database, settings: Settings) -> None:
    try:
        with database.unit_of_work() as db:
            loaded = loading.load(db, settings)
    except Refused as refusal:
        raise click.ClickException(str(WORDS[refusal.code])) from refusal
    click.echo("demo loaded" if loaded else "demo kept as it was")
    for line in _links(database, settings):
        click.echo(line)


def _prepare_environment(port: int) -> None:
    """What the demo decides where the operator did not. The commands that follow read the same environment."""
    folder = Path(os.environ.setdefault("HANDBOOK_DATA_DIR", "var"))
    os.environ.setdefault("HANDBOOK_DATABASE_URL", f"sqlite:///{folder}/handbook.db")
    os.environ.setdefault("HANDBOOK_ORIGIN", f"http://localhost:{port}")
    os.environ["HANDBOOK_DEMO"] = "true"
    keys.provide(os.environ, folder)


def _run(ctx: click.Context, *names: str, **options: Any) -> None:
    """Run another command of the same program as if it had been typed."""
    command: click.Command | None = ctx.find_root().command
    for name in names:
        command = command.get_command(ctx, name) if isinstance(command, click.Group) else None
    if command is None:
        raise click.UsageError(f"no command {' '.join(names)}")
    ctx.invoke(command, **options)


def _links(database: Database, settings: Settings) -> list[str]:
    """One line for each role, with a fresh ticket; someone who was blocked meanwhile gets none."""
    lines = []
    for member_id, name, role in _roles(database, settings):
        try:
            with database.unit_of_work() as db:
                _, token = tickets.issue(
                    db, Actor.system(), member_id, Purpose.ENROL, hours=settings.printed_ticket_hours
                )
        except HandbookError as refusal:
            click.echo(f"no link for {name}: {refusal.code}", err=True)
            continue
        lines.append(f"enrol  {role}  {name}  {settings.origin_exact}/identity/enrol/{token}")
    return lines


def _roles(database: Database, settings: Settings) -> list[tuple[UUID, str, str]]:
    with database.unit_of_work(read_only=True) as db:
        return [
            (person.member.id, person.member.full_name, person.role.value) for person in loading.people(db, settings)
        ]
