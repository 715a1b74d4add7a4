"""The rows of a members file: new people in one bulk insert, known ones (by card, else name and birth) changed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import insert, tuple_
from sqlmodel import Session, col, select

from handbook.audit import rules as audit
from handbook.core.ids import new_id
from handbook.core.text import fold
from handbook.organisation.forms import MemberIn
from handbook.organisation.importing.columns import MEMBER_COLUMNS, Table, values
from handbook.organisation.importing.reading import Row
from handbook.organisation.importing.report import Problem, Report
from handbook.organisation.importing.units import by_code, by_id, checked
from handbook.organisation.models import PRESENT, Member, Status, Unit
from handbook.organisation.rules import members as rules
from handbook.organisation.rules.cards import CardKeys, card_hash, sealed_columns
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.decide import reach
from handbook.policy.scopes import Scope

_AT_ONCE = 400
_EARLY = frozenset({Status.CANDIDATE, Status.PROBATIONARY})
_Person = tuple[str, date | None]


@dataclass(frozen=True)
class _Line:
    row: Row
    form: MemberIn
    hash: bytes | None
    person: _Person


@dataclass
class _Known:
    """Who is in the database already, as far as the file's rows may mean them."""

    by_card: dict[bytes, Member] = field(default_factory=dict)
    by_person: dict[_Person, list[Member]] = field(default_factory=dict)


def import_members(db: Session, actor: Actor, table: Table, report: Report, *, keys: CardKeys) -> None:
    """Bring the members to what the file says, adding to `report`. An empty cell keeps what is known.

    Someone of the same name and birth date but another card is left out and named: a person decides about that.
    Writes as it goes: the caller undoes everything when there are problems."""
    lines = _lines(table, report, keys)
    cells = by_code(db)
    units, where = by_id(cells), reach(actor, Action.MEMBER_WRITE)
    known = _known(db, lines)
    fresh: list[dict[str, Any]] = []
    for line in lines:
        cell, takes = cells.get(line.form.cell_code, (None, False))
        if cell is None or not where.covers(Scope(cell.path)):
            report.problems.append(
                table.problem(line.row, "cell_code", "import.cell_missing", value=line.form.cell_code)
            )
        elif not takes:
            report.problems.append(table.problem(line.row, "cell_code", "member.not_a_cell"))
        elif (same := _same(line, known)) is not None:
            if not where.covers(Scope(units[same.cell_id].path)) or same.id == actor.member_id:
                report.problems.append(table.problem(line.row, "full_name", "import.person_elsewhere"))
            elif problem := _contradiction(table, line, same):
                report.problems.append(problem)
            else:
                _change(db, actor, line, same, cell, units[same.cell_id], keys, report)
        elif known.by_person.get(line.person):
            report.members.skipped += 1
            report.notices.append(table.problem(line.row, "full_name", "import.maybe_known"))
        else:
            fresh.append(rules.columns(line.form, new_id(), cell, keys))
    if not report.problems:
        _insert(db, fresh, units)
    report.members.created += len(fresh)


def _lines(table: Table, report: Report, keys: CardKeys) -> list[_Line]:
    lines = list[_Line]()
    cards, people = dict[bytes, int](), dict[_Person, _Line]()
    for row in table.rows:
        found, problems = values(table, row, MEMBER_COLUMNS)
        form = None if problems else checked(MemberIn, found, table, row, problems)
        report.problems += problems
        if not isinstance(form, MemberIn):
            continue
        if form.card is None and form.birth_date is None:
            report.problems.append(table.problem(row, "birth_date", "import.card_or_birth"))
            continue
        line = _Line(
            row,
            form,
            hash=card_hash(keys, form.card) if form.card else None,
            person=(fold(form.full_name), form.birth_date),
        )
        if line.hash and line.hash in cards:
            report.problems.append(table.problem(row, "card", "import.repeated", line=cards[line.hash]))
        elif form.birth_date and (twin := people.get(line.person)):
            if twin.hash and line.hash:
                report.members.skipped += 1
                report.notices.append(table.problem(row, "full_name", "import.maybe_repeated", line=twin.row.number))
            else:
                report.problems.append(table.problem(row, "full_name", "import.repeated", line=twin.row.number))
        else:
            lines.append(line)
            people[line.person] = line
        if line.hash:
            cards.setdefault(line.hash, row.number)
    return lines


def _known(db: Session, lines: list[_Line]) -> _Known:
    hashes = {line.hash for line in lines if line.hash}
    people = {line.person for line in lines if line.form.birth_date}
    person = tuple_(col(Member.name_fold), col(Member.birth_date))
    wanted = [col(Member.card_hash).in_(some) for some in _chunks(hashes)]
    wanted += [person.in_(some) for some in _chunks(people)]
    found = {member.id: member for these in wanted for member in db.exec(select(Member).where(these))}
    known = _Known()
    for member in found.values():
        if member.card_hash:
            known.by_card[member.card_hash] = member
        if member.birth_date:
            known.by_person.setdefault((member.name_fold, member.birth_date), []).append(member)
    return known


def _same(line: _Line, known: _Known) -> Member | None:
    """The member a row means for certain: the same card, or without one on either side the same name and birth."""
    if line.hash and (found := known.by_card.get(line.hash)):
        return found
    alike = known.by_person.get(line.person, [])
    certain = [member for member in alike if line.hash is None or member.card_hash is None]
    return certain[0] if len(alike) == 1 and certain else None


def _contradiction(table: Table, line: _Line, same: Member) -> Problem | None:
    """A card that belongs to someone of another name, or another birth date, which never changes (06-HD/TW §9)."""
    if line.person[0] != same.name_fold:
        return table.problem(line.row, "card", "import.card_of_another")
    if line.form.birth_date and same.birth_date and line.form.birth_date != same.birth_date:
        return table.problem(line.row, "birth_date", "import.birth_differs")
    return None


def _change(
    db: Session,
    actor: Actor,
    line: _Line,
    same: Member,
    cell: Unit,
    left: Unit,
    keys: CardKeys,
    report: Report,
) -> None:
    form, fields = line.form, _differing(line, same, keys)
    for name, new in fields.items():
        setattr(same, name, new)
    # Dates alone only ever carry someone forward: candidate, probationary, official.
    status = form.status or (form.standing if same.status in _EARLY and form.joined_on else same.status)
    if status != same.status:
        rules.restate(db, same, left, status)
        fields["status"] = status
    moved = cell.id != left.id
    if moved:
        rules.relocate(db, same, left, cell)
        rules.log_transfer(db, actor, same, left, cell)
    if fields:
        detail = {"fields": sorted(fields)}
        audit.record(
            db,
            actor,
            "member.import",
            subject=same.id,
            subject_kind="member",
            unit_path=cell.path,
            detail=detail,
        )
    tally = report.members
    tally.moved += moved
    tally.changed += bool(fields) and not moved
    tally.same += not fields and not moved


def _differing(line: _Line, same: Member, keys: CardKeys) -> dict[str, Any]:
    """The columns in which the row says something new; an empty cell says nothing."""
    fields: dict[str, Any] = {
        name: new
        for name in ("full_name", "birth_date", "sex", "joined_on", "official_on", "phone", "email")
        if (new := getattr(line.form, name)) is not None and getattr(same, name) != new
    }
    if line.hash and same.card_hash is None:
        fields |= sealed_columns(keys, same.id, line.form.card)
    return fields


def _insert(db: Session, fresh: list[dict[str, Any]], units: Mapping[UUID, Unit]) -> None:
    """All new rows and the counts of their cells; the ORM would take ten times as long."""
    if not fresh:
        return
    db.flush()
    db.connection().execute(insert(Member), fresh)
    counts = Counter(row["cell_id"] for row in fresh if row["status"] in PRESENT)
    for cell_id, many in counts.items():
        rules.count(db, units[cell_id], many)


def _chunks(these: Iterable[Any]) -> Iterable[list[Any]]:
    waiting = iter(these)
    while some := list(islice(waiting, _AT_ONCE)):
        yield some
