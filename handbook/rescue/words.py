"""The words of rescue copies. Phones read the codes; the sentences are for whoever asks by hand."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

WORDS: dict[str, LazyString] = {
    "rescue.full": _l("Máy chủ đã giữ hộ quá nhiều bài chưa gửi. Bài vẫn còn trên máy của đồng chí."),
    "rescue.missing": _l("Không có bản giữ hộ này."),
}
