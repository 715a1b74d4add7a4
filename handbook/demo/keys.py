"""Keys for a demo on a machine that has none: made once, kept beside its database, readable by its owner only."""

import os
import secrets
from collections.abc import MutableMapping
from pathlib import Path

NAMES = ("HANDBOOK_SECRET_KEY", "HANDBOOK_AUDIT_KEY", "HANDBOOK_FIELD_KEY")
_FILE = "demo-keys"


def provide(environment: MutableMapping[str, str], folder: Path) -> None:
    """Fill in the keys that `environment` lacks, from the file in `folder`, which is made when there is none."""
    if all(environment.get(name) for name in NAMES):
        return
    file = folder / _FILE
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(file, {name: secrets.token_urlsafe(36) for name in NAMES})
    for line in file.read_text(encoding="ascii").splitlines():
        name, _, key = line.partition("=")
        if name in NAMES and not environment.get(name):
            environment[name] = key


def _write(file: Path, keys: dict[str, str]) -> None:
    """Never readable by others, not even for the moment between making and restricting it."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as open_file:
        open_file.writelines(f"{name}={key}\n" for name, key in keys.items())
