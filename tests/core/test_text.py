"""Vietnamese text: folding, sorting, one normal form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook.core.text import fold, given_name, name_key, nfc


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đảng ủy phường", "dang uy phuong"),
        ("NGHỊ QUYẾT", "nghi quyet"),
        ("đường Lê Đại Hành", "duong le dai hanh"),
        (unicodedata.normalize("NFD", "Ế Ộ Ữ ậ"), "e o u a"),
    ],
)
def test_fold_drops_marks_and_turns_d_bar_into_d(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_fold_of_a_fold_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ "))
def test_fold_is_the_same_for_both_normal_forms(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(nfc(text))


def test_people_sort_by_given_name_in_the_order_of_the_alphabet() -> None:
    ordered = [
        "Phạm An",
        "Vũ Ánh",
        "Lê Văn Ân",
        "Trần Ba",
        "Hà Bà",
        "Cao Bảo",
        "Bùi Bằng",
        "Lý Châu",
        "Đỗ Dũng",
        "An Đức",
        "Hồ Em",
        "Mai Êm",
        "Lê Oanh",
        "Tô Ơn",
        "Vi Uyên",
        "Kim Ước",
    ]
    assert sorted(reversed(ordered), key=name_key) == ordered


def test_same_given_name_sorts_by_family_name() -> None:
    assert sorted(["Vũ Minh Hòa", "Bùi Minh Hòa", "Đinh Minh Hòa"], key=name_key) == [
        "Bùi Minh Hòa",
        "Đinh Minh Hòa",
        "Vũ Minh Hòa",
    ]


def test_a_member_is_addressed_by_the_last_word() -> None:
    assert given_name("Nguyễn Thị Minh Hòa") == "Hòa"
    assert given_name("") == ""
