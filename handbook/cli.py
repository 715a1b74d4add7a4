"""The ``handbook`` command: gathers each feature's commands. Exit codes: 0 done, 1 refused, 2 usage."""

import gc
import sys
from importlib import import_module
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.http.wsgi import Response

from handbook import __version__, migrations
from handbook.app import create_app
from handbook.core.db import Database, translated
from handbook.core.errors import HandbookError, Invalid
from handbook.core.settings import Settings, SettingsError, load

FEATURES = ("audit", "organisation", "identity", "library", "receipts", "reports", "rescue", "demo")


_first_headers = Response.default_headers


def _unnamed_headers(response: Response) -> list[str]:
    """An answer does not say what serves it. gunicorn has no setting for this, and adds it after the application."""
    return [line for line in _first_headers(response) if not line.startswith("Server:")]


class Server(BaseApplication):
    """gunicorn with threads; the master loads nothing, each worker makes the application for itself."""

    def __init__(self, settings: Settings, bind: str) -> None:
        self.settings = settings
        self.bind = bind
        super().__init__(prog="handbook")

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": self.bind,
            "workers": self.settings.workers,
            "threads": self.settings.threads,
            "worker_class": "gthread",
            "timeout": 30,
            "graceful_timeout": 10,
            "keepalive": 15,
            "preload_app": True,
            "control_socket_disable": True,
            "forwarded_allow_ips": "127.0.0.1",
        }
        for name, value in options.items():
            self.cfg.set(name, value)
        Response.default_headers = _unnamed_headers

    def load(self) -> Any:
        app = create_app(self.settings)
        # The processes share what was loaded before they were forked, as long as no collection writes to it.
        gc.collect()
        gc.freeze()
        return app


def serve(settings: Settings, port: int, host: str = "localhost") -> None:
    """Serve until stopped. Raises Refused when the database is not at the newest step."""
    with translated(), Database(settings) as database:
        migrations.require_head(database.engine)
    Server(settings, f"{host}:{port}").run()


@click.group()
@click.version_option(__version__, message="%(version)s")
def cli() -> None:
    """Sổ tay Đảng viên: run it, migrate it, fill it, prove it."""


@cli.command("serve")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="localhost", show_default=True)
def serve_command(port: int, host: str) -> None:
    """Serve the handbook with the settings from the environment."""
    serve(load(), port, host)


@cli.group("db")
def db_group() -> None:
    """The database's schema."""


@db_group.command("upgrade")
@click.argument("revision", default="head")
def db_upgrade(revision: str) -> None:
    """Bring the database to the newest step."""
    settings = load()
    with translated():
        migrations.upgrade(settings, revision)
    click.echo(f"database at {revision}")


@db_group.command("downgrade")
@click.argument("revision")
def db_downgrade(revision: str) -> None:
    """Take the database back to a step."""
    with translated():
        migrations.downgrade(load(), revision)
    click.echo(f"database at {revision}")


def gather() -> click.Group:
    """The command with every feature's group in it."""
    for feature in FEATURES:
        name = f"handbook.{feature}.commands"
        try:
            cli.add_command(import_module(name).group, feature)
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
    return cli


def main() -> None:
    """The entry point: a refusal is one line on stderr and exit code 1."""
    try:
        gather().main(prog_name="handbook")
    except SettingsError as error:
        _refuse(str(error))
    except HandbookError as error:
        _refuse(_sentence(error))


def _sentence(error: HandbookError) -> str:
    """The same words as on the web, in Vietnamese; a fault in a field names the field."""
    words = create_app(load()).extensions["handbook.words"]
    lines = [str(words.get(error.code, error.code)) % error.values if error.code in words else error.code]
    if isinstance(error, Invalid):
        lines += [f"{name}: {words.get(code, code)}" for name, code in error.fields.items()]
    return "\n".join(lines)


def _refuse(text: str) -> None:
    click.echo(text, err=True)
    sys.exit(1)
