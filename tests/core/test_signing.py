"""Signatures that a browser can check, by a key that is never stored."""

import pytest

from handbook.core.signing import canonical, is_signed, private_key, public_point, sign

KEY = private_key("a long secret of the operator's own", "test/1")


def test_the_key_is_the_same_each_time_and_another_for_another_purpose() -> None:
    private_key.cache_clear()
    assert public_point(private_key("a long secret of the operator's own", "test/1")) == public_point(KEY)
    assert public_point(private_key("a long secret of the operator's own", "test/2")) != public_point(KEY)
    assert public_point(private_key("another long secret", "test/1")) != public_point(KEY)


def test_what_was_signed_and_nothing_else() -> None:
    signature = sign(KEY, b"words")
    assert len(signature) == 86
    assert is_signed(KEY, b"words", signature)
    assert not is_signed(KEY, b"other words", signature)
    assert not is_signed(private_key("another long secret", "test/1"), b"words", signature)


@pytest.mark.parametrize("signature", ["", "A", "A" * 86, "ư" * 86, "\x00", "A" * 200])
def test_what_is_no_signature(signature: str) -> None:
    assert not is_signed(KEY, b"words", signature)


def test_more_than_a_signature_is_none() -> None:
    assert not is_signed(KEY, b"words", sign(KEY, b"words") + "AAAA")


def test_one_spelling() -> None:
    assert canonical({"b": None, "a": "Đảng"}) == '{"a":"Đảng","b":null}'.encode()
