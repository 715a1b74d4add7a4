"""Keys for a demo on a machine that has none: made once, kept beside its database, readable by its owner only."""

import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path

NAMES = ("HANDBOOK_SECRET_KEY", "HANDBOOK_AUDIT_KEY", "HANDBOOK_FIELD_KEY", "HANDBOOK_RECEIPT_KEY")
_FILE = "demo-keys"


def provide(environment: MutableMapping[str, str], folder: Path) -> None:
    """Fill in the keys that `environment` lacks, from the file in `folder`, which is made or completed as needed."""
    if all(environment.get(name) for name in NAMES):
        return
    file = folder / _FILE
    kept = _read(file)
    if missing := {name: secrets.token_urlsafe(36) for name in NAMES if name not in kept}:
        folder.mkdir(parents=True, exist_ok=True)
        _append(file, missing)
    for name, key in {**kept, **missing}.items():
        if not environment.get(name):
            environment[name] = key


def _read(file: Path) -> dict[str, str]:
    """The keys in the file; one of an older release lacks those that came later."""
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    return {name: key for name, key in found.items() if name in NAMES}


def _append(file: Path, keys: dict[str, str]) -> None:
    """Never readable by others, not even for the moment between making and restricting it."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as open_file:
        open_file.writelines(f"{name}={key}\n" for name, key in keys.items())
