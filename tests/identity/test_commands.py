"""`handbook identity ticket`: exit codes, and the first administrator."""

from __future__ import annotations

import subprocess
import sys
from uuid import uuid4

from sqlmodel import select

from handbook.app import create_app
from handbook.core.db import Database
from handbook.core.settings import Settings
from handbook.identity.models import Account, Passkey
from handbook.organisation.models import Member
from tests.conftest import KEYS
from tests.factories.identity import SoftKey
from tests.factories.organisation import a_member
from tests.page import Client


def run(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    given = {"database_url": settings.database_url, "data_dir": str(settings.data_dir), **KEYS}
    environment = {f"HANDBOOK_{name.upper()}": value for name, value in given.items()}
    program = "from handbook.cli import main; main()"
    command = [sys.executable, "-c", program, "identity", "ticket", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", **environment})


def test_the_first_administrator_enrols_once(own_settings: Settings, own_database: Database) -> None:
    with own_database.session(read_only=True) as db:
        assert not db.exec(select(Account)).all() and not db.exec(select(Member)).all()
    first = run(own_settings, "--first-admin", "--name", "Nguyễn Thị Quản")
    assert first.returncode == 0, first.stderr
    again = run(own_settings, "--first-admin", "--name", "Nguyễn Thị Quản")
    assert again.returncode == 0, again.stderr
    app = create_app(own_settings)
    with own_database.session() as db:
        client = Client(app, db)
        dead, url = (run.stdout.splitlines()[0].removeprefix("http://localhost:8000") for run in (first, again))
        client.get(dead, status=410)
        begun = client.post(f"{url}/options", json={}, status=200).get_json()
        client.post(url, json={"credential": SoftKey().create(begun["options"])}, status=201)
        client.get("/staff/identity/")
        assert len(db.exec(select(Passkey)).all()) == 1 and len(db.exec(select(Member)).all()) == 1
    app.extensions["handbook.database"].engine.dispose()
    refused = run(own_settings, "--first-admin")
    assert refused.returncode == 1 and "Đã có người đăng ký" in refused.stderr


def test_tickets_for_members_and_refusals(own_settings: Settings, own_database: Database) -> None:
    with own_database.session() as db:
        member_id = a_member(db).id
        db.commit()
    made = run(own_settings, str(member_id), "--hours", "2")
    assert made.returncode == 0 and made.stdout.startswith("http://localhost:8000/identity/enrol/")
    assert run(own_settings, str(uuid4())).returncode == 1
    assert run(own_settings).returncode == 2
    assert run(own_settings, "not-an-id").returncode == 2
    assert run(own_settings, "--first-admin", "--recover").returncode == 2
