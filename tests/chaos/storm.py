"""One storm: phones, a network, a server and what befalls them, then calm, then the judge."""

from __future__ import annotations

import contextlib
import json
import random
import select as polling
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import frontend

from handbook.core.db import Database
from handbook.core.files import Shelf
from handbook.core.settings import Settings
from handbook.identity.models import Account, EndReason
from handbook.identity.queries import member_tag
from handbook.identity.rules import sessions
from handbook.organisation.models import Member
from handbook.organisation.rules.members import transfer_member
from handbook.policy.actor import Actor
from handbook.web import boxed
from tests.chaos.judge import Judgement, files_in, judge, rows_and_proofs
from tests.chaos.proxy import BAD, Proxy
from tests.chaos.server import ROOT, Server
from tests.factories.library import a_document
from tests.factories.organisation import a_member, an_organisation

BUGS = ("new-key", "any-2xx", "send-once", "half-file")  # that bundle.mjs can sow
CALAMITIES = ("kill worker", "restart", "session", "eviction", "transfer", "disk", "lock")
LOCKED_SECONDS = 16.5  # longer than SQLite is waited for
_DAY_MS = 86_400_000
# How a phone's session may end; the last two also have the phone empty its copy.
_ENDS = (EndReason.EXPIRED, EndReason.CUT_OFF, EndReason.OTHER_DEVICE)


@dataclass
class Phone:
    """A phone's process, and the member who holds it."""

    number: int
    member_id: UUID
    process: subprocess.Popen[str]
    log: Path

    def tell(self, **order: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def hear(self, seconds: float) -> dict[str, Any]:
        """The next thing it has to say: once that it is ready, at the end its history."""
        assert self.process.stdout
        ready, _, _ = polling.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else ""
        assert line, f"phone {self.number} is silent: {self.log.read_text()[-2000:]}"
        told: dict[str, Any] = json.loads(line)
        return told

    def end(self) -> None:
        self.process.kill()
        with contextlib.suppress(BrokenPipeError):
            self.process.communicate()


@dataclass
class Storm:
    """Over a migrated, empty database of its own. `calamities` befall the server; `bug` is sown, to be found."""

    settings: Settings
    seed: int
    phones: int = 6
    seconds: float = 15
    bug: str = ""
    network: dict[str, int] = field(default_factory=lambda: BAD)
    settle: float = 90
    calamities: tuple[str, ...] = CALAMITIES
    befell: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, str] = field(default_factory=dict)

    def run(self) -> Judgement:
        """From the first letter to the verdict."""
        self.chance = random.Random(self.seed)
        self.node = frontend.find_node(install=False)
        self.worker = self.settings.data_dir / "worker.js"
        bundling = [self.node.program, "tests/chaos/bundle.mjs", str(self.worker), *([self.bug] if self.bug else [])]
        subprocess.run(bundling, cwd=ROOT, check=True)
        self._people()
        port = _free_port()
        with Proxy(port, self.seed, self.network) as self.proxy:
            self.server = Server(self.settings, port, f"http://localhost:{self.proxy.port}")
            held: list[Phone] = []
            try:
                self.server.start()
                receipt_key = json.loads(self.server.get("/receipts/key"))["raw"]
                held += [self._phone(number, receipt_key) for number in range(self.phones)]
                for phone in held:
                    phone.hear(60)
                self._weather(held)
                histories = self._calm(held)
            finally:
                for phone in held:
                    phone.end()
                self.server.stop()
        return self._judged(histories)

    def _people(self) -> None:
        with Database(self.settings) as database, database.unit_of_work() as db:
            place = an_organisation(db)
            self.units = [str(place.city.id), str(place.cell.id)]
            self.second_cell = place.second_cell.id
            self.documents = [str(a_document(db).id) for _ in range(2)]
            self.members = [a_member(db).id for _ in range(self.phones)]
            for member_id in self.members:
                db.add(Account(member_id=member_id))

    def _sign_in(self, member_id: UUID) -> tuple[str, str]:
        """A new session of the member: cookie and tag."""
        with Database(self.settings) as database, database.unit_of_work() as db:
            account = db.get_one(Account, member_id)
            token, _ = sessions.start(db, account, staff=False, device="chaos", passkey_id=None)
            return token, member_tag(account)

    def _phone(self, number: int, receipt_key: str) -> Phone:
        member_id = self.members[number]
        cookie, tag = self._sign_in(member_id)
        traits = {
            # Each has its own troubles, and the first hardly any: it shows what the server alone can do.
            "dies": number % 2 == 1,
            "updates": number % 3 == 2,
            "full": number % 4 == 3,
            "clock": number % 3 == 1,
            "sync": number % 2 == 0,
            "ahead": (0, -40 * _DAY_MS, 400 * _DAY_MS)[number % 3],
            "rest": self.chance.choice((300, 600, 900)),
        }
        about = {
            "number": number,
            "seed": self.seed * 1000 + number,
            "origin": self.server.origin,
            "cookie": cookie,
            "tag": tag,
            "receiptKey": receipt_key,
            "boxKey": boxed.public_key(self.settings),
            "units": self.units,
            "documents": self.documents,
            "worker": str(self.worker),
            "speed": (1, 6, 15)[number % 3],
            "traits": traits,
        }
        log = self.settings.data_dir / f"phone-{number}.log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                [self.node.program, "tests/chaos/phone.mjs"],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
            )  # fmt: skip
        phone = Phone(number, member_id, process, log)
        phone.tell(**about)
        return phone

    def _weather(self, phones: list[Phone]) -> None:
        """Each calamity at least once, then over again in a new order until the time is over."""
        acts: dict[str, Callable[[list[Phone]], None]] = {
            "kill worker": self._kill_worker,
            "restart": lambda _: self.server.restart(),
            "session": self._end_session,
            "eviction": lambda phones: self.chance.choice(phones).tell(evict=True),
            "transfer": self._transfer,
            "disk": self._fill_disk,
            "lock": self._lock,
        }
        end = time.monotonic() + self.seconds
        first = True
        while first or time.monotonic() < end:
            deck = list(self.calamities)
            self.chance.shuffle(deck)
            for name in deck:
                if not first and time.monotonic() > end:
                    break
                time.sleep(self.chance.uniform(0.3, 2.0))
                acts[name](phones)
                self.befell[name] += 1
            first = False
            if not self.calamities:
                time.sleep(max(0.0, end - time.monotonic()))

    def _kill_worker(self, _phones: list[Phone]) -> None:
        self.server.kill_worker(self.chance)

    def _end_session(self, phones: list[Phone]) -> None:
        """A session ends; some time later the member signs in again."""
        phone = self.chance.choice(phones)
        with Database(self.settings) as database, database.unit_of_work() as db:
            sessions.end_all(db, phone.member_id, self.chance.choice(_ENDS))
        time.sleep(self.chance.uniform(0.5, 2.5))
        phone.tell(cookie=self._sign_in(phone.member_id)[0])

    def _transfer(self, phones: list[Phone]) -> None:
        """A member is of another cell now, and what lies on the phone for the old one will be refused."""
        phone = self.chance.choice(phones)
        with Database(self.settings) as database, database.unit_of_work() as db:
            if str(db.get_one(Member, phone.member_id).cell_id) == self.units[1]:
                transfer_member(db, Actor.system(), phone.member_id, cell_id=self.second_cell)

    def _fill_disk(self, _phones: list[Phone]) -> None:
        if not self.server.is_sqlite:
            self.skipped["disk"] = "PostgreSQL's files are not this server's; its connections were ended instead"
            self.server.end_connections()
            return
        with self.server.full_disk():
            time.sleep(2)

    def _lock(self, _phones: list[Phone]) -> None:
        locking = Thread(target=self.server.lock_database, args=(LOCKED_SECONDS,))
        locking.start()
        time.sleep(self.chance.uniform(1, 4))
        self.server.kill_worker(self.chance)
        locking.join()

    def _calm(self, phones: list[Phone]) -> list[dict[str, Any]]:
        """The network is well again, and every phone sends what it has."""
        self.proxy.calm = True
        for phone in phones:
            cookie, _ = self._sign_in(phone.member_id)
            phone.tell(cookie=cookie)
            phone.tell(settle=self.settle)
        return [phone.hear(self.settle + 60) for phone in phones]

    def _judged(self, histories: list[dict[str, Any]]) -> Judgement:
        with Database(self.settings) as database, database.unit_of_work(read_only=True) as db:
            files = files_in(db, Shelf(self.settings.attachments))
            found = judge(histories, *rows_and_proofs(db), files, always=self.units[0])
        found.figures.update({f"network: {name}": count for name, count in self.proxy.drawn.items()})
        found.figures.update({f"server: {name}": count for name, count in self.befell.items()})
        for told in histories:
            for name in ("evictions", "killed", "nights", "unlocked", "full", "clock"):
                found.figures[f"phones: {name}"] += told["figures"][name]
            for error in told["figures"]["errors"]:
                found.figures[f"errors: {error.splitlines()[0]}"] += 1
        if faults := self.server.log().count("Traceback"):
            found.figures["server: tracebacks"] = faults
        return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
