"""Vietnamese sentences for receipts. What kind of act one tells of is said by each feature: its ``words.ACTS``."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

OTHER_ACT = _l("Việc gửi từ máy của đảng viên")

WORDS: dict[str, LazyString] = {
    "receipt.headers": _l("Máy gửi lên nội dung không đọc được. Hãy tải lại trang và thử lại."),
    "receipt.other_body": _l("Máy đã gửi một việc khác dưới cùng mã này. Chưa có gì thay đổi."),
    "receipt.other_member": _l("Việc này không phải của người đang đăng nhập. Chưa có gì thay đổi."),
    "receipt.too_young": _l("Biên nhận phải được giữ ít nhất %(days)s ngày. Chưa xóa gì."),
}
