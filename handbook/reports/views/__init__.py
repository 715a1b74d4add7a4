"""Members' pages: `opinions` that they send of their own accord, and `duties`: reports that they owe."""

from handbook.reports.views import duties
from handbook.reports.views.opinions import pages

__all__ = ["duties", "pages"]
