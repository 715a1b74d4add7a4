"""Sections, their ids and their nesting; the facts at the head; what the allowlist lets through."""

import re
from datetime import date

import pytest

from handbook.library.importing.blocks import blocks_of
from handbook.library.importing.converting import Converted, convert
from handbook.library.importing.metadata import normal_symbol, secrecy_mark
from handbook.library.importing.numbering import mark_of, roman_value
from handbook.library.importing.sanitising import clean
from handbook.library.importing.structure import Section, slug
from tests.factories.library import RESOLUTION

LONG = (
    "Đây là một đoạn văn đủ dài để không ai nhầm với một dòng tên mục, vì nó kể rõ việc phải làm, "
    "ai làm và làm xong vào lúc nào."
)
STATUTE = f"""BAN CHẤP HÀNH TRUNG ƯƠNG

Số: 294 - QĐ/TW

QUY ĐỊNH

thi hành Điều lệ

Chương I

ĐẢNG VIÊN

Điều 1. Tiêu chuẩn

1. {LONG}

2. Tuổi đời:

a) Từ đủ mười tám tuổi;

b) Đến đủ sáu mươi tuổi;

đ) Trường hợp khác.

Điều 2. Nhiệm vụ

{LONG}

Chương II

TỔ CHỨC

Mục 1. Nguyên tắc

Điều 3.

{LONG} Xem Điều 1.

Phụ lục I

Mẫu đơn

{LONG}

Nơi nhận:

- Các cấp ủy,
"""


def text_of(text: str) -> Converted:
    return convert("a.txt", text.encode())


def by_anchor(converted: Converted) -> dict[str, Section]:
    return {section.anchor: section for section in converted.sections}


def test_chapters_articles_clauses_and_points_nest() -> None:
    converted = text_of(STATUTE)
    found = by_anchor(converted)
    assert [(anchor, section.level) for anchor, section in found.items()] == [
        ("mo-dau", 1),
        ("chuong-1", 1),
        ("dieu-1", 2),
        ("dieu-1.khoan-1", 3),
        ("dieu-1.khoan-2", 3),
        ("dieu-1.khoan-2.diem-a", 4),
        ("dieu-1.khoan-2.diem-b", 4),
        ("dieu-1.khoan-2.diem-dd", 4),
        ("dieu-2", 2),
        ("chuong-2", 1),
        ("chuong-2.muc-1", 2),
        ("dieu-3", 3),
        ("phu-luc-1", 1),
        ("noi-nhan", 1),
    ]
    assert (found["chuong-1"].label, found["chuong-1"].heading) == ("Chương I", "ĐẢNG VIÊN")
    assert (found["dieu-1"].label, found["dieu-1"].heading) == ("Điều 1.", "Tiêu chuẩn")
    assert found["dieu-1.khoan-1"].html.startswith("<p>1. Đây là") and not found["dieu-1.khoan-1"].label


def test_ids_stay_when_a_word_changes_and_are_unique() -> None:
    before = [section.anchor for section in text_of(STATUTE).sections]
    after = [section.anchor for section in text_of(STATUTE.replace("Nhiệm vụ", "Bổn phận")).sections]
    assert before == after and len(set(before)) == len(before)
    twice = [section.anchor for section in text_of(f"{STATUTE}\n\n{STATUTE}").sections]
    assert len(set(twice)) == len(twice) and "dieu-1-2" in twice


def test_roman_and_arabic_headings_nest() -> None:
    found = by_anchor(text_of(RESOLUTION))
    assert found["muc-2"].heading == "NHIỆM VỤ VÀ GIẢI PHÁP" and found["muc-2"].level == 1
    assert (found["muc-2.so-1"].label, found["muc-2.so-1"].level) == ("1.", 2)
    assert found["muc-2.so-1"].heading == "Mở góc học tập ở mỗi tổ dân phố"


def test_plain_headings_captions_and_the_title_of_an_article() -> None:
    article = (
        f"Đổi mới cách làm để phường phát triển\n\n30/04/2023 9:23 AM\n\n{LONG}\n\nQuang cảnh hội nghị. Ảnh: Minh Anh\n\n"
        f"Chọn việc khó để làm trước\n\n{LONG}\n\n- Việc một\n\nMột dòng ngắn\n\nTop"
    )
    found = text_of(article).sections
    assert (found[0].level, found[0].heading) == (0, "Đổi mới cách làm để phường phát triển")
    assert [section.heading for section in found[1:]] == ["", "Chọn việc khó để làm trước"]
    assert '<p class="caption">Quang cảnh hội nghị. Ảnh: Minh Anh</p>' in found[1].html
    assert text_of(article).facts.issued_on == date(2023, 4, 30)


@pytest.mark.parametrize(
    "line",
    [
        "1.605 điểm cầu đã họp",
        "Điều 5 của Điều lệ quy định rõ",
        "5.08 phần trăm",
        "điều 3 nói",
        "Mục tiêu chung",
        "Chương trình 01 của Thành ủy",
        "2025. năm của",
        "Phần lớn người dân",
        "IIX. sai",
        "I am here",
    ],
)
def test_sentences_are_not_taken_for_numbering(line: str) -> None:
    assert mark_of(line) is None, mark_of(line)


@pytest.mark.parametrize(
    ("line", "kind", "number"),
    [
        ("Phần thứ hai", "phan", "2"),
        ("PHẦN II: TỔ CHỨC", "phan", "2"),
        ("CHƯƠNG IV", "chuong", "4"),
        ("Điều 12a. Tên", "dieu", "12a"),
        ("IV- NHIỆM VỤ", "la-ma", "4"),
        ("III/ Việc", "la-ma", "3"),
        ("1- Một việc", "so", "1"),
        ("2) Hai việc", "so", "2"),
        ("1.2. Hai việc", "so-con", "1.2"),
        ("A. Chung", "chu", "a"),
        ("đ) điểm", "diem", "đ"),
        ("Phụ lục", "phu-luc", ""),
        ("Mục 3. Tên", "muc", "3"),
    ],
)
def test_numbering_is_recognised(line: str, kind: str, number: str) -> None:
    mark = mark_of(line)
    assert mark is not None and (mark.kind, mark.number) == (kind, number)


def test_letters_that_are_also_roman_numbers_follow_their_row() -> None:
    anchors = [
        section.anchor
        for section in text_of(
            "\n\n".join(
                f"{letter}. {name}\n\n{LONG}"
                for letter, name in (("A", "Một"), ("B", "Hai"), ("C", "Ba"), ("D", "Bốn"))
            )
        ).sections
    ]
    assert anchors == ["phan-a", "phan-b", "phan-c", "phan-d"]
    assert (roman_value("XIV"), roman_value("IIII"), roman_value("")) == (14, 0, 0)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Số 15-NQ/TW", "15-NQ/TW"),
        ("38 - HD/BTCTW", "38-HD/BTCTW"),
        ("01/NQ-TU", "01-NQ/TU"),
        ("Số: 9-QC/TW", "09-QC/TW"),
        ("7 – NQ / ĐU", "07-NQ/ĐU"),
        ("Số 91/2025/QH15", "91/2025/QH15"),
        ("356/2025/NĐ-CP", "356/2025/NĐ-CP"),
        ("ngày 30/4/2023", ""),
        ("31/38 nhiệm vụ", ""),
        ("kinh tế-xã hội", ""),
    ],
)
def test_symbols_are_normalised(written: str, normal: str) -> None:
    assert normal_symbol(written) == normal


def test_the_head_of_a_resolution_tells_its_facts() -> None:
    facts = text_of(RESOLUTION).facts
    assert (facts.kind, facts.number, facts.symbol) == ("nghi-quyet", 7, "07-NQ/ĐU")
    assert (facts.issuer, facts.issued_on) == ("Đảng ủy phường An Lạc Đông", date(2026, 8, 18))
    assert facts.title == "Về xây dựng phường học tập và phổ cập kỹ năng số đến từng hộ dân"


def test_a_front_matter_tells_facts_and_is_not_text() -> None:
    told = "kind: chi-thi\nsymbol: 2-CT/ĐU\nissuer: Đảng ủy\ndate: 2026-03-01\ntitle: Về vệ sinh\n"
    text = f"---\n{told}---\n\n# Tên khác\n\nChữ."
    converted = convert("a.md", text.encode())
    facts = converted.facts
    assert (facts.kind, facts.symbol, facts.number, facts.issuer) == ("chi-thi", "02-CT/ĐU", 2, "Đảng ủy")
    assert (facts.issued_on, facts.title) == (date(2026, 3, 1), "Về vệ sinh")
    assert "kind" not in converted.text and "kind: chi-thi" in converted.dropped


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("MẬT", "mật"),
        ("  TUYỆT MẬT ", "tuyệt mật"),
        ("Độ mật: Tối mật", "tối mật"),
        ("Bí mật của suối", ""),
        ("mật", ""),
        ("mật ong", ""),
    ],
)
def test_secrecy_marks_are_seen(line: str, mark: str) -> None:
    assert secrecy_mark(["ĐẢNG ỦY", line]) == mark


PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg onload=alert(1)>",
    "<a href=' java\nscript:alert(1)'>x</a>",
    "<a href='data:text/html,x'>x</a>",
    "<iframe srcdoc='<script>1</script>'></iframe>",
    "<p style='background:url(x)' onclick=x class='evil caption'>x</p>",
    "<math><mtext><img src onerror=x>",
    "<form action=/x><input></form>",
    "<a href='https://a.example' target=_blank title=t>x</a>",
    "<object data=x></object><embed src=x>",
    "<base href=//x><meta http-equiv=refresh>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<p id=noi-dung name=x>x</p>",
    "<![CDATA[<script>x</script>]]>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_runs_or_loads_gets_through(payload: str) -> None:
    stored = "".join(
        section.html for section in convert("a.html", f"<html><body><p>chữ</p>{payload}".encode()).sections
    )
    for html in (stored, clean(payload)):
        found = " ".join(re.findall(r"<[^>]*>", html))
        assert not any(
            sign in found.lower()
            for sign in (
                "<script",
                "<img",
                "<svg",
                "<iframe",
                "<form",
                "<input",
                "<object",
                "<base",
                "<meta",
                " on",
                "style=",
                " id=",
                "javascript",
                "data:text",
                "src",
                "target",
                "title=",
            )
        ), found
    assert stored == clean(stored)


def test_links_keep_their_place_and_say_nothing_of_the_reader() -> None:
    stored = clean("<a href='https://a.example/x'>x</a><a href='mailto:a@a.example'>y</a>")
    assert stored.count('rel="noopener noreferrer"') == 2


def test_blocks_keep_tables_whole_and_flatten_those_of_one_column() -> None:
    blocks = blocks_of(
        "<table><tr><td><img alt='hội nghị'></td></tr><tr><td>Quang cảnh</td></tr></table>"
        "<table><tr><td>a</td><td>b</td></tr></table>"
    )
    assert [block.text for block in blocks] == ["[Hình: hội nghị]", "Quang cảnh", "a b"]


def test_slugs_are_short_plain_and_cut_at_a_word() -> None:
    assert slug("Đẩy mạnh chuyển đổi số!") == "day-manh-chuyen-doi-so"
    assert len(slug("một " * 40)) <= 60 and not slug("một " * 40).endswith("-")
