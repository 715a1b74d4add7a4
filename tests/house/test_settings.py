"""docs/settings.md names every setting with its default and meaning; `make settings-page` writes it."""

import re

import settings_page

from handbook.core.settings import Settings
from tests.house.tree import ROOT, python_files, relative


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == settings_page.page()


def test_it_names_every_setting() -> None:
    page = settings_page.page()
    assert [name for name in Settings.model_fields if f"| `HANDBOOK_{name.upper()}` |" not in page] == []


def test_what_the_code_reads_is_a_setting() -> None:
    """Only Settings reads the environment; only the demo, which chooses for the operator, writes it."""
    reads = re.compile(r"os\.environ|getenv")
    readers = [
        relative(path)
        for path in python_files("handbook")
        if path.parent.name != "demo" and reads.search(path.read_text(encoding="utf-8"))
    ]
    assert readers == []
