"""The handbook as it is measured: set up through its own commands and rules, served by `handbook serve`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, select

from handbook import migrations
from handbook.core.db import Database
from handbook.core.settings import Settings
from handbook.identity.loader import COOKIE
from handbook.identity.models import Account
from handbook.identity.queries import member_tag
from handbook.identity.rules import sessions
from handbook.library.models import Document
from tests.bench import processes, texts
from tests.bench.databases import Store
from tests.conftest import KEYS
from tests.factories.organisation import a_member, an_organisation

_COMMAND = str(Path(sys.executable).with_name("handbook"))


@dataclass(frozen=True)
class Imported:
    """What `handbook library import` took: documents, CPU seconds, seconds."""

    documents: int
    cpu_seconds: float
    seconds: float


class Subject:
    """One handbook over one database, with members, their sessions and documents."""

    def __init__(self, store: Store, folder: Path, *, members: int) -> None:
        self.store, self.folder, self.port = store, folder, processes.free_port()
        self.settings = Settings(
            **{name: key for name, key in KEYS.items()},
            database_url=store.handbook,
            data_dir=folder,
            origin=f"http://localhost:{self.port}",
            proxies=1,
        )
        migrations.upgrade(self.settings)
        self.member_ids: list[UUID] = []
        self.tokens: list[str] = []
        self.tags: list[str] = []
        with Database(self.settings).unit_of_work() as db:
            self._people(db, members)
        self.document_ids: list[UUID] = []

    def import_documents(self, number: int) -> Imported:
        """Have the command import so many Markdown files for the whole organisation."""
        sources = self.folder / "documents"
        sources.mkdir(exist_ok=True)
        files = [str(texts.write(at, sources)) for at in range(1, number + 1)]
        began, before = time.perf_counter(), os.times()
        self.run("library", "import", "--unit", "TU", "--publish", *files)
        after = os.times()
        used = after.children_user + after.children_system - before.children_user - before.children_system
        with Database(self.settings).unit_of_work(read_only=True) as db:
            self.document_ids = list(db.exec(select(Document.id).order_by(Document.number)))
        return Imported(len(self.document_ids), used, time.perf_counter() - began)

    def run(self, *arguments: str) -> None:
        """One command of the handbook. Raises RuntimeError with its words when it refuses."""
        done = subprocess.run([_COMMAND, *arguments], env=self.environment(), capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:] or done.stdout[-2000:])

    def serve(self, **chosen: object) -> AbstractContextManager[processes.Server]:
        """The handbook on its port, with two workers of eight threads, and with the settings that are ``chosen``."""
        command = [_COMMAND, "serve", "--port", str(self.port)]
        return processes.served(
            command,
            self.port,
            log=self.folder / "handbook.log",
            env=self.environment(**chosen),
            also=self.store.processes,
        )

    def environment(self, **chosen: object) -> dict[str, str]:
        """The settings as variables."""
        values = {
            **KEYS,
            "database_url": self.store.handbook,
            "data_dir": str(self.folder),
            "origin": self.settings.origin,
            "proxies": "1",
            **chosen,
        }
        return {**os.environ, **{f"HANDBOOK_{name.upper()}": str(value) for name, value in values.items()}}

    def cookie(self, member: int = 0) -> dict[str, str]:
        """The header of a signed-in member."""
        return {"Cookie": f"{COOKIE}={self.tokens[member]}"}

    def _people(self, db: Session, number: int) -> None:
        organisation = an_organisation(db)
        cells = (organisation.cell, organisation.second_cell, organisation.other_cell)
        for at in range(number):
            member = a_member(db, cell=cells[at % len(cells)])
            account = Account(member_id=member.id)
            db.add(account)
            db.flush()
            token, _ = sessions.start(db, account, staff=False, device="Chrome · Android", passkey_id=None)
            self.member_ids.append(member.id)
            self.tokens.append(token)
            self.tags.append(member_tag(account))
