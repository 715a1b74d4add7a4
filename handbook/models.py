"""All tables in one import, for migrations and tests only."""

from sqlmodel import SQLModel

from handbook.audit import models as audit
from handbook.core import admission, limits, receipts
from handbook.identity import models as identity
from handbook.library import models as library
from handbook.organisation import models as organisation
from handbook.reports import models as reports
from handbook.rescue import models as rescue

metadata = SQLModel.metadata

__all__ = [
    "admission",
    "audit",
    "identity",
    "library",
    "limits",
    "metadata",
    "organisation",
    "receipts",
    "reports",
    "rescue",
]
