"""One import from files to report: everything, or nothing at all."""

import hashlib
from pathlib import Path

from sqlmodel import Session

from handbook.audit import rules as audit
from handbook.organisation.importing.columns import MEMBER_COLUMNS, UNIT_COLUMNS, recognised
from handbook.organisation.importing.members import import_members
from handbook.organisation.importing.reading import read
from handbook.organisation.importing.report import Problem, Report
from handbook.organisation.importing.units import import_units
from handbook.organisation.rules.cards import CardKeys
from handbook.policy.actor import Actor

_UNITS_NEED = ("code", "name", "level_code")
_MEMBERS_NEED = ("full_name", "cell_code")


def import_files(
    db: Session,
    actor: Actor,
    *,
    units: Path | None,
    members: Path | None,
    keys: CardKeys,
    max_bytes: int,
    dry_run: bool = False,
) -> Report:
    """Import units, then members. With any problem, or as a dry run, the database is left as it was.

    Raises Invalid when a file cannot be read at all."""
    report = Report()
    unit_table = recognised(read(units, max_bytes=max_bytes), UNIT_COLUMNS, _UNITS_NEED) if units else None
    member_table = recognised(read(members, max_bytes=max_bytes), MEMBER_COLUMNS, _MEMBERS_NEED) if members else None
    kept = db.begin_nested()
    try:
        for table in filter(None, (unit_table, member_table)):
            report.notices += [Problem(table.file, 0, heading, "import.column_unread") for heading in table.unread]
        if unit_table:
            import_units(db, actor, unit_table, report)
        if member_table:
            import_members(db, actor, member_table, report, keys=keys)
        report.saved = not report.problems and not dry_run
        if report.saved:
            _record(db, actor, report, [path for path in (units, members) if path])
    except BaseException:
        kept.rollback()
        raise
    kept.commit() if report.saved else kept.rollback()
    report.problems.sort()
    return report


def _record(db: Session, actor: Actor, report: Report, files: list[Path]) -> None:
    """One row for all that is new: the files' fingerprints say what was in them."""
    detail = {
        "files": [hashlib.sha256(path.read_bytes()).hexdigest() for path in files],
        "units": report.units.created,
        "members": report.members.created,
    }
    audit.record(
        db,
        actor,
        "organisation.import",
        subject=None,
        subject_kind="organisation",
        unit_path="/",
        detail=detail,
    )
