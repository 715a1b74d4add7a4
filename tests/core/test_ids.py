"""UUIDv7: right bits, later ones sort later, none twice."""

import time

from handbook.core.ids import new_id


def test_version_and_variant() -> None:
    made = new_id()
    assert made.version == 7 and made.variant == "specified in RFC 4122"


def test_later_ids_sort_later_and_none_repeats() -> None:
    first = new_id()
    time.sleep(0.002)
    assert first < new_id()
    assert len({new_id() for _ in range(2000)}) == 2000
