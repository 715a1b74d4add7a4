"""The reference: Flask, Jinja2, Flask-Login and SQLModel's ORM with nothing around them.

It does what a reader page and a read confirmation cannot do without (session row, member, document, sections; an
upsert, a counter, a commit) and no more: no roles, no headers, no translations, no audit, no limits.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, Response, abort, current_app, g, render_template
from flask_compress import Compress
from flask_login import LoginManager, UserMixin, current_user, login_required
from jinja2 import DictLoader
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, create_engine, select

from tests.bench import texts

COOKIE = "session"


class Table(SQLModel):
    """Tables of the reference stay out of the handbook's own metadata."""

    metadata = MetaData()


class Member(Table, table=True):
    __tablename__ = "member"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str
    cell: int


class SignedIn(Table, table=True):
    __tablename__ = "signed_in"
    token_hash: bytes = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="member.id")
    expires_at: datetime


class Document(Table, table=True):
    __tablename__ = "document"
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    title: str
    issuer: str
    symbol: str


class Section(Table, table=True):
    __tablename__ = "section"
    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    seq: int = Field(primary_key=True)
    heading: str
    html: str


class Reading(Table, table=True):
    __tablename__ = "reading"
    member_id: UUID = Field(foreign_key="member.id", primary_key=True)
    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    at: datetime


class Count(Table, table=True):
    __tablename__ = "reading_count"
    document_id: UUID = Field(foreign_key="document.id", primary_key=True)
    cell: int = Field(primary_key=True)
    readers: int


TEMPLATES = {
    "base.html": """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="{{ url_for("static", filename="page.css") }}"></head><body>
<nav>{% for name, path in places %}<a href="{{ path }}">{{ name }}</a>{% endfor %}</nav><p>{{ member.name }}</p>
<main>{% block main %}{% endblock %}</main><footer>{{ padding }}</footer></body></html>""",
    "reader.html": """{% extends "base.html" %}{% block main %}<h1>{{ document.title }}</h1>
<dl>{% for label, value in facts %}<div><dt>{{ label }}</dt><dd>{{ value }}</dd></div>{% endfor %}</dl>
<ol>{% for part in sections %}<li><a href="#s{{ part.seq }}">{{ part.heading }}</a></li>{% endfor %}</ol>
{% for part in sections %}<section id="s{{ part.seq }}"><h2>{{ part.heading }}</h2>{{ part.html | safe }}</section>
{% endfor %}<form method="post" action="{{ url_for("confirm", document_id=document.id) }}">
<button>Đã đọc</button></form>{% endblock %}""",
}


def make_engine(url: str) -> Engine:
    """An engine as plain as can be; SQLite in WAL mode with every commit on disk, as the handbook's."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=8)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=1"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class User(UserMixin):
    """Flask-Login's user around a member's row."""

    def __init__(self, member: Member) -> None:
        self.id, self.member = str(member.id), member


def create() -> Flask:
    """The application. BARE_DATABASE says where, BARE_PAGE_BYTES how many bytes the reader page must have."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader(TEMPLATES)
    app.extensions["engine"] = make_engine(os.environ["BARE_DATABASE"])
    Compress(app)
    LoginManager(app).request_loader(_user)
    app.add_url_rule("/up", view_func=lambda: "up\n", endpoint="up")
    app.add_url_rule("/library/<uuid:document_id>", view_func=login_required(reader), endpoint="reader")
    app.add_url_rule(
        "/library/<uuid:document_id>/reading",
        view_func=login_required(confirm),
        methods=["POST"],
        endpoint="confirm",
    )
    app.config.update(COMPRESS_ALGORITHM=["gzip"], COMPRESS_LEVEL=5, PAGE_BYTES=int(os.environ["BARE_PAGE_BYTES"]))
    app.teardown_request(_close)
    return app


def reader(document_id: UUID) -> str:
    """The page of one document for the signed-in member."""
    document = g.db.get(Document, document_id) or abort(404)
    sections = g.db.exec(select(Section).where(Section.document_id == document_id).order_by(col(Section.seq))).all()
    values = {
        "title": document.title,
        "places": (("Hôm nay", "/"), ("Thư viện", "/library/"), ("Máy của tôi", "/identity/devices")),
        "member": current_user.member,
        "document": document,
        "sections": sections,
        "facts": (("Ký hiệu", document.symbol), ("Nơi ban hành", document.issuer), ("Độ mật", "Thường")),
    }
    if "PADDING" not in current_app.config:
        size = len(render_template("reader.html", padding="", **values).encode())
        current_app.config["PADDING"] = "x" * max(0, current_app.config["PAGE_BYTES"] - size)
    return render_template("reader.html", padding=current_app.config["PADDING"], **values)


def confirm(document_id: UUID) -> Response:
    """Keep the member's word once, count it in their cell, commit, and lead back to the page."""
    insert = sqlite.insert if g.db.get_bind().dialect.name == "sqlite" else postgresql.insert
    member = current_user.member
    kept = g.db.execute(
        insert(Reading)
        .values(member_id=member.id, document_id=document_id, at=datetime.now(UTC))
        .on_conflict_do_nothing()
    )
    if kept.rowcount:
        count = insert(Count).values(document_id=document_id, cell=member.cell, readers=1)
        g.db.execute(
            count.on_conflict_do_update(index_elements=["document_id", "cell"], set_={"readers": Count.readers + 1})
        )
    g.db.commit()
    return Response(status=303, headers={"Location": f"/library/{document_id}"})


def fill(url: str, *, members: int, documents: int) -> tuple[list[str], list[UUID]]:
    """Tables and rows; returns the members' session tokens and the documents' ids."""
    engine = make_engine(url)
    Table.metadata.create_all(engine)
    tokens = [f"token-{number:06d}" for number in range(members)]
    with Session(engine, expire_on_commit=False) as db:
        people = [Member(name=f"Nguyễn Văn {number}", cell=number % 3) for number in range(members)]
        papers = [_document(number) for number in range(1, documents + 1)]
        db.add_all([*people, *papers])
        db.flush()
        later = datetime(2100, 1, 1, tzinfo=UTC)
        for token, person in zip(tokens, people, strict=True):
            db.add(SignedIn(token_hash=_hash(token), member_id=person.id, expires_at=later))
        for number, paper in enumerate(papers, 1):
            db.add_all(_sections(number, paper.id))
        db.commit()
        ids = [paper.id for paper in papers]
    engine.dispose()
    return tokens, ids


def _document(number: int) -> Document:
    return Document(title=f"Về việc thứ {number}", issuer="Đảng bộ thành phố Vân Hải", symbol=f"{number:02d}-NQ/TU")


def _sections(number: int, document_id: UUID) -> list[Section]:
    return [
        Section(
            document_id=document_id,
            seq=seq,
            heading=heading,
            html="".join(f"<p>{text}</p>" for text in parts),
        )
        for seq, (heading, parts) in enumerate(texts.articles(number))
    ]


def _user(request: Any) -> User | None:
    g.db = Session(current_app.extensions["engine"], expire_on_commit=False)
    signed = g.db.get(SignedIn, _hash(request.cookies.get(COOKIE, "")))
    if signed is None or signed.expires_at.replace(tzinfo=UTC) < datetime.now(UTC):
        return None
    member = g.db.get(Member, signed.member_id)
    return User(member) if member else None


def _close(_error: Any = None) -> None:
    if db := g.pop("db", None):
        db.close()


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
