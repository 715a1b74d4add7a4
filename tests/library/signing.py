"""A signed-in browser for the library's page tests, by the session rule that a passkey sign-in ends in."""

from sqlmodel import Session

from handbook.identity.loader import COOKIE
from handbook.identity.models import Account
from handbook.identity.rules import sessions
from handbook.organisation.models import Member
from tests.page import Client


def sign_in(client: Client, db: Session, member: Member, *, staff: bool = False) -> Client:
    """`client`, with the cookie of a new session of `member`."""
    account = db.get(Account, member.id) or Account(member_id=member.id)
    db.add(account)
    db.flush()
    token, _ = sessions.start(db, account, staff=staff, device="thử", passkey_id=None)
    db.commit()
    client.http.set_cookie(COOKIE, token, domain="localhost", secure=True)
    return client
