"""Tables of what members write: `opinions` of their own accord; `forms` that staff make, `asking` for reports on them,
and `answering`: what was sent, and what came back."""

from handbook.reports.models.answering import Review, Submission, Verdict
from handbook.reports.models.asking import (
    Duty,
    DutyState,
    ReportRequest,
    RequestUnit,
    Respondent,
    in_time_until,
    locks_on,
)
from handbook.reports.models.forms import FormVersion, ReportForm
from handbook.reports.models.opinions import (
    LARGEST_CHUNK,
    LONGEST_NAME,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    MOST_FILES,
    Attachment,
    AttachmentKind,
    Opinion,
    OpinionKind,
)

__all__ = [
    "LARGEST_CHUNK",
    "LONGEST_NAME",
    "LONGEST_SUBJECT",
    "LONGEST_TEXT",
    "MOST_FILES",
    "Attachment",
    "AttachmentKind",
    "Duty",
    "DutyState",
    "FormVersion",
    "Opinion",
    "OpinionKind",
    "ReportForm",
    "ReportRequest",
    "RequestUnit",
    "Respondent",
    "Review",
    "Submission",
    "Verdict",
    "in_time_until",
    "locks_on",
]
