"""What was sealed for the server opens there and nowhere else, and only as what it was sealed as."""

import pytest

from handbook.core.boxes import unbox
from handbook.core.signing import private_key
from tests.boxes import box

KEY = private_key("a long secret of the operator's own", "box/1")


def test_what_was_sealed_comes_out() -> None:
    assert unbox(KEY, box(KEY, "Một ý kiến".encode(), "a key"), "a key") == "Một ý kiến".encode()
    assert unbox(KEY, box(KEY, b"", ""), "") == b""


def test_no_two_boxes_are_alike() -> None:
    one, other = box(KEY, b"words", "x"), box(KEY, b"words", "x")
    assert one[:65] != other[:65] and one[77:] != other[77:]


@pytest.mark.parametrize("at", [0, 1, 40, 64, 65, 76, 77, -1])
def test_one_bit_changed_and_it_stays_shut(at: int) -> None:
    damaged = bytearray(box(KEY, b"words", "x"))
    damaged[at] ^= 1
    with pytest.raises(ValueError):
        unbox(KEY, bytes(damaged), "x")


def test_another_key_or_another_context_does_not_open_it() -> None:
    sealed = box(KEY, b"words", "x")
    with pytest.raises(ValueError):
        unbox(private_key("another long secret", "box/1"), sealed, "x")
    with pytest.raises(ValueError):
        unbox(KEY, sealed, "y")


@pytest.mark.parametrize("junk", [b"", b"\x04", b"\x04" * 65, b"\x00" * 200, bytes(range(256))])
def test_junk_is_no_box(junk: bytes) -> None:
    with pytest.raises(ValueError):
        unbox(KEY, junk, "x")
