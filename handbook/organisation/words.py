"""The organisation's words for refusals and for the report of an import."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

WORDS: dict[str, LazyString] = {
    "field.card": _l("Số thẻ phải đủ 12 chữ số."),
    "field.date_range": _l("Ngày phải từ năm 1900 đến hôm nay."),
    "field.email": _l("Thư điện tử chưa đúng dạng, ví dụ ten@donvi.vn."),
    "field.person_name": _l("Họ và tên chỉ gồm chữ, không có chữ số."),
    "field.phone": _l("Số điện thoại gồm 10 hoặc 11 chữ số, bắt đầu bằng 0."),
    "field.unit_code": _l(
        "Mã đơn vị gồm chữ không dấu, chữ số, dấu chấm hoặc gạch ngang, nhiều nhất 24 ký tự."
    ),
    "import.birth_differs": _l("Ngày sinh khác với hồ sơ đã có; ngày sinh của đảng viên không thay đổi."),
    "import.card_as_number": _l(
        "Ô đang ở dạng số nên số 0 ở đầu đã mất. Hãy đặt cột ở dạng văn bản và nhập lại đủ 12 chữ số."
    ),
    "import.card_of_another": _l("Số thẻ này đã có trong hồ sơ của người khác."),
    "import.card_or_birth": _l("Thiếu cả số thẻ và ngày sinh nên không nhận ra được người này."),
    "import.cell_missing": _l("Không có chi bộ mang mã “%(value)s”."),
    "import.column_missing": _l("%(file)s: không thấy cột “%(column)s” trong 15 dòng đầu."),
    "import.column_twice": _l("%(file)s: có hai cột cùng nghĩa “%(column)s”. Hãy bỏ một cột."),
    "import.column_unread": _l("Cột này không được đọc."),
    "import.csv_broken": _l("%(file)s: dòng %(row)s có dấu ngoặc kép không khép."),
    "import.date": _l("“%(value)s” chưa đúng dạng ngày/tháng/năm, ví dụ 03/02/2010."),
    "import.date_as_number": _l("Ô đang ở dạng số. Hãy đặt cột ở dạng ngày, hoặc nhập ngày/tháng/năm."),
    "import.date_here": _l("Ô này chứa một ngày tháng, không phải chữ."),
    "import.encoding": _l("%(file)s: không đọc được chữ. Hãy lưu tệp dạng CSV UTF-8 hoặc Excel (.xlsx)."),
    "import.file_broken": _l("%(file)s: không phải tệp Excel (.xlsx), hoặc tệp bị hỏng."),
    "import.file_empty": _l("%(file)s: không có dòng nào."),
    "import.file_kind": _l("%(file)s: chỉ nhận tệp .csv và .xlsx."),
    "import.file_locked": _l(
        "%(file)s: tệp có mật khẩu hoặc ở dạng Excel cũ. Hãy lưu lại dạng .xlsx không mật khẩu."
    ),
    "import.file_too_large": _l("%(file)s: tệp lớn quá %(megabytes)s MB."),
    "import.level": _l("Không có cấp tổ chức “%(value)s” đang dùng."),
    "import.maybe_known": _l(
        "Đã có hồ sơ cùng họ tên và ngày sinh với số thẻ khác. Giữ hồ sơ cũ, bỏ qua dòng này."
    ),
    "import.maybe_repeated": _l("Cùng họ tên và ngày sinh với dòng %(line)s. Bỏ qua dòng này, hãy kiểm tra."),
    "import.no_such_day": _l("Không có ngày “%(value)s”."),
    "import.number": _l("“%(value)s” là một số lẻ. Hãy đặt cột ở dạng văn bản."),
    "import.parent_missing": _l("Không có đơn vị cấp trên mang mã “%(value)s”."),
    "import.person_elsewhere": _l("Người này có hồ sơ ở nơi khác. Hãy dùng thủ tục chuyển sinh hoạt."),
    "import.phone_as_number": _l("Ô đang ở dạng số nên số 0 ở đầu đã mất. Hãy đặt cột ở dạng văn bản."),
    "import.repeated": _l("Trùng với dòng %(line)s."),
    "import.sex": _l("“%(value)s”: chỉ nhận “Nam” hoặc “Nữ”."),
    "import.status": _l("Không có tình trạng “%(value)s”."),
    "import.too_many_rows": _l("%(file)s: nhiều hơn %(rows)s dòng hoặc %(columns)s cột."),
    "member.card_taken": _l("Số thẻ này đã có trong một hồ sơ khác."),
    "member.gone": _l("Người này không còn sinh hoạt trong tổ chức."),
    "member.joined_before_birth": _l("Ngày vào Đảng phải sau ngày sinh."),
    "member.joined_missing": _l("Có ngày chính thức thì phải có ngày vào Đảng."),
    "member.missing": _l("Không có hồ sơ này, hoặc hồ sơ không thuộc phạm vi của đồng chí."),
    "member.not_a_cell": _l("Đơn vị này không phải chi bộ nên không nhận đảng viên."),
    "member.official_before_joined": _l("Ngày chính thức phải sau ngày vào Đảng."),
    "member.own_status": _l("Không ai tự đổi tình trạng của chính mình."),
    "member.same_cell": _l("Đảng viên đã ở chi bộ này."),
    "post.ended": _l("Nhiệm vụ này đã kết thúc."),
    "post.ends_before_start": _l("Ngày kết thúc phải sau ngày bắt đầu."),
    "post.held": _l("Người này đang giữ nhiệm vụ đó."),
    "post.missing": _l("Không có nhiệm vụ này."),
    "post.own": _l("Không ai tự giao nhiệm vụ cho chính mình."),
    "unit.cannot_be_top": _l("Đơn vị đang có cấp trên, không thể bỏ trống."),
    "unit.closed": _l("Đơn vị %(unit)s đã kết thúc hoạt động."),
    "unit.code_taken": _l("Mã %(unit)s đã có đơn vị khác dùng."),
    "unit.holds_members": _l("Đơn vị đang có đảng viên nên phải là một chi bộ."),
    "unit.level_order": _l("Đơn vị phải đứng dưới một đơn vị cấp cao hơn."),
    "unit.level_unknown": _l("Không có cấp tổ chức này."),
    "unit.missing": _l("Không có đơn vị này, hoặc đơn vị không thuộc phạm vi của đồng chí."),
    "unit.not_empty": _l("Đơn vị còn đảng viên hoặc đơn vị trực thuộc."),
    "unit.own_predecessor": _l("Một đơn vị không thể là tiền thân của chính nó."),
    "unit.predecessor_known": _l("Đã ghi %(unit)s là tiền thân."),
    "unit.too_deep": _l("Cây tổ chức sâu quá."),
    "unit.under_itself": _l("Một đơn vị không thể đứng dưới chính nó."),
}
