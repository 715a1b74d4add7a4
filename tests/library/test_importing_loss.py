"""No word of a text is lost, added or moved on the way to the stored sections; what is dropped is listed."""

import re
from pathlib import Path

import html5lib
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handbook.core.errors import Invalid
from handbook.library.importing.converting import Converted, convert
from handbook.library.importing.decoding import decode, tidy
from tests.library.files import docx, paragraph

DATA = Path(__file__).parents[3] / "shared" / "data"
REAL = sorted(DATA.glob("*.txt"))

_NOTE = re.compile(r"\[Hình(?:: ([^\]]*))?\]")
_LETTERS = "aăâđêôơưàẻễọNGHỊTPĐ15. ,;:()[]|!-–\"“”'&<>#*_`\\/\u00a0\u200b"
_LINES = st.one_of(
    st.text(_LETTERS, max_size=60),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30),
    st.sampled_from(
        [
            "Điều 1. Phạm vi",
            "Chương II",
            "NGUYÊN TẮC CHUNG",
            "I. TÌNH HÌNH",
            "1. Một việc",
            "a) điểm nhỏ",
            "Nơi nhận:",
            "![]() |",
            "| --- | --- |",
            "![Ảnh hội nghị](x.jpg)",
            "- gạch đầu dòng",
            "Phụ lục 2",
            "Ảnh: Minh Anh",
            "1.1. Nhỏ hơn",
            "C. Mục chữ",
            "https://vi.example/a?b=c&d",
            "Mục 3",
            "x" * 200 + ".",
            "date 2025-10-16 Đầu bài:",
        ]
    ),
)
_TEXTS = st.lists(_LINES, min_size=1, max_size=14).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", "\r\n"]).map(lambda end: end.join(lines))
)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def words_out(converted: Converted) -> list[str]:
    """Words of the sections, without the note that stands for a picture; the picture's own words stay."""
    return words(_NOTE.sub(lambda match: match[1] or "", converted.text))


def words_in(text: str) -> list[str]:
    """Words of a plain text without what markup of pictures adds to it."""
    return words(re.sub(r"!\[([^\]\n]*)\]\([^)\s]*\)", r"\1", tidy(text)))


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_TEXTS)
@example("Tiêu đề bài viết dài vừa đủ\n\n![]() |\n\nĐiều 1\n\nNguyên tắc\n\nC. Chữ")
@example("Phần thứ nhất\n\nĐiều 5 của Luật\n\nI.\n\nII. ")
def test_plain_text_keeps_every_word_in_order(text: str) -> None:
    try:
        converted = convert("a.txt", text.encode())
    except Invalid:
        return
    assert words_out(converted) == words_in(text)


_TAGS = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "strong",
    "b",
    "em",
    "span",
    "li",
    "ul",
    "ol",
    "td",
    "tr",
    "table",
    "blockquote",
    "section",
    "article",
    "br",
    "a",
    "u",
    "center",
    "figure",
    "figcaption",
    "dl",
    "dt",
    "dd",
    "pre",
    "font",
    "o:p",
]
_PIECES = st.one_of(
    st.sampled_from(_TAGS).map(lambda tag: f"<{tag}>"),
    st.sampled_from(_TAGS).map(lambda tag: f"</{tag}>"),
    st.text(_LETTERS.replace("<", "").replace(">", "").replace("&", ""), max_size=25),
    st.sampled_from(["Điều 1. Tên", "Chương I", "1. Khoản", "&amp;", "&nbsp;", "&#273;", "<!-- x -->", " ", "\n"]),
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_PIECES, min_size=1, max_size=30).map("".join))
@example("<table><tr><td>a</td></tr><tr><td>b<h2>c</h2></td></tr></table><div>d</div><div>e</div>")
def test_html_keeps_every_word_in_order(markup: str) -> None:
    source = f"<!doctype html><html><head><title>t</title></head><body>{markup}</body></html>"
    try:
        converted = convert("a.html", source.encode())
    except Invalid:
        return
    body = html5lib.parse(re.sub("<!-- x -->", "", tidy(source)), namespaceHTMLElements=False).find("body")
    # Block edges part words for a reader without a space in the source, so letters are compared here.
    assert "".join(words_out(converted)) == "".join(words("".join(body.itertext())))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(_LETTERS, max_size=60), min_size=1, max_size=10))
def test_word_files_keep_every_word_in_order(lines: list[str]) -> None:
    try:
        converted = convert("a.docx", docx(*(paragraph(line, bold=len(line) % 3 == 0) for line in lines)))
    except Invalid:
        return
    assert words_out(converted) == words(tidy("\n".join(lines)))


MARKDOWN = """# Về một việc

**Đậm** và *nghiêng*, `mã`, ~~bỏ~~, [lời dẫn](https://vi.example/x).

## I. Tình hình

1. Việc một
2. Việc hai
   a) điểm nhỏ
- gạch

> trích lời

| Cột | Số |
|-----|----|
| một | 95% |

<b>không phải thẻ</b> và <script>alert(1)</script>

    dòng thụt vào

Hết."""


def test_markdown_keeps_every_word_and_lists_addresses_as_dropped() -> None:
    converted = convert("a.md", MARKDOWN.encode())
    assert words_out(converted) == words(MARKDOWN.replace("(https://vi.example/x)", ""))
    assert converted.dropped == ("https://vi.example/x",)


@pytest.mark.skipif(not REAL, reason="the folder of real texts is not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_real_texts_arrive_whole(path: Path) -> None:
    converted = convert(path.name, path.read_bytes())
    assert words_out(converted) == words_in(decode(path.read_bytes()))
    assert converted.facts.title and len(converted.facts.title) > 20
    again = convert(path.name, path.read_bytes())
    assert [section.anchor for section in again.sections] == [section.anchor for section in converted.sections]


@pytest.mark.skipif(not REAL, reason="the folder of real texts is not here")
def test_real_texts_are_structured_as_a_reader_would() -> None:
    headings = {
        path.name[:3]: [
            section.heading
            for section in convert(path.name, path.read_bytes()).sections
            if section.level and section.heading
        ]
        for path in REAL
    }
    assert headings["001"] == []
    assert [heading.split(",")[0] for heading in headings["003"]] == [
        "Đề cao trách nhiệm của tập thể",
        "Lựa chọn việc khó",
        "Xác định đúng khâu then chốt là công tác tổ chức cán bộ",
    ]
    assert [heading.split(",")[0] for heading in headings["004"]] == [
        "Triển khai đồng bộ",
        "Xác lập định hướng chiến lược",
    ]
