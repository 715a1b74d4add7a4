"""Sealed fields open only with their key and in their place."""

import pytest

from handbook.core.errors import Unavailable
from handbook.core.sealing import key_of, keyed_hash, seal, unseal

KEY = key_of("a long secret of the operator, never in the database", "field")


def test_a_sealed_text_comes_back_and_is_not_readable() -> None:
    blob = seal(KEY, "001234567890", "member/1/card")
    assert unseal(KEY, blob, "member/1/card") == "001234567890"
    assert b"001234567890" not in blob
    assert blob != seal(KEY, "001234567890", "member/1/card")


@pytest.mark.parametrize(
    ("key", "context"), [(key_of("another secret", "field"), "member/1/card"), (KEY, "member/2/card")]
)
def test_another_key_or_another_place_opens_nothing(key: bytes, context: str) -> None:
    with pytest.raises(Unavailable):
        unseal(key, seal(KEY, "001234567890", "member/1/card"), context)


def test_damage_is_noticed() -> None:
    blob = seal(KEY, "001234567890", "c")
    with pytest.raises(Unavailable):
        unseal(KEY, blob[:-1] + bytes([blob[-1] ^ 1]), "c")


def test_equal_texts_have_equal_hashes_under_one_key_only() -> None:
    assert keyed_hash(KEY, "1") == keyed_hash(KEY, "1") != keyed_hash(key_of("other", "field"), "1")
