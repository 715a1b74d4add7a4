"""Members and posts: counts kept, cards sealed, rights gone the moment a post ends."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, func, select

from handbook.audit.models import AuditEvent
from handbook.core import clock
from handbook.core.errors import Conflict, Invalid, Missing, Refused, Unavailable
from handbook.organisation import queries
from handbook.organisation.forms import MemberIn, PostIn, StatusIn
from handbook.organisation.models import PRESENT, CellCount, Member, Status, Unit
from handbook.organisation.rules.cards import CardKeys, card_keys, card_number
from handbook.organisation.rules.members import add_member, set_status, transfer_member
from handbook.organisation.rules.posts import add_post, end_post
from handbook.policy.actions import Action
from handbook.policy.actor import Role
from handbook.policy.decide import allowed
from tests.factories.organisation import KEYS, SYSTEM, a_member, a_post, an_organisation

CARD = "001090123456"


def assert_counted(db: Session) -> None:
    present = col(Member.status).in_(PRESENT)
    real = dict(db.exec(select(Member.cell_id, func.count()).where(present).group_by(col(Member.cell_id))).all())
    kept = {row.cell_id: row.members for row in db.exec(select(CellCount)) if row.members}
    assert kept == real


def test_counts_equal_the_members_through_a_life(db: Session) -> None:
    tree = an_organisation(db)
    members = [a_member(db, cell=cell) for cell in (tree.cell, tree.cell, tree.second_cell, tree.other_cell)]
    assert_counted(db)
    transfer_member(db, SYSTEM, members[0].id, cell_id=tree.other_cell.id)
    assert_counted(db)
    for status in (Status.EXEMPT, Status.REMOVED, Status.EXPELLED, Status.OFFICIAL):
        set_status(db, SYSTEM, members[1].id, StatusIn(status=status))
        assert_counted(db)
    assert queries.member_count(db, tree.city) == 4


def test_the_card_is_sealed_masked_and_bound_to_its_row(db: Session) -> None:
    member, other = a_member(db, card="001 090 123 456"), a_member(db)
    assert member.card_masked == "••••3456"
    assert card_number(KEYS, member) == CARD
    other.card_sealed = member.card_sealed
    with pytest.raises(Unavailable):
        card_number(KEYS, other)
    with pytest.raises(Unavailable):
        card_number(CardKeys(sealing=b"x" * 32, lookup=KEYS.lookup), member)
    assert CARD not in repr(KEYS) + repr(member) + repr(queries.members_of(db, queries.Reach(everywhere=True)))


def test_the_card_is_nowhere_in_the_database_in_clear(own_database, own_settings) -> None:
    with own_database.unit_of_work() as db:
        a_member(db, card=CARD, keys=card_keys(own_settings))
        rows = [
            db.connection().exec_driver_sql(f"SELECT * FROM {table}").all()
            for table in ("member", "audit_event", "cell_count", "post")
        ]
    kept = repr(rows).encode() + b"".join(bytes(cell) for row in rows[0] for cell in row if isinstance(cell, bytes))
    for file in own_settings.data_dir.glob("handbook.db*"):
        kept += file.read_bytes()
    assert CARD.encode() not in kept
    assert b"Nguy" in kept or b"name_key" in kept or len(kept) > 100


def test_a_card_belongs_to_one(db: Session) -> None:
    a_member(db, card=CARD)
    with pytest.raises(Conflict, match="member.card_taken"):
        a_member(db, card=CARD)


@pytest.mark.parametrize(
    "wrong",
    [
        {"card": "12345678901"}, {"card": "00109012345x"}, {"full_name": ""}, {"full_name": "A\x00B"},
        {"full_name": "Nguyễn 2"}, {"birth_date": date(1899, 1, 1)}, {"joined_on": date(2999, 1, 1)},
        {"official_on": date(2009, 1, 1)}, {"joined_on": None}, {"phone": "12"}, {"email": "a@b"},
        {"birth_date": date(2012, 1, 1)}, {"status": "boss"}, {"sex": "x"}, {"cell_code": "a/b"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_taken(db: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        a_member(db, **wrong)


def test_a_committee_takes_no_members(db: Session) -> None:
    tree = an_organisation(db)
    with pytest.raises(Invalid):
        a_member(db, cell=tree.ward)


def test_another_ward_is_not_found(db: Session) -> None:
    tree = an_organisation(db)
    stranger = a_member(db, cell=tree.other_cell)
    actor = queries.actor_of(db, a_member(db, role=Role.ORG_STAFF).id)
    acts = (
        lambda: add_member(db, actor, MemberIn(full_name="Lê Ba", cell_code="10.1"), keys=KEYS),
        lambda: transfer_member(db, actor, stranger.id, cell_id=tree.cell.id),
        lambda: set_status(db, actor, stranger.id, StatusIn(status=Status.REMOVED)),
        lambda: add_post(db, actor, stranger.id, PostIn(role=Role.EDITOR, unit_id=tree.ward.id)),
        lambda: add_post(db, actor, actor.member_id, PostIn(role=Role.EDITOR, unit_id=tree.other_ward.id)),
    )
    for act in acts:
        with pytest.raises(Missing):
            act()


def test_ending_a_post_ends_its_rights_in_the_same_transaction(db: Session) -> None:
    member, other = a_member(db), a_member(db)
    post = a_post(db, member, Role.CELL_SECRETARY)
    scope = queries.scope_of(db, other.id)
    assert allowed(queries.actor_of(db, member.id), Action.MEMBER_READ, scope)
    end_post(db, SYSTEM, post.id)
    assert not allowed(queries.actor_of(db, member.id), Action.MEMBER_READ, scope)
    with pytest.raises(Refused, match="post.ended"):
        end_post(db, SYSTEM, post.id)


def test_a_transfer_takes_the_posts_of_the_old_cell(db: Session) -> None:
    tree = an_organisation(db)
    member = a_member(db, role=Role.CELL_SECRETARY)
    a_post(db, member, Role.EDITOR)
    transfer_member(db, SYSTEM, member.id, cell_id=tree.second_cell.id)
    assert [held.role for held in queries.actor_of(db, member.id).posts] == [Role.EDITOR]
    with pytest.raises(Refused, match="member.same_cell"):
        transfer_member(db, SYSTEM, member.id, cell_id=tree.second_cell.id)


def test_nobody_raises_themselves(db: Session) -> None:
    member = a_member(db, role=Role.ORG_STAFF)
    actor = queries.actor_of(db, member.id)
    ward = db.get_one(Unit, db.get_one(Unit, member.cell_id).parent_id)
    with pytest.raises(Refused, match="post.own"):
        add_post(db, actor, member.id, PostIn(role=Role.SYSTEM_ADMIN, unit_id=ward.id))
    with pytest.raises(Refused, match="member.own_status"):
        set_status(db, actor, member.id, StatusIn(status=Status.OFFICIAL))


def test_the_same_post_is_not_held_twice_at_once(db: Session) -> None:
    today, day = clock.today(), timedelta(days=1)
    member = a_member(db)
    a_post(db, member, Role.EDITOR, starts_on=today, ends_on=today + 5 * day)
    with pytest.raises(Conflict, match="post.held"):
        a_post(db, member, Role.EDITOR, starts_on=today - 3 * day, ends_on=today + day)
    a_post(db, member, Role.EDITOR, starts_on=today + 5 * day)
    with pytest.raises(Invalid):
        a_post(db, member, Role.INSPECTOR, starts_on=today, ends_on=today)


def test_every_change_is_in_the_trail_without_the_record_itself(db: Session) -> None:
    tree = an_organisation(db)
    member = a_member(db, full_name="Trịnh Văn Đức", card=CARD, phone="0912345678")
    post = a_post(db, member, Role.CELL_SECRETARY)
    end_post(db, SYSTEM, post.id)
    set_status(db, SYSTEM, member.id, StatusIn(status=Status.EXEMPT))
    transfer_member(db, SYSTEM, member.id, cell_id=tree.second_cell.id)
    rows = db.exec(select(AuditEvent).where(AuditEvent.subject_id == member.id).order_by(col(AuditEvent.seq))).all()
    acts = ["member.add", "post.add", "post.end", "member.status", "member.transfer"]
    assert [row.action for row in rows] == acts
    told = repr([row.detail for row in rows])
    assert not any(secret in told for secret in (CARD, "Đức", "0912345678", "1990"))
