"""The ready-made forms published, reports asked for on them, and a few sent: through the doors of real ones."""

import tomllib
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from typing import Any

from sqlmodel import Session, select

from handbook.core import clock
from handbook.organisation import queries
from handbook.organisation.models import Member
from handbook.periods.period import PeriodKind, period_of
from handbook.policy.actor import Actor
from handbook.questions.ready import NAMES, ready
from handbook.reports.forms import RequestIn, SubmissionIn
from handbook.reports.models import Duty, FormVersion, ReportRequest
from handbook.reports.rules.asking import ask
from handbook.reports.rules.forms import publish, save_version
from handbook.reports.rules.reporting import send

_REPORTS = files("handbook.demo") / "reports.toml"


def load(db: Session, top: str, by_card: Callable[[str], Member]) -> None:
    """Publish every ready-made form in the unit with the code `top`, ask, and send what the file says was sent."""
    told = tomllib.loads(_REPORTS.read_text(encoding="utf-8"))
    unit = queries.unit_by_code(db, top)
    versions: dict[str, FormVersion] = {}
    for name in NAMES:
        version = save_version(db, Actor.system(), unit.id, ready(name))
        versions[name] = publish(db, Actor.system(), version.id)
    requests = {row["form"]: _ask(db, versions[row["form"]], row) for row in told["requests"]}
    for row in told["sent"]:
        _send(db, requests[row["form"]], by_card(row["card"]), row["answers"])


def _ask(db: Session, version: FormVersion, row: dict[str, Any]) -> ReportRequest:
    today = clock.today()
    present = period_of(PeriodKind(row["period"]), today)
    period = present.next() if row.get("ahead") else present
    form = RequestIn(
        version_id=version.id,
        unit_id=queries.unit_by_code(db, row["unit"]).id,
        title=row["title"],
        respondent=row["respondent"],
        level_code=row.get("level"),
        period=(period or present).id,
        opens_on=today,
        due_on=today + timedelta(days=row["due_in"]),
        locks_on=today + timedelta(days=row["locks_in"]),
    )
    return ask(db, Actor.system(), form)


def _send(db: Session, request: ReportRequest, member: Member, answers: dict[str, Any]) -> None:
    duty = db.exec(select(Duty).where(Duty.request_id == request.id, Duty.member_id == member.id)).one()
    form = SubmissionIn(version_id=request.version_id, based_on=0, answers=answers)
    send(db, queries.actor_of(db, member.id), duty.id, form)
