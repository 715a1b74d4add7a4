"""The only source of time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

_ahead = timedelta()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _ahead


def today() -> date:
    """The calendar day in Việt Nam: deadlines and posts begin and end on local days."""
    return now().astimezone(LOCAL).date()


def local(moment: datetime) -> datetime:
    """The same moment as the clock on the wall shows it."""
    return moment.astimezone(LOCAL)


def shift(by: timedelta) -> None:
    """Set this process's clock ahead of (or behind) the machine's; ``shift(timedelta())`` puts it right.

    For tests of limits and of wrong clocks."""
    global _ahead
    _ahead = by
