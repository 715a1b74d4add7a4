"""Rate limits: a fixed window counted in the database, so that all workers share one count."""

from datetime import UTC, datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col

from handbook.core import clock
from handbook.core.db import Database
from handbook.core.errors import TooMany


class RateWindow(SQLModel, table=True):
    """How often ``bucket`` was used in the window that began at ``opened_at``."""

    __tablename__ = "rate_window"

    bucket: str = Field(primary_key=True, max_length=200)
    opened_at: datetime = Field(primary_key=True)
    uses: int = 0


def take(database: Database, bucket: str, limit: int, seconds: int) -> None:
    """Count one use of ``bucket``; at most ``limit`` are let through in each window of ``seconds``.

    The count has its own short transaction: a refused request is counted too.
    Raises TooMany with the seconds until the window ends."""
    moment = clock.now().timestamp()
    start = int(moment // seconds) * seconds
    with database.unit_of_work() as db:
        uses = _count(db, bucket, datetime.fromtimestamp(start, UTC))
    if uses > limit:
        raise TooMany(retry_after=int(start + seconds - moment) + 1)


def _count(db: Session, bucket: str, opened_at: datetime) -> int:
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    counted = (
        insert(RateWindow)
        .values(bucket=bucket, opened_at=opened_at, uses=1)
        .on_conflict_do_update(index_elements=["bucket", "opened_at"], set_={"uses": col(RateWindow.uses) + 1})
        .returning(col(RateWindow.uses))
    )
    uses: int = db.execute(counted).scalar_one()
    if uses == 1:
        db.execute(delete(RateWindow).where(col(RateWindow.bucket) == bucket, col(RateWindow.opened_at) < opened_at))
    return uses
