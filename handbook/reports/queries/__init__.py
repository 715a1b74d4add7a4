"""Reading what members write: `opinions`, reports that are owed (`duties`), and how many have come (`rates`)."""

from handbook.reports.queries.opinions import (
    PAGE_SIZE,
    Files,
    OpinionLine,
    OpinionView,
    addressees,
    answered,
    attachment,
    attachments,
    files_of,
    get,
    mine,
    waiting,
)

__all__ = [
    "PAGE_SIZE",
    "Files",
    "OpinionLine",
    "OpinionView",
    "addressees",
    "answered",
    "attachment",
    "attachments",
    "files_of",
    "get",
    "mine",
    "waiting",
]
