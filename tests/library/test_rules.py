"""Import, publish, relate, confirm: what each promises, on a real session of either database."""

import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from handbook.audit.models import AuditEvent
from handbook.core.db import Database
from handbook.core.errors import Conflict, Invalid, Missing, Refused
from handbook.library import pack, queries, search_index
from handbook.library.forms import DocumentIn
from handbook.library.importing.converting import convert
from handbook.library.models import Document, ReadConfirmation, ReadCount, Relation, Section, Standing
from handbook.library.queries import Filters
from handbook.library.rules import publishing, taking_in
from handbook.library.rules.reading import confirm_reading
from handbook.organisation import queries as organisation
from handbook.policy.actor import Actor, Role
from tests.factories.library import RESOLUTION, a_document
from tests.factories.organisation import a_member, an_organisation


def editor_of_the_ward(db: Session) -> Actor:
    return organisation.actor_of(db, a_member(db, role=Role.EDITOR).id)


def acting(db: Session, **fields: object) -> Actor:
    return organisation.actor_of(db, a_member(db, **fields).id)


def facts(**fields: object) -> DocumentIn:
    whole = {
        "kind": "nghi-quyet",
        "number": 7,
        "symbol": "7 - NQ/ĐU",
        "issuer": "Đảng ủy phường",
        "issued_on": "18/8/2026",
        "classification": "thuong",
        "unit_code": "1",
        "title": "Về một việc",
    }
    return DocumentIn(**{**whole, **fields})


def take(db: Session, actor: Actor, text: str = RESOLUTION, **fields: object) -> taking_in.Taken:
    converted = convert("a.txt", text.encode())
    return taking_in.import_document(db, actor, facts(**fields), converted.sections, words=converted.word_count)


def actions(db: Session, kind: str) -> list[AuditEvent]:
    return list(db.exec(select(AuditEvent).where(AuditEvent.action == kind)))


def test_an_import_stores_facts_and_text_and_leaves_a_row_in_the_trail(db: Session) -> None:
    actor = editor_of_the_ward(db)
    document = take(db, actor).document
    assert (document.symbol, document.number, document.issued_on) == ("07-NQ/ĐU", 7, date(2026, 8, 18))
    assert document.published_at is None and document.created_by == actor.member_id and document.revision == 1
    anchors = [section.anchor for section in db.exec(select(Section).where(Section.document_id == document.id))]
    assert "muc-2.so-1" in anchors
    assert [event.subject_id for event in actions(db, "document.import")] == [document.id]


def test_the_same_import_again_changes_nothing_and_a_changed_text_is_a_new_version(db: Session) -> None:
    actor = editor_of_the_ward(db)
    first = take(db, actor)
    again = take(db, actor)
    assert (again.outcome, again.document.id, again.document.revision) == ("unchanged", first.document.id, 1)
    changed = take(db, actor, RESOLUTION.replace("12 tổ", "13 tổ"))
    assert (changed.outcome, changed.document.id, changed.document.revision) == (
        "revised",
        first.document.id,
        2,
    )
    assert len(actions(db, "document.import")) == 2
    found = queries.search(db, Actor.system(), "13 to dan pho", Filters(unpublished=True)).rows
    assert [line.id for line in found] == [first.document.id]
    assert not queries.search(db, Actor.system(), "co 12 to", Filters(unpublished=True)).rows


def test_numbers_restart_so_the_key_is_issuer_kind_number_and_date(db: Session) -> None:
    actor = editor_of_the_ward(db)
    ids = {
        take(db, actor, **fields).document.id
        for fields in (
            {},
            {"issued_on": "1/2/2021"},
            {"issuer": "Tỉnh ủy"},
            {"kind": "chi-thi"},
            {"number": 8, "symbol": "08-NQ/ĐU"},
        )
    }
    assert len(ids) == 5
    without = [
        take(db, actor, number=None, symbol="", title=title).document.id for title in ("Bài một", "Bài hai", "bài MỘT")
    ]
    assert without[0] == without[2] != without[1]


@pytest.mark.parametrize("level", ["noi-bo", "mat", "toi-mat", "tuyet-mat"])
def test_only_ordinary_documents_are_taken(db: Session, level: str) -> None:
    actor = editor_of_the_ward(db)
    with pytest.raises(Invalid) as found:
        take(db, actor, classification=level)
    assert found.value.fields == {"classification": "document.classified"}
    assert db.exec(select(Document)).all() == []


def test_classification_is_mandatory_and_a_mark_in_the_text_is_refused(db: Session) -> None:
    with pytest.raises(ValidationError):
        DocumentIn(kind="nghi-quyet", issuer="x", unit_code="1", title="x")
    with pytest.raises(Invalid) as found:
        taking_in.start_draft(db, editor_of_the_ward(db), "a.txt", convert("a.txt", f"MẬT\n\n{RESOLUTION}".encode()))
    assert found.value.code == "import.secret"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"kind": "thu-tinh"}, "kind"), ({"expires_on": "1/1/2020"}, "expires_on"), ({"issued_on": "1/1/2999"}, "issued_on"),
     ({"replaces": "99-NQ/XX"}, "replaces")],
)  # fmt: skip
def test_faults_name_their_field(db: Session, fields: dict[str, object], wrong: str) -> None:
    with pytest.raises(Invalid) as found:
        take(db, editor_of_the_ward(db), **fields)
    assert list(found.value.fields) == [wrong]


def test_an_editor_stays_within_the_reach_of_the_post(db: Session) -> None:
    org = an_organisation(db)
    actor = editor_of_the_ward(db)
    for code in (org.city.code, org.other_ward.code, org.other_cell.code, "nirgendwo"):
        with pytest.raises(Missing):
            take(db, actor, unit_code=code)
    with pytest.raises(Missing):
        take(db, acting(db))
    foreign = a_document(db, unit=org.other_ward, publish=False)
    with pytest.raises(Missing):
        publishing.publish(db, actor, foreign.id)
    assert take(db, actor, unit_code=org.cell.code).outcome == "new"


def test_a_document_of_another_unit_is_not_taken_over(db: Session) -> None:
    an_organisation(db)
    take(db, Actor.system(), unit_code="10")
    with pytest.raises(Conflict):
        take(db, Actor.system(), unit_code="1")


def test_publishing_twice_is_publishing_once(db: Session) -> None:
    actor = editor_of_the_ward(db)
    document = take(db, actor).document
    first = publishing.publish(db, actor, document.id).published_at
    assert publishing.publish(db, actor, document.id).published_at == first
    assert len(actions(db, "document.publish")) == 1


def test_what_is_replaced_says_so_on_its_page(db: Session) -> None:
    old = a_document(db, symbol="03-HD/ĐU", number=3, kind="huong-dan", title="Cũ")
    new = a_document(db, symbol="05-HD/ĐU", number=5, kind="huong-dan", title="Mới", replaces="3 - HD/ĐU")
    reader = acting(db)
    view = queries.get(db, reader, old.id)
    assert view.document.status == Standing.REPLACED and [other.id for other in view.replaced_by] == [new.id]
    assert queries.get(db, reader, new.id).related[0].kind == Relation.REPLACES
    with pytest.raises(Refused):
        publishing.relate(db, Actor.system(), new.id, new.id, Relation.CITES)


def test_confirming_counts_once_a_member_and_version_for_each_cell(db: Session) -> None:
    org = an_organisation(db)
    document = a_document(db)
    readers = [acting(db), acting(db), acting(db, cell=org.second_cell)]
    assert [confirm_reading(db, reader, document.id, revision=1) for reader in [*readers, *readers]] == [True] * 3 + [
        False
    ] * 3
    assert queries.confirmed_count(db, document, org.ward) == 3
    assert queries.confirmed_count(db, document, org.cell) == 2
    assert queries.confirmed_count(db, document, org.other_ward) == 0
    assert len(actions(db, "document.confirm")) == 3


def test_a_new_version_asks_again_and_the_old_word_stays(db: Session) -> None:
    reader = acting(db)
    document = take(db, Actor.system(), publish=True).document
    confirm_reading(db, reader, document.id, revision=1)
    take(db, Actor.system(), RESOLUTION.replace("12 tổ", "13 tổ"))
    assert queries.search(db, reader).rows[0].confirmed is False
    assert confirm_reading(db, reader, document.id, revision=2)
    assert len(db.exec(select(ReadConfirmation)).all()) == 2


def test_confirming_needs_to_be_addressed_and_published(db: Session) -> None:
    org = an_organisation(db)
    reader = acting(db)
    for document in (
        a_document(db, unit=org.other_ward),
        a_document(db, publish=False),
        a_document(db, unit=org.second_cell),
    ):
        with pytest.raises(Missing):
            confirm_reading(db, reader, document.id, revision=1)
    with pytest.raises(Missing):
        confirm_reading(db, reader, uuid4(), revision=1)
    with pytest.raises(Missing):
        confirm_reading(db, Actor.system(), a_document(db).id, revision=1)
    with pytest.raises(Invalid):
        confirm_reading(db, reader, a_document(db).id, revision=2)


def test_two_phones_at_the_same_moment_store_one_word(own_database: Database) -> None:
    with own_database.unit_of_work() as db:
        document, members = a_document(db).id, [a_member(db).id for _ in range(3)]
    results: list[bool | Exception] = []

    def confirm(member_id: object) -> None:
        try:
            with own_database.unit_of_work() as db:
                results.append(confirm_reading(db, organisation.actor_of(db, member_id), document, revision=1))
        except Exception as error:  # whatever it is belongs in the comparison below
            results.append(error)

    threads = [threading.Thread(target=confirm, args=(member,)) for member in members for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)) == ["False"] * 9 + ["True"] * 3
    with own_database.unit_of_work(read_only=True) as db:
        assert sum(row.confirmed for row in db.exec(select(ReadCount))) == 3
        assert len(db.exec(select(ReadConfirmation)).all()) == 3


def test_what_is_to_be_read_comes_by_its_day_and_goes_when_confirmed(db: Session) -> None:
    reader = acting(db)
    later = a_document(db, title="Sau", read_before=date(2026, 12, 20))
    sooner = a_document(db, title="Trước", read_before=date(2026, 12, 1))
    a_document(db, title="Không hẹn")
    a_document(db, title="Cũ", symbol="55-NQ/ĐU", number=55, read_before=date(2026, 1, 1))
    a_document(db, title="Thay", number=56, symbol="56-NQ/ĐU", replaces="55-NQ/ĐU")
    assert [line.id for line in queries.to_read(db, reader)] == [sooner.id, later.id]
    confirm_reading(db, reader, sooner.id, revision=1)
    assert [line.id for line in queries.to_read(db, reader)] == [later.id]


def test_the_pack_holds_what_is_addressed_and_changes_only_with_what_is_shown(db: Session) -> None:
    org = an_organisation(db)
    reader = acting(db)
    mine = a_document(db, read_before=date(2026, 12, 1), issued_on=date(2020, 1, 1))
    newer = a_document(db, unit=org.city)
    a_document(db, unit=org.second_cell)
    before = pack.pack(db, reader)
    assert [item.url for item in before] == [f"/library/{mine.id}", f"/library/{newer.id}"]
    assert all(item.line.text_bytes > 0 for item in before)
    assert pack.pack(db, reader) == before
    confirm_reading(db, reader, mine.id, revision=1)
    after = {item.url: item.revision for item in pack.pack(db, reader)}
    assert [item.revision != after[item.url] for item in before] == [True, False]
    publishing.relate(db, Actor.system(), mine.id, newer.id, Relation.CITES)
    assert all(item.revision != after[item.url] for item in pack.pack(db, reader))


def test_drafts_are_their_uploaders_own_and_end(db: Session, shift_clock) -> None:
    actor, other = editor_of_the_ward(db), editor_of_the_ward(db)
    converted = convert("a.txt", RESOLUTION.encode())
    draft = taking_in.start_draft(db, actor, "a.txt", converted)
    with pytest.raises(Missing):
        queries.draft(db, other, draft.id)
    assert [part.anchor for part in taking_in.parts_of(draft)] == [section.anchor for section in converted.sections]
    for _ in range(taking_in.MOST_DRAFTS):
        last = taking_in.start_draft(db, actor, "b.txt", converted)
    with pytest.raises(Missing):
        queries.draft(db, actor, draft.id)
    taken = taking_in.confirm_draft(db, actor, last.id, facts())
    assert taken.outcome == "new"
    with pytest.raises(Missing):
        queries.draft(db, actor, last.id)
    draft = taking_in.start_draft(db, actor, "c.txt", converted)
    shift_clock(timedelta(hours=taking_in.DRAFT_HOURS, minutes=1))
    with pytest.raises(Missing):
        queries.draft(db, actor, draft.id)


def test_a_very_long_text_is_indexed(db: Session) -> None:
    text = "\n\n".join(" ".join(f"từ{number}x{line}" for number in range(200)) + "." for line in range(400))
    document = a_document(db, text=text, title="Dài")
    assert [line.id for line in queries.search(db, acting(db), "tu7x7").rows] == [document.id]
    search_index.remove(db, document.id)
    assert queries.search(db, acting(db), "tu7x7").rows == []
