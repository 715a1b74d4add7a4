"""`handbook serve` in processes of its own, and everything that may befall it and its database."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

from sqlalchemy import text
from sqlalchemy.engine import make_url

from handbook.core.db import Database
from handbook.core.settings import Settings
from tests.conftest import KEYS

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
LOG = "server.log"
_SERVE = "from handbook.cli import main; main()"
_START_SECONDS = 60


class Server:
    """Gunicorn with two worker processes over the database of `settings`, which may be SQLite or PostgreSQL."""

    def __init__(self, settings: Settings, port: int, origin: str) -> None:
        self.settings, self.port, self.origin = settings, port, origin
        self.folder = settings.data_dir
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def is_sqlite(self) -> bool:
        return self.settings.database_url.startswith("sqlite")

    def start(self) -> Server:
        own = {
            **{name: key for name, key in KEYS.items()},
            "database_url": self.settings.database_url,
            "data_dir": str(self.folder),
            "origin": self.origin,
            "workers": str(WORKERS),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HANDBOOK_")}
        environment = {**kept, **{f"HANDBOOK_{name.upper()}": value for name, value in own.items()}}
        command = [sys.executable, "-c", _SERVE, "serve", "--host", "127.0.0.1", "--port", str(self.port)]
        with (self.folder / LOG).open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()
        return self

    def _wait(self) -> None:
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            assert self.process and self.process.poll() is None, self.log()[-3000:]
            with contextlib.suppress(OSError):
                self.get("/up")
                return
            time.sleep(0.1)
        raise AssertionError(f"the server does not answer: {self.log()[-3000:]}")

    def get(self, path: str) -> bytes:
        """What lies at a path, asked for past the network's weather. Raises OSError."""
        asked = Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": "localhost"})
        with urlopen(asked, timeout=5) as reply:
            found: bytes = reply.read()
            return found

    def log(self) -> str:
        return (self.folder / LOG).read_text(errors="replace")

    def stop(self) -> None:
        """With kill -9, master and workers at once: nobody says goodbye to the database."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def restart(self) -> None:
        self.stop()
        time.sleep(0.3)
        self.start()

    def workers(self) -> list[int]:
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill_worker(self, chance: random.Random) -> None:
        """One of them, in the middle of what it does; the master starts another."""
        if found := self.workers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(found), signal.SIGKILL)

    def lock_database(self, seconds: float) -> None:
        """Somebody else holds what every act needs: SQLite's pen, on PostgreSQL the table of receipts."""
        with Database(self.settings) as database, database.session() as db:
            db.connection()
            if not self.is_sqlite:
                db.execute(text("LOCK TABLE receipt IN ACCESS EXCLUSIVE MODE"))
            time.sleep(seconds)
            db.rollback()

    def end_connections(self) -> None:
        """PostgreSQL's operator ends all its sessions but his own."""
        ending = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = :name"
        )
        with Database(self.settings) as database, database.session() as db:
            db.execute(text(ending), {"name": make_url(self.settings.database_url).database})

    @contextlib.contextmanager
    def full_disk(self) -> Iterator[None]:
        """No file of the server's processes may grow beyond what SQLite's log has reached: it cannot write a page."""
        log = Path(f"{make_url(self.settings.database_url).database}-wal")
        room = log.stat().st_size if log.exists() else 0
        assert self.process
        limited = [self.process.pid, *self.workers()]
        self._limit(limited, max(room, 4096))
        yield
        self._limit(limited, resource.RLIM_INFINITY)

    def _limit(self, processes: list[int], size: int) -> None:
        for pid in processes:
            with contextlib.suppress(ProcessLookupError):
                _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
