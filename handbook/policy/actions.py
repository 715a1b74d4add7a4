"""Every act that is asked about, in words, alphabetical."""

from enum import StrEnum


class Action(StrEnum):
    """``noun.verb``; a route names one, its rule asks the same again."""

    AUDIT_READ = "audit.read"
    DEVICE_READ = "device.read"
    DOCUMENT_CONFIRM = "document.confirm"
    DOCUMENT_IMPORT = "document.import"
    DOCUMENT_PUBLISH = "document.publish"
    DOCUMENT_READ = "document.read"
    MEMBER_CUT_OFF = "member.cut_off"
    MEMBER_ENROL = "member.enrol"
    MEMBER_READ = "member.read"
    MEMBER_RECOVER = "member.recover"
    MEMBER_RECOVER_APPROVE = "member.recover_approve"
    MEMBER_WRITE = "member.write"
    OPINION_ANSWER = "opinion.answer"
    OPINION_READ = "opinion.read"
    OPINION_SUBMIT = "opinion.submit"
    PASSKEY_WRITE = "passkey.write"
    POST_WRITE = "post.write"
    RECEIPT_READ = "receipt.read"
    RESCUE_READ = "rescue.read"
    RESCUE_WRITE = "rescue.write"
    SESSION_END = "session.end"
    UNIT_READ = "unit.read"
    UNIT_WRITE = "unit.write"
