"""Vietnamese sentences for the codes that the library raises."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

WORDS: dict[str, LazyString] = {
    "document.classified": _l(
        "Sổ tay này có trên mạng nên chỉ nhận văn kiện thường. Văn kiện lưu hành nội bộ hoặc có độ mật phải gửi theo "
        "chế độ riêng, không đưa lên đây."
    ),
    "document.exists": _l("Văn kiện này vừa được người khác nhập. Hãy xem lại thư viện trước khi nhập tiếp."),
    "document.exists_elsewhere": _l(
        "Đã có văn kiện cùng cơ quan ban hành, loại, số và ngày, gửi cho đơn vị khác. Hãy kiểm tra lại số và ngày."
    ),
    "document.expires_before_issue": _l("Ngày hết hiệu lực phải sau ngày ban hành."),
    "document.issued_in_future": _l("Ngày ban hành còn quá xa. Hãy xem lại năm."),
    "document.kind_unknown": _l("Chọn một loại văn kiện đang dùng."),
    "document.missing": _l("Không có văn kiện này, hoặc văn kiện không gửi cho đơn vị của đồng chí."),
    "document.relates_to_itself": _l("Một văn kiện không thể thay thế chính nó."),
    "document.replaces_unknown": _l("Không tìm thấy văn kiện có số, ký hiệu này trong phần đồng chí quản lý."),
    "document.revision": _l("Bản văn kiện này không còn đúng. Hãy mở lại trang rồi xác nhận."),
    "import.bomb": _l("Tệp giải nén ra quá lớn hoặc có cấu trúc bất thường nên không được mở. Chưa có gì thay đổi."),
    "import.damaged": _l("Tệp bị hỏng, không đọc được. Hãy mở thử trên máy, lưu lại rồi chọn lại tệp."),
    "import.doc": _l("Đây là tệp Word kiểu cũ (.doc). Hãy mở bằng Word, chọn Lưu thành, kiểu .docx, rồi chọn lại."),
    "import.draft_missing": _l("Bản xem trước không còn nữa (chỉ giữ trong 6 giờ). Hãy chọn lại tệp."),
    "import.empty": _l("Tệp không có nội dung."),
    "import.encoding": _l("Chữ trong tệp dùng bảng mã cũ nên không đọc đúng được. Hãy lưu lại dạng Unicode (UTF-8)."),
    "import.encrypted": _l("Tệp có đặt mật khẩu. Hãy bỏ mật khẩu rồi chọn lại."),
    "import.no_file": _l("Chọn một tệp văn kiện."),
    "import.no_text": _l(
        "Tệp chỉ có ảnh chụp, không có chữ đọc được. Hãy dùng bản gốc có chữ (Word hoặc PDF xuất từ Word)."
    ),
    "import.secret": _l("Văn kiện này có dấu “%(mark)s”. Sổ tay chỉ nhận văn kiện thường; tệp không được lưu lại."),
    "import.too_large": _l("Tệp lớn hơn %(limit)s MB. Hãy chọn tệp nhỏ hơn."),
    "import.type": _l("Không nhận loại tệp này. Hãy dùng .docx, .pdf có chữ, .txt, .md hoặc .html."),
}

# What a receipt says of an act, by the endpoint that took it in.
ACTS: dict[str, LazyString] = {
    "library.reading_create": _l("Xác nhận đã đọc văn kiện"),
}
