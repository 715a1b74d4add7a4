"""The words of what members write: kinds, posts that answer, refusals."""

from __future__ import annotations

from flask_babel import LazyString, gettext
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

# What the rules of a form say of an answer; phones carry these sentences with the form.
ANSWER_WORDS: dict[str, LazyString] = {
    "answer.characters": _l("Có ký tự không nhận được. Hãy xóa ký tự lạ rồi viết lại."),
    "answer.choice": _l("Hãy chọn trong các ý có sẵn."),
    "answer.constraint": _l("Câu trả lời chưa đúng với điều kiện của câu hỏi."),
    "answer.date": _l("Hãy nhập một ngày có thật."),
    "answer.kind": _l("Câu trả lời chưa đúng dạng. Với câu hỏi về số, hãy chỉ nhập số."),
    "answer.maximum": _l("Số này lớn hơn mức lớn nhất được nhận."),
    "answer.minimum": _l("Số này nhỏ hơn mức nhỏ nhất được nhận."),
    "answer.month": _l("Hãy nhập một tháng có thật."),
    "answer.required": _l("Câu này cần được trả lời."),
    "answer.too_few": _l("Bảng còn thiếu dòng."),
    "answer.too_large": _l("Số này quá lớn."),
    "answer.too_long": _l("Câu trả lời dài quá. Hãy rút gọn."),
    "answer.too_many": _l("Bảng hoặc danh sách có nhiều mục hơn mức được nhận."),
    "answer.twice": _l("Có mục được chọn hai lần."),
    "answer.whole": _l("Hãy nhập số nguyên, không có phần lẻ."),
}

WORDS: dict[str, LazyString] = {
    **ANSWER_WORDS,
    "attachment.chunk": _l("Phần tệp gửi lên không đúng. Máy sẽ gửi lại."),
    "attachment.damaged": _l("Tệp nhận được không giống tệp trên máy. Máy sẽ gửi lại từ đầu."),
    "attachment.large": _l("Có tệp lớn hơn mức cho phép."),
    "attachment.list": _l("Danh sách tệp kèm theo không đúng: nhiều nhất 5 tệp, là ảnh hoặc PDF."),
    "attachment.lost": _l("Tệp này đã nhận nhưng nay không còn trên máy chủ. Hãy báo cho người quản trị sổ tay."),
    "attachment.missing": _l("Không có tệp này."),
    "attachment.offset": _l("Sổ tay đã nhận một phần khác của tệp này."),
    "attachment.together": _l("Các tệp kèm theo nhiều hơn hoặc lớn hơn mức cho phép."),
    "duty.excused": _l("Đồng chí được miễn báo cáo này."),
    "duty.extension": _l("Ngày gia hạn phải sau ngày cuối được tính là đúng hạn."),
    "duty.missing": _l("Không có báo cáo này, hoặc báo cáo không phải của đồng chí."),
    "duty.received": _l("Báo cáo này đã gửi, không cần gia hạn hay miễn nữa."),
    "form.missing": _l("Không có mẫu này."),
    "form.published": _l("Bản này của mẫu đã công bố nên không sửa được. Hãy lưu thành bản mới."),
    "form.retired": _l("Mẫu này đã thôi dùng."),
    "opinion.answered": _l("Ý kiến này vừa được trả lời. Hãy tải lại trang để xem."),
    "opinion.kind": _l("Hãy chọn ý kiến, câu hỏi hoặc kiến nghị."),
    "opinion.missing": _l("Không có ý kiến này, hoặc ý kiến không gửi cho đơn vị của đồng chí."),
    "opinion.own": _l("Đây là ý kiến của chính đồng chí. Việc trả lời do một đồng chí khác làm."),
    "opinion.unit": _l("Hãy chọn chi bộ của đồng chí hoặc một cấp trên của chi bộ."),
    "period.unknown": _l("Hãy ghi kỳ như: 2026-11, 2026-Q4, 2026-H2 hoặc 2026."),
    "report.accepted": _l("Báo cáo này đã được chấp nhận nên không gửi lại được."),
    "report.faults": _l("Còn chỗ chưa đúng. Hãy xem các câu được đánh dấu."),
    "report.locked": _l("Báo cáo này đã khóa. Nếu có lý do, hãy liên hệ cấp ủy để được gia hạn; bài vẫn còn trên máy."),
    "report.newer": _l("Báo cáo này đã có bản mới hơn, gửi từ máy khác. Hãy mở lại để so hai bản; bài vẫn còn nguyên."),
    "report.not_open": _l("Đợt báo cáo này chưa mở hoặc đã thôi."),
    "report.own": _l("Đây là báo cáo của chính đồng chí. Việc xem xét do một đồng chí khác làm."),
    "report.reviewed": _l("Báo cáo này vừa được xem xét. Hãy tải lại trang để xem."),
    "report.version": _l("Bài viết theo mẫu khác với mẫu của đợt này. Hãy mở lại báo cáo; bài vẫn còn trên máy."),
    "request.days": _l("Các ngày phải theo thứ tự: mở, hạn nộp, hết ân hạn, khóa."),
    "request.files": _l("Mẫu này bắt buộc có tệp kèm theo, mà báo cáo chưa nhận tệp. Hãy bỏ bắt buộc ở câu đó."),
    "request.level": _l("Hãy chọn cấp đơn vị phải báo cáo, chỉ khi đơn vị báo cáo."),
    "request.missing": _l("Không có đợt báo cáo này trong phần đồng chí phụ trách."),
    "request.version": _l("Hãy chọn một mẫu đã công bố ở đơn vị này hoặc cấp trên."),
    "review.why": _l("Khi trả lại, hãy ghi rõ cần bổ sung gì."),
}

# What a receipt says of an act, by the endpoint that took it in.
ACTS: dict[str, LazyString] = {
    "reports.submission_create": _l("Báo cáo"),
    "reports.opinion_create": _l("Ý kiến gửi cấp ủy"),
    "reports_staff.review_create": _l("Xem xét báo cáo"),
    "reports_staff.answer_create": _l("Trả lời ý kiến của đảng viên"),
}


_QUARTERS = {"Q1": "I", "Q2": "II", "Q3": "III", "Q4": "IV"}


def period_words(period: str) -> str:
    """A period in words; what is none of ours stays as it is."""
    year, _, part = period.partition("-")
    if part in _QUARTERS:
        return gettext("Quý %(quarter)s năm %(year)s", quarter=_QUARTERS[part], year=year)
    if part in ("H1", "H2"):
        half = gettext("6 tháng đầu năm %(year)s", year=year)
        return half if part == "H1" else gettext("6 tháng cuối năm %(year)s", year=year)
    if part.isdecimal():
        return gettext("Tháng %(month)s năm %(year)s", month=int(part), year=year)
    return gettext("Năm %(year)s", year=year) if year.isdecimal() and not part else period
