"""Every text has its translation in every language, and no catalogue keeps what is no longer said."""

import shutil
from pathlib import Path

import pytest
import translations

from tests.house.tree import ROOT


@pytest.mark.parametrize("language", translations.LANGUAGES)
def test_complete(language: str) -> None:
    assert list(translations.faults(ROOT, language)) == []


@pytest.fixture
def small_tree(tmp_path: Path) -> Path:
    (tmp_path / "handbook").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "handbook/words.py").write_text('_l("Còn %(count)s ngày")\n')
    (tmp_path / "templates/a.html").write_text('{{ _("Đăng nhập") }}{% trans %}Đăng xuất{% endtrans %}')
    return tmp_path


def fill(root: Path, **texts: str) -> None:
    translations.update(root, "en")
    path = translations.catalogue_path(root, "en")
    text = path.read_text()
    for source, target in texts.items():
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"')
    path.write_text(text)


def test_gaps_are_noticed(small_tree: Path) -> None:
    assert len(list(translations.faults(small_tree, "en"))) == 3


def test_a_lost_placeholder_is_noticed(small_tree: Path) -> None:
    fill(
        small_tree,
        **{"Đăng nhập": "Sign in", "Đăng xuất": "Sign out", "Còn %(count)s ngày": "%(days)s days left"},
    )
    [fault] = translations.faults(small_tree, "en")
    assert "Còn" in fault


def test_a_complete_catalogue_compiles(small_tree: Path) -> None:
    fill(
        small_tree,
        **{"Đăng nhập": "Sign in", "Đăng xuất": "Sign out", "Còn %(count)s ngày": "%(count)s days left"},
    )
    assert list(translations.faults(small_tree, "en")) == []
    [compiled] = translations.compile_all(small_tree)
    assert compiled.suffix == ".mo" and b"Sign in" in compiled.read_bytes()
    assert translations.compile_all(small_tree) == []


def test_words_no_longer_said_are_noticed(small_tree: Path) -> None:
    fill(
        small_tree,
        **{"Đăng nhập": "Sign in", "Đăng xuất": "Sign out", "Còn %(count)s ngày": "%(count)s days left"},
    )
    shutil.rmtree(small_tree / "templates")
    (small_tree / "templates").mkdir()
    assert len(list(translations.faults(small_tree, "en"))) == 2
