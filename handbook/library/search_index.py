"""The full-text index beside the document table: FTS5 on SQLite, tsvector on PostgreSQL.

It holds our own folding of the text (`core.text.fold`): neither engine finds "Đảng" for "dang" by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, column, func, literal_column, select, table, text
from sqlmodel import Session

from handbook.core.text import fold

TABLE = "document_search"
LONGEST_TOKEN = 40
MOST_TOKENS_ASKED = 12
MOST_DISTINCT_TOKENS = 40_000  # PostgreSQL takes 1 MB of lexemes a row
_TOKEN = re.compile(r"[^\W_]+")
_ROW = table(TABLE, column("document_id", Uuid()))


def ddl(dialect: str) -> list[str]:
    """Statements that make the index, for a migration to copy."""
    if dialect == "postgresql":
        return [
            "CREATE TABLE document_search (document_id UUID PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE, "
            "head TSVECTOR NOT NULL, body TSVECTOR NOT NULL)",
            "CREATE INDEX ix_document_search_head ON document_search USING gin (head)",
            "CREATE INDEX ix_document_search_body ON document_search USING gin (body)",
        ]
    return [
        "CREATE VIRTUAL TABLE document_search USING fts5("
        "document_id UNINDEXED, head, body, tokenize = 'unicode61 remove_diacritics 0')"
    ]


def drop(dialect: str) -> list[str]:
    """Statements that remove the index."""
    return ["DROP TABLE document_search"]


def tokens(words: str) -> list[str]:
    """Words as the index knows them: folded, letters and digits only."""
    return [token[:LONGEST_TOKEN] for token in _TOKEN.findall(fold(words))]


def put(db: Session, document_id: UUID, head: str, body: str) -> None:
    """Index a document, or index it anew. `head` is what it is called, `body` its text."""
    remove(db, document_id)
    head_tokens, body_tokens = tokens(head), tokens(body)
    if _dialect(db) == "postgresql":
        db.execute(
            text(
                "INSERT INTO document_search (document_id, head, body) VALUES "
                "(:id, array_to_tsvector(CAST(:head AS text[])), array_to_tsvector(CAST(:body AS text[])))"
            ),
            {"id": document_id, "head": _distinct(head_tokens), "body": _distinct(head_tokens + body_tokens)},
        )
        return
    db.execute(
        text("INSERT INTO document_search (rowid, document_id, head, body) VALUES (:row, :id, :head, :body)"),
        {
            "row": _row(document_id),
            "id": document_id.hex,
            "head": " ".join(head_tokens),
            "body": " ".join(body_tokens),
        },
    )


def remove(db: Session, document_id: UUID) -> None:
    """Take a document out of the index."""
    if _dialect(db) == "postgresql":
        db.execute(text("DELETE FROM document_search WHERE document_id = :id"), {"id": document_id})
    else:
        db.execute(text("DELETE FROM document_search WHERE rowid = :row"), {"row": _row(document_id)})


def matching(db: Session, wanted: Iterable[str], document_id: Any, *, head_only: bool) -> ColumnElement[bool]:
    """The condition that a document holds every one of the tokens; the last one may be the beginning of a word."""
    asked = list(wanted)[:MOST_TOKENS_ASKED]
    name = "head" if head_only else "body"
    if _dialect(db) == "postgresql":
        query = " & ".join([*asked[:-1], asked[-1] + _open_end(asked[-1])]).replace("*", ":*")
        found = literal_column(name).bool_op("@@")(func.to_tsquery("simple", query))
    else:
        phrases = " ".join([f'"{token}"' for token in asked[:-1]] + [f'"{asked[-1]}"{_open_end(asked[-1])}'])
        query = f"head : ({phrases})" if head_only else phrases
        found = literal_column(TABLE).bool_op("MATCH")(query)
    return document_id.in_(select(_ROW.c.document_id).where(found))


def _open_end(token: str) -> str:
    return "" if token.isdigit() else "*"


def _distinct(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))[:MOST_DISTINCT_TOKENS]


def _row(document_id: UUID) -> int:
    """A row number out of the id's random part: FTS5 can only delete by row number without a scan."""
    return document_id.int & (2**63 - 1)


def _dialect(db: Session) -> str:
    return db.get_bind().dialect.name
