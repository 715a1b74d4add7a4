"""The words for identity's refusals."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "account.missing": _l("Đồng chí này chưa có khóa truy cập nào."),
    "ceremony.backup-changed": _l("Khóa truy cập này không còn như lúc tạo. Hãy báo chi bộ để được cấp lại."),
    "ceremony.bad-id": _l("Máy tạo ra một khóa không dùng được. Hãy thử lại hoặc dùng máy khác."),
    "ceremony.bad-key": _l("Máy tạo ra một khóa không dùng được. Hãy thử lại hoặc dùng máy khác."),
    "ceremony.expired": _l("Đã quá lâu hoặc đã làm một lần rồi. Hãy bấm lại từ đầu."),
    "ceremony.failed": _l("Chưa xác nhận được khóa truy cập. Hãy bấm lại từ đầu."),
    "ceremony.framed": _l("Hãy mở sổ tay ở trang riêng rồi thử lại."),
    "ceremony.malformed": _l("Máy gửi lên nội dung không đọc được. Hãy tải lại trang và thử lại."),
    "ceremony.wrong-kind": _l("Chưa xác nhận được khóa truy cập. Hãy bấm lại từ đầu."),
    "ceremony.wrong-origin": _l("Đây không phải địa chỉ của sổ tay. Hãy mở đúng liên kết của đơn vị."),
    "passkey.flagged": _l(
        "Khóa truy cập này có dấu hiệu bị sao chép nên tạm dừng. Hãy đăng nhập bằng máy khác để xác nhận, "
        "hoặc nhờ bí thư chi bộ cấp lại."
    ),
    "passkey.known": _l("Khóa này đã có trong sổ tay rồi."),
    "passkey.last": _l(
        "Đây là khóa dùng được cuối cùng nên không gỡ được: gỡ xong sẽ không đăng nhập lại được. "
        "Hãy thêm khóa khác trước."
    ),
    "passkey.missing": _l("Không thấy khóa truy cập này."),
    "passkey.name-taken": _l("Đồng chí đã có một khóa tên này. Hãy đặt tên khác."),
    "passkey.removed": _l("Khóa này đã được gỡ khỏi sổ tay. Hãy dùng khóa khác hoặc nhờ bí thư chi bộ cấp lại."),
    "passkey.too-many": _l("Đồng chí đã có %(most)s khóa. Hãy gỡ một khóa không dùng trước khi thêm."),
    "session.ended": _l("Phiên này đã kết thúc. Hãy đăng nhập lại."),
    "session.missing": _l("Phiên này đã kết thúc rồi."),
    "sign_in.failed": _l("Chưa đăng nhập được bằng khóa này. Hãy thử lại, hoặc nhờ bí thư chi bộ giúp."),
    "step_up.failed": _l("Chưa xác nhận được. Hãy dùng khóa truy cập của chính đồng chí."),
    "ticket.blocked": _l("Đồng chí này hiện không được cấp khóa truy cập."),
    "ticket.expired": _l("Thư mời đã hết hạn. Hãy nhờ bí thư chi bộ cấp lại."),
    "ticket.first-admin-done": _l("Đã có người đăng ký rồi. Dùng lệnh `identity ticket` với mã đảng viên."),
    "ticket.has-passkey": _l("Đồng chí này đã có khóa truy cập. Nếu mất máy, hãy dùng mục Khôi phục."),
    "ticket.missing": _l("Không thấy thư mời này. Hãy xem lại từng chữ, hoặc nhờ bí thư chi bộ cấp lại."),
    "ticket.own-hand": _l("Người cấp thư mời không tạo khóa thay được. Hãy mở thư mời trên máy của đồng chí được mời."),
    "ticket.pending": _l("Thư mời này đang chờ người thứ hai duyệt. Hãy đợi rồi tải lại trang."),
    "ticket.same-person": _l("Người đề nghị không tự duyệt được. Cần một đồng chí khác."),
    "ticket.self": _l("Không tự cấp thư mời cho mình được. Hãy nhờ một đồng chí khác."),
    "ticket.used": _l("Thư mời đã được dùng. Nếu không phải đồng chí dùng, hãy báo ngay bí thư chi bộ."),
}
