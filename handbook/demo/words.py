"""The demo's words."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

WORDS: dict[str, LazyString] = {
    "demo.broken": _l("Dữ liệu mẫu bị hỏng."),
    "demo.not_empty": _l("Cơ sở dữ liệu đã có đơn vị khác. Dữ liệu mẫu chỉ nạp vào cơ sở dữ liệu trống."),
}
