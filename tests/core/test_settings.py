"""Settings: refused early, in words that name the variable."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from handbook.core.settings import Settings, SettingsError, load
from tests.conftest import KEYS, make_settings


def test_a_missing_key_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in KEYS:
        monkeypatch.delenv(f"HANDBOOK_{name.upper()}", raising=False)
    with pytest.raises(SettingsError, match="HANDBOOK_SECRET_KEY: is not set"):
        load()


@pytest.mark.parametrize("key", ["short", "a" * 64, "change-me-please-change-me-please-0123456789"])
def test_short_and_example_keys_are_refused(key: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="HANDBOOK_AUDIT_KEY"):
        load(**{**KEYS, "audit_key": key, "data_dir": tmp_path})


def test_a_copy_never_outlives_the_receipt_of_what_it_was_of(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="rescue_days must be fewer"):
        load(**{**KEYS, "rescue_days": 180, "receipt_days": 180, "data_dir": tmp_path})


@pytest.mark.parametrize(
    "origin", ["http://handbook.example", "ftp://localhost", "https://a.example/path", "localhost"]
)
def test_an_unsafe_origin_is_refused(origin: str) -> None:
    with pytest.raises(SettingsError, match="origin must"):
        load(**KEYS, origin=origin)


def test_the_passkey_site_is_the_origins_host_or_a_parent(tmp_path: Path) -> None:
    assert make_settings(tmp_path, origin="https://so-tay.thanhuy.example").rp_id == "so-tay.thanhuy.example"
    parent = make_settings(tmp_path, origin="https://so-tay.thanhuy.example", rp_id_override="thanhuy.example")
    assert parent.rp_id == "thanhuy.example"
    with pytest.raises(ValidationError):
        make_settings(tmp_path, origin="https://so-tay.example", rp_id_override="other.example")


def test_keys_do_not_show_in_the_object(tmp_path: Path) -> None:
    assert KEYS["audit_key"] not in repr(make_settings(tmp_path))


def test_every_setting_says_what_it_is_for() -> None:
    assert not [name for name, field in Settings.model_fields.items() if not field.description]
