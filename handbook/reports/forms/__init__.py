"""What a person enters: `opinions` and the answer to one; `asking` for reports, sending and reviewing them."""

from handbook.reports.forms.asking import ExcuseIn, RequestIn, ReviewIn, SubmissionIn
from handbook.reports.forms.opinions import AnswerIn, AttachmentIn, FileLimits, OpinionIn

__all__ = [
    "AnswerIn",
    "AttachmentIn",
    "ExcuseIn",
    "FileLimits",
    "OpinionIn",
    "RequestIn",
    "ReviewIn",
    "SubmissionIn",
]
