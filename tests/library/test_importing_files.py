"""Which files are taken, and which are refused with which word."""

import io
import random
import re
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handbook.core.errors import Invalid
from handbook.library.importing.converting import convert
from handbook.library.importing.detecting import Format
from handbook.library.words import WORDS
from tests.library.files import archive, docx, numbering, paragraph, pdf

TEXT = "Đảng bộ đã có nhiều việc làm được, với sự tham gia của các đồng chí trong chi bộ và người dân."


def refused(name: str, data: bytes) -> str:
    with pytest.raises(Invalid) as found:
        convert(name, data)
    assert found.value.code in WORDS
    return found.value.code


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.txt", TEXT.encode(), Format.PLAIN),
        ("a.txt", b"\xef\xbb\xbf" + TEXT.encode(), Format.PLAIN),
        ("a.txt", TEXT.encode("utf-16"), Format.PLAIN),
        ("a.txt", TEXT.encode("utf-16-le"), Format.PLAIN),
        ("a.txt", TEXT.encode("utf-16-be"), Format.PLAIN),
        ("a.md", TEXT.encode(), Format.MARKDOWN),
        ("a.html", f"<p>{TEXT}</p>".encode(), Format.HTML),
        ("a.txt", f"<!doctype html><p>{TEXT}</p>".encode(), Format.HTML),
        ("a.bin", docx(paragraph(TEXT)), Format.WORD),
    ],
)
def test_the_content_tells_the_format_and_the_text_arrives_composed(name: str, data: bytes, kind: Format) -> None:
    converted = convert(name, data)
    assert converted.format == kind and TEXT in converted.text


def test_decomposed_and_windows_1258_text_arrive_composed() -> None:
    import unicodedata

    assert TEXT in convert("a.txt", unicodedata.normalize("NFD", TEXT).encode()).text
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    parted = "".join(
        unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", letter) if c not in tones))
        + "".join(c for c in unicodedata.normalize("NFD", letter) if c in tones)
        for letter in TEXT
    )
    assert TEXT in convert("a.txt", parted.encode("cp1258")).text


def test_pdf_lines_become_paragraphs_and_page_numbers_are_listed_as_dropped() -> None:
    long = "This committee has decided on the following tasks for all of the members who live in the"
    converted = convert(
        "a.pdf",
        pdf(
            ["1", long, "ward and its cells.", "Second paragraph stands alone."],
            ["Third one here, long enough.", "2"],
        ),
    )
    html = "".join(section.html for section in converted.sections)
    assert f"<p>{long} ward and its cells.</p>" in html and "<p>Second paragraph stands alone.</p>" in html
    assert converted.dropped == ("1", "2")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "import.empty"),
        ("a.txt", b" \n\t\x00\xef\xbb\xbf", "import.empty"),
        ("a.txt", b"\xff\xfe", "import.empty"),
        ("a.txt", b"--- *** ...", "import.no_text"),
        ("a.docx", docx(), "import.no_text"),
        ("a.pdf", pdf([]), "import.no_text"),
        ("a.pdf", pdf(["x"], [], [], []), "import.no_text"),
        ("a.pdf", pdf(["locked words"], encrypted=True), "import.encrypted"),
        ("a.pdf", b"%PDF-1.4 rubbish", "import.damaged"),
        ("a.docx", b"PK\x03\x04" + b"x" * 100, "import.damaged"),
        ("a.docx", docx(paragraph(TEXT))[:-40], "import.damaged"),
        ("a.docx", docx(document="<not xml"), "import.damaged"),
        ("a.docx", archive({"xl/workbook.xml": b"<a/>"}), "import.type"),
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 100, "import.doc"),
        (
            "a.docx",
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "import.encrypted",
        ),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "import.type"),
        ("a.txt", b"MZ\x90\x00\x03" + b"\x00" * 50, "import.type"),
        ("a.txt", b"{\\rtf1 x}", "import.type"),
        ("a.txt", bytes(range(128, 256)) * 3, "import.encoding"),
        # TCVN3 bytes: "Đảng bộ" as that old font encoding writes it
        ("a.txt", b"\xa7\xb6ng b\xe9 ph\xad\xeang x\xb7 \xae\xb7 c\xe3 ngh\xde quy\xd5t", "import.encoding"),
    ],
)
def test_refusals_have_a_word_each(name: str, data: bytes, code: str) -> None:
    assert refused(name, data) == code


def test_too_large_is_refused_before_anything_is_read() -> None:
    with pytest.raises(Invalid) as found:
        convert("a.txt", b"a" * 2_000_001, max_bytes=2_000_000)
    assert found.value.code == "import.too_large"


def _bomb_links() -> bytes:
    out = io.BytesIO(docx(paragraph(TEXT)))
    with zipfile.ZipFile(out, "a") as made:
        link = zipfile.ZipInfo("word/media/x")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        archive({"word/document.xml": b"0" * 30_000_000}),
        archive({"word/document.xml": b"<a>" + b" " * 9_000_000 + b"</a>"}),
        archive({f"m{number}": b"" for number in range(2001)}),
        archive({"../word/document.xml": b"<a/>"}),
        archive({"/word/document.xml": b"<a/>"}),
        archive({"..\\x.xml": b"<a/>"}),
        _bomb_links(),
        docx(document='<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'),
        docx(document='<?xml version="1.0"?><!DOCTYPE l SYSTEM "file:///etc/passwd"><l/>'),
        docx(document="<a>" * 5000 + "</a>" * 5000),
    ],
)
def test_bombs_are_refused(data: bytes) -> None:
    assert refused("a.docx", data) == "import.bomb"


def test_a_size_that_lies_in_the_directory_is_still_capped() -> None:
    data = bytearray(
        archive(
            {"word/document.xml": b"<a>" + bytes(random.Random(1).randrange(32, 60) for _ in range(90_000)) + b"</a>"}
        )
    )
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.find(signature) + offset
        data[at : at + 4] = (10).to_bytes(4, "little")
    assert refused("a.docx", bytes(data)) in ("import.damaged", "import.bomb")


def test_word_numbers_that_only_word_draws_are_written_out() -> None:
    data = docx(
        paragraph("Phạm vi điều chỉnh", numbered="1"),
        paragraph("Khoản thứ nhất của điều này.", numbered="1", depth=1),
        paragraph("Khoản thứ hai của điều này.", numbered="1", depth=1),
        paragraph("Đối tượng áp dụng", numbered="1"),
        paragraph("Khoản đầu của điều sau.", numbered="1", depth=1),
        word__numbering=numbering(("decimal", "Điều %1."), ("decimal", "%2.")),
    )
    found = {section.anchor: section.text for section in convert("a.docx", data).sections}
    assert found["dieu-1"] == "Điều 1. Phạm vi điều chỉnh" and found["dieu-2"] == "Điều 2. Đối tượng áp dụng"
    assert found["dieu-1.khoan-2"].startswith("2. Khoản thứ hai")
    assert found["dieu-2.khoan-1"].startswith("1. Khoản đầu")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.html", "a.docx", "a.pdf", ""]),
       st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7\n", b"<html>", b"\xff\xfe", b"\xd0\xcf\x11\xe0"]))  # fmt: skip
def test_no_bytes_raise_anything_but_a_refusal(data: bytes, name: str, start: bytes) -> None:
    try:
        convert(name, start + data)
    except Invalid as refusal:
        assert refusal.code in WORDS


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_word_file_is_refused_or_read(position: int, value: int) -> None:
    data = bytearray(docx(paragraph(TEXT), word__numbering=numbering(("decimal", "%1."))))
    data[position % len(data)] = value
    try:
        assert re.search(r"\w", convert("a.docx", bytes(data)).text)
    except Invalid as refusal:
        assert refusal.code in WORDS
