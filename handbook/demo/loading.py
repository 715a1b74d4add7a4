"""Put the invented organisation, its documents, opinions and reports into an empty database, as real ones come in."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable

from sqlmodel import Session, select

from handbook.core import clock
from handbook.core.errors import Refused
from handbook.core.settings import Settings
from handbook.demo import reporting
from handbook.library.forms import DocumentIn
from handbook.library.importing.converting import convert
from handbook.library.models import Classification
from handbook.library.rules.taking_in import import_document
from handbook.organisation import queries
from handbook.organisation.forms import PostIn
from handbook.organisation.importing.running import import_files
from handbook.organisation.models import Member, Unit
from handbook.organisation.rules.cards import CardKeys, card_hash, card_keys
from handbook.organisation.rules.posts import add_post
from handbook.policy.actor import Actor, Role
from handbook.reports.forms import AnswerIn, OpinionIn
from handbook.reports.rules.answering import answer
from handbook.reports.rules.submitting import submit

_PEOPLE = files("handbook.demo") / "people"
_DOCUMENTS = files("handbook.demo") / "documents"
_OPINIONS = files("handbook.demo") / "opinions.csv"
_TOP, _LARGEST = "TP", 1024 * 1024
# Front matter that says "so many days from the day of loading": the demo must look fresh whenever it is loaded.
_RELATIVE = {
    "issued_days_ago": ("issued_on", -1),
    "effective_days_ago": ("effective_on", -1),
    "read_in_days": ("read_before", 1),
}


@dataclass(frozen=True)
class Person:
    """Someone of the demo for whom a link is printed."""

    member: Member
    role: Role


def load(db: Session, settings: Settings) -> bool:
    """Load everything unless it is there; says whether it did. Raises Refused when the database holds other units."""
    if known := db.exec(select(Unit.code)).all():
        if _TOP not in known:
            raise Refused("demo.not_empty")
        return False
    keys = card_keys(settings)
    with as_file(_PEOPLE / "units.csv") as units, as_file(_PEOPLE / "members.csv") as members:
        report = import_files(db, Actor.system(), units=units, members=members, keys=keys, max_bytes=_LARGEST)
    if not report.saved:
        raise Refused("demo.broken", problems=report.problems)
    for row in _posts():
        unit = queries.unit_by_code(db, row["unit"])
        form = PostIn(role=Role(row["role"]), unit_id=unit.id, starts_on=date.fromisoformat(row["since"]))
        add_post(db, Actor.system(), _by_card(db, keys, row["card"]).id, form)
    for file in sorted(_DOCUMENTS.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".md"):
            _load_document(db, file)
    for row in _rows(_OPINIONS):
        _load_opinion(db, keys, row)
    reporting.load(db, _TOP, lambda card: _by_card(db, keys, card))
    return True


def people(db: Session, settings: Settings) -> Iterator[Person]:
    """One person a role, in the order of the file, as far as they are still in the database."""
    keys = card_keys(settings)
    for row in _posts():
        member = db.exec(select(Member).where(Member.card_hash == card_hash(keys, row["card"]))).first()
        if row["link"] == "yes" and member is not None:
            yield Person(member, Role(row["role"]))


def _posts() -> list[dict[str, str]]:
    return _rows(_PEOPLE / "posts.csv")


def _rows(file: Traversable) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _by_card(db: Session, keys: CardKeys, card: str) -> Member:
    return db.exec(select(Member).where(Member.card_hash == card_hash(keys, card))).one()


def _load_document(db: Session, file: Traversable) -> None:
    facts, text = front_matter(file.read_text(encoding="utf-8"))
    converted = convert(file.name, text.encode(), max_bytes=_LARGEST)
    form = DocumentIn.model_validate({"classification": Classification.ORDINARY, "publish": True, **facts})
    import_document(db, Actor.system(), form, converted.sections, words=converted.word_count)


def _load_opinion(db: Session, keys: CardKeys, row: dict[str, str]) -> None:
    """Sent by its author and, where the file says by whom, answered: the trail names them."""
    author = queries.actor_of(db, _by_card(db, keys, row["card"]).id)
    unit_id = queries.unit_by_code(db, row["unit"]).id
    form = OpinionIn.model_validate({**row, "unit_id": unit_id})
    opinion = submit(db, author, form)
    if row["answered_by"]:
        answering = queries.actor_of(db, _by_card(db, keys, row["answered_by"]).id)
        answer(db, answering, opinion.id, AnswerIn(answer=row["answer"]))


def front_matter(text: str) -> tuple[dict[str, object], str]:
    """`name: value` lines between two lines of dashes, and the text after them. A name told twice makes a list."""
    _, head, body = text.split("---\n", 2)
    facts: dict[str, object] = {}
    points: list[str] = []
    for line in filter(str.strip, head.splitlines()):
        name, _, value = (part.strip() for part in line.partition(":"))
        if name in _RELATIVE:
            field, direction = _RELATIVE[name]
            facts[field] = clock.today() + direction * timedelta(days=int(value))
        elif name == "key_point":
            points.append(value)
        else:
            facts[name] = value
    return {**facts, "key_points": points}, body
