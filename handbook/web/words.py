"""The words for every code that any feature may raise. Each feature adds its own ``words.WORDS``."""

from typing import Any

from flask import current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

WORDS: dict[str, LazyString] = {
    "box.missing": _l("Không mở được bài niêm phong này."),
    "field.characters": _l("Có ký tự không dùng được. Hãy xóa và gõ lại."),
    "field.date": _l("Nhập ngày theo dạng ngày/tháng/năm, ví dụ 02/09/2026."),
    "field.missing": _l("Phần này chưa điền."),
    "field.other": _l("Phần này chưa đúng. Hãy xem lại."),
    "field.repeated": _l("Phần này được gửi hai lần. Hãy gửi lại một lần."),
    "field.string_too_long": _l("Dài quá. Hãy viết ngắn lại."),
    "field.string_too_short": _l("Phần này chưa điền."),
    "field.sealed": _l("Không mở được thông tin đã niêm phong. Hãy báo cán bộ quản trị."),
    "form.version": _l(
        "Bài này viết bằng mẫu mà sổ tay hiện không đọc được. Hãy mở ra, xem lại và gửi bằng mẫu đang dùng."
    ),
    "input.invalid": _l("Còn chỗ chưa đúng. Hãy xem các dòng được đánh dấu."),
    "input.not_an_object": _l("Nội dung gửi lên không đúng dạng."),
    "input.too_large": _l("Nội dung gửi lên quá lớn."),
    "limit.reached": _l("Đồng chí thử nhiều lần quá. Hãy đợi %(retry_after)s giây rồi thử lại."),
    "not_found": _l("Không có trang này, hoặc trang không dành cho đồng chí."),
    "origin.foreign": _l("Yêu cầu này đến từ một trang khác nên không được nhận. Hãy mở sổ tay và làm lại."),
    "sign_in.needed": _l("Đồng chí cần đăng nhập để xem trang này."),
    "step_up.needed": _l("Việc này cần xác nhận lại bằng khóa truy cập."),
    "store.unavailable": _l("Kho dữ liệu đang bận. Chưa có gì thay đổi. Hãy thử lại sau ít giây."),
}


def say(code: str, values: dict[str, Any] | None = None) -> str:
    """The sentence for ``code`` in the reader's language; an unknown field code gets a general one."""
    words: dict[str, LazyString] = current_app.extensions["handbook.words"]
    sentence = words.get(code) or words["field.other" if code.startswith("field.") else "input.invalid"]
    try:
        return str(sentence) % (values or {})
    except (KeyError, TypeError, ValueError):
        return str(sentence)
