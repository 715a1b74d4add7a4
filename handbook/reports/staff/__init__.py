"""Staff pages: `opinions` to answer, `reviews` of what was sent, and `requests` with their rates."""

from handbook.reports.staff import requests, reviews
from handbook.reports.staff.opinions import staff

__all__ = ["requests", "reviews", "staff"]
