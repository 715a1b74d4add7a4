"""Identity's pages: `entering` (sign-in, enrolment, step-up) and `keeping` (own devices)."""

from handbook.identity.views.keeping import pages

__all__ = ["pages"]
