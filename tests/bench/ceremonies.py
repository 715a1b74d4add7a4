"""Sign-in ceremonies through the served pages: ask for options, sign them with a passkey in software, send the answer."""

from __future__ import annotations

import http.client
import itertools
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from handbook.core.db import Database
from handbook.identity.models import Purpose
from handbook.identity.rules import tickets
from handbook.policy.actor import Actor
from tests.bench.figures import Figure, at_most, plain
from tests.bench.processes import Server
from tests.bench.subject import Subject
from tests.factories.identity import SoftKey

KEYS, AT_ONCE = 30, 8
_addresses = itertools.count(1)


def measure(subject: Subject, server: Server, *, ceremonies: int) -> list[Figure]:
    """Rate and CPU of a whole ceremony (two requests). At most 300: more in a minute are refused by design."""
    links = _tickets(subject)
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        keys = list(crowd.map(lambda link: _enrol(subject, link), links))
        _next_minute()
        before, began = server.cpu_seconds(), time.perf_counter()
        statuses = list(crowd.map(lambda at: _sign_in(subject, keys[at % KEYS]), range(ceremonies)))
        seconds, used = time.perf_counter() - began, server.cpu_seconds() - before
    group, detail = "sign-in", f"{ceremonies} ceremonies, {AT_ONCE} at once"
    return [
        plain(group, "ceremonies", ceremonies / seconds, "/s", detail),
        plain(group, "CPU of a ceremony", used * 1000 / ceremonies, "ms"),
        at_most(group, "errors", sum(status != 200 for status in statuses), 0, unit="errors"),
    ]


def _tickets(subject: Subject) -> list[str]:
    with Database(subject.settings).unit_of_work() as db:
        return [
            tickets.issue(db, Actor.system(), member_id, Purpose.ENROL)[1] for member_id in subject.member_ids[:KEYS]
        ]


def _enrol(subject: Subject, token: str) -> SoftKey:
    key = SoftKey(origin=subject.settings.origin_exact)
    _, begun = _post(subject, f"/identity/enrol/{token}/options", {})
    status, answer = _post(subject, f"/identity/enrol/{token}", {"credential": key.create(begun["options"])})
    if status != 201:
        raise RuntimeError(f"enrolment was refused: {answer}")
    return key


def _sign_in(subject: Subject, key: SoftKey) -> int:
    status, options = _post(subject, "/identity/sign-in/options", {})
    return _post(subject, "/identity/sign-in", {"credential": key.get(options)})[0] if status == 200 else status


def _post(subject: Subject, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    """One request from an address of its own: limits are counted by address."""
    number = next(_addresses)
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Sec-Fetch-Site": "same-origin",
        "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
    }
    connection = http.client.HTTPConnection("localhost", subject.port, timeout=60)
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    return answer.status, json.loads(told)


def _next_minute() -> None:
    """Site-wide limits count in whole minutes: start at the beginning of one."""
    time.sleep(60.5 - time.time() % 60)
