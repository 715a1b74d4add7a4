"""A storm over phones and server: nothing written is lost, nothing is doubled, and every receipt has its row."""

import pytest

from handbook.core.settings import Settings
from tests.chaos.storm import Storm

pytestmark = pytest.mark.slow
# Those that take longest to befall, a full disk and a locked database, are left to `make chaos`.
SHORT = ("kill worker", "restart", "session", "transfer")


def test_nothing_is_lost_or_doubled(own_settings: Settings) -> None:
    found = Storm(own_settings, seed=7, phones=4, seconds=10, calamities=SHORT).run()
    assert found.clean, found
    assert found.figures["rows"] > 10


@pytest.mark.parametrize("bug", ["new-key", "any-2xx"])
def test_the_judge_finds_a_bug_that_was_sown(own_settings: Settings, bug: str) -> None:
    found = Storm(own_settings, seed=7, phones=3, seconds=8, bug=bug, calamities=("kill worker", "restart")).run()
    assert not found.clean
