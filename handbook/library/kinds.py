"""Kinds of documents as the party's rules name them (399-QĐ/TW of 9 January 2026), with codes and abbreviations.

This is the content of the reference table on a new installation; afterwards the table rules, with its dates.
"""

from __future__ import annotations

from datetime import date

from handbook.core.text import fold

IN_FORCE_SINCE = date(2026, 1, 9)

# code, name, abbreviation in symbols, order in lists
KINDS: tuple[tuple[str, str, str, int], ...] = (
    ("cuong-linh", "Cương lĩnh", "", 1),
    ("dieu-le", "Điều lệ", "", 2),
    ("chien-luoc", "Chiến lược", "", 3),
    ("nghi-quyet", "Nghị quyết", "NQ", 4),
    ("quyet-dinh", "Quyết định", "QĐ", 5),
    ("chi-thi", "Chỉ thị", "CT", 6),
    ("ket-luan", "Kết luận", "KL", 7),
    ("quy-che", "Quy chế", "QC", 8),
    ("quy-dinh", "Quy định", "QĐ", 9),
    ("thong-tri", "Thông tri", "TT", 10),
    ("huong-dan", "Hướng dẫn", "HD", 11),
    ("thong-bao", "Thông báo", "TB", 12),
    ("thong-cao", "Thông cáo", "TC", 13),
    ("tuyen-bo", "Tuyên bố", "", 14),
    ("loi-keu-goi", "Lời kêu gọi", "", 15),
    ("bao-cao", "Báo cáo", "BC", 16),
    ("ke-hoach", "Kế hoạch", "KH", 17),
    ("quy-hoach", "Quy hoạch", "QH", 18),
    ("chuong-trinh", "Chương trình", "CTr", 19),
    ("chuong-trinh-hanh-dong", "Chương trình hành động", "CTHĐ", 20),
    ("de-an", "Đề án", "ĐA", 21),
    ("phuong-an", "Phương án", "PA", 22),
    ("du-an", "Dự án", "DA", 23),
    ("to-trinh", "Tờ trình", "TTr", 24),
    ("cong-van", "Công văn", "CV", 25),
    ("bien-ban", "Biên bản", "BB", 26),
    ("tai-lieu", "Tài liệu", "", 90),
)

KIND_NAMES = {fold(name): code for code, name, _, _ in KINDS}


def _abbreviations() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, _, abbreviation, _ in KINDS:
        if abbreviation:
            key = fold(abbreviation)
            found[key] = (*found.get(key, ()), code)
    return found


# Folded abbreviation to the kinds that use it: "QĐ" is both a decision and a regulation.
ABBREVIATIONS = _abbreviations()
