"""The words of what members write: kinds, posts that answer, refusals."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from handbook.policy.actor import Role
from handbook.reports.models import OpinionKind

KIND_WORDS: dict[OpinionKind, LazyString] = {
    OpinionKind.OPINION: _l("Ý kiến"),
    OpinionKind.QUESTION: _l("Câu hỏi"),
    OpinionKind.PROPOSAL: _l("Kiến nghị"),
}

ANSWERING_WORDS: dict[Role, LazyString] = {
    Role.CELL_SECRETARY: _l("Bí thư"),
    Role.DEPUTY_SECRETARY: _l("Phó bí thư"),
    Role.BASE_OFFICER: _l("Cán bộ đảng ủy"),
    Role.ORG_STAFF: _l("Cán bộ tổ chức"),
}

WORDS: dict[str, LazyString] = {
    "attachment.chunk": _l("Phần tệp gửi lên không đúng. Máy sẽ gửi lại."),
    "attachment.damaged": _l("Tệp nhận được không giống tệp trên máy. Máy sẽ gửi lại từ đầu."),
    "attachment.large": _l("Có tệp lớn hơn mức cho phép."),
    "attachment.list": _l("Danh sách tệp kèm theo không đúng: nhiều nhất 5 tệp, là ảnh hoặc PDF."),
    "attachment.lost": _l("Tệp này đã nhận nhưng nay không còn trên máy chủ. Hãy báo cho người quản trị sổ tay."),
    "attachment.missing": _l("Không có tệp này."),
    "attachment.offset": _l("Sổ tay đã nhận một phần khác của tệp này."),
    "attachment.together": _l("Các tệp kèm theo nhiều hơn hoặc lớn hơn mức cho phép."),
    "opinion.answered": _l("Ý kiến này vừa được trả lời. Hãy tải lại trang để xem."),
    "opinion.kind": _l("Hãy chọn ý kiến, câu hỏi hoặc kiến nghị."),
    "opinion.missing": _l("Không có ý kiến này, hoặc ý kiến không gửi cho đơn vị của đồng chí."),
    "opinion.own": _l("Đây là ý kiến của chính đồng chí. Việc trả lời do một đồng chí khác làm."),
    "opinion.unit": _l("Hãy chọn chi bộ của đồng chí hoặc một cấp trên của chi bộ."),
}

# What a receipt says of an act, by the endpoint that took it in.
ACTS: dict[str, LazyString] = {
    "reports.opinion_create": _l("Ý kiến gửi cấp ủy"),
    "reports_staff.answer_create": _l("Trả lời ý kiến của đảng viên"),
}
