"""Files beside the database. A whole file is named by its content's SHA-256; one that still arrives, by its id.

What is said to be there is on the disk: bytes are flushed before the caller's row is committed. The other way round a
file may be there without its row, after a crash; that costs room and nothing else.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

_ARRIVING = "arriving"


class Shelf:
    """The files under one folder, which is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def held(self, file_id: UUID) -> int:
        """How many bytes of a file that still arrives are here."""
        path = self._arriving(file_id)
        return path.stat().st_size if path.exists() else 0

    def write(self, file_id: UUID, offset: int, chunk: bytes) -> None:
        """Put `chunk` at `offset`, where nothing but bytes of a try that broke off may follow, and flush it."""
        path = self._arriving(file_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            file.seek(offset)
            file.write(chunk)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
        _flush_folder(path.parent)

    def head(self, file_id: UUID, length: int) -> bytes:
        """The first bytes of a file that still arrives."""
        with self._arriving(file_id).open("rb") as file:
            return file.read(length)

    def digest(self, file_id: UUID) -> str:
        """SHA-256 of what has arrived, in hex."""
        with self._arriving(file_id).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def complete(self, file_id: UUID, digest: str) -> None:
        """The file is whole and is named by its content from now on."""
        path = self.path(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self._arriving(file_id), path)
        _flush_folder(path.parent)

    def discard(self, file_id: UUID) -> None:
        """What has arrived is not what was announced."""
        self._arriving(file_id).unlink(missing_ok=True)

    def path(self, digest: str) -> Path:
        """Where a whole file lies."""
        return self._folder / digest[:2] / digest

    def clear(self, *, before: datetime, arriving: Collection[str], whole: Collection[str]) -> int:
        """Remove what was last written `before` and is not named: ids of files that still arrive, digests of whole ones.

        How many files that were. What is younger may belong to a row that is not committed yet."""
        removed = 0
        for path in self._all():
            named = arriving if path.parent.name == _ARRIVING else whole
            if path.name not in named and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _all(self) -> Iterator[Path]:
        return (path for folder in self._folder.glob("*") for path in folder.glob("*") if path.is_file())

    def _arriving(self, file_id: UUID) -> Path:
        return self._folder / _ARRIVING / str(file_id)


def _flush_folder(folder: Path) -> None:
    """A new name is on the disk only once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
