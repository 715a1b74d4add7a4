"""A zip-based file is looked at before anything in it is unpacked (`F2`, `F3`)."""

from __future__ import annotations

import io
import stat
import zipfile
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from handbook.core.errors import Invalid

MAX_MEMBERS = 2000
MAX_UNPACKED = 20 * 1024 * 1024  # bytes
MAX_RATIO = 100
MIN_RATIO_SIZE = 64 * 1024  # bytes; a few hundred equal bytes compress beyond any ratio and harm nobody
MAX_DEPTH = 200  # elements inside each other; Word itself stays far below


def open_checked(data: bytes) -> zipfile.ZipFile:
    """The archive, once its members, sizes, ratios, names and XML are within the limits.

    Raises Invalid "import.bomb" beyond a limit, "import.damaged" when it cannot be read, "import.encrypted".
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise Invalid("import.damaged") from error
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Invalid("import.bomb")
    for member in members:
        _check_member(member)
    _read_all(archive, members)
    return archive


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    if is_link or name.startswith("/") or ":" in name or ".." in name.split("/"):
        raise Invalid("import.bomb")
    if member.file_size > MIN_RATIO_SIZE and member.file_size > MAX_RATIO * max(member.compress_size, 1):
        raise Invalid("import.bomb")
    if member.flag_bits & 0x1:
        raise Invalid("import.encrypted")


def _read_all(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """The sizes in the directory are the sender's claim: count what really comes out, and parse the XML."""
    left = MAX_UNPACKED
    for member in members:
        try:
            with archive.open(member) as stream:
                content = stream.read(left + 1)
        except Exception as error:  # zipfile, zlib, lzma and bz2 each raise their own kind on a broken stream
            raise Invalid("import.damaged") from error
        left -= len(content)
        if left < 0:
            raise Invalid("import.bomb")
        if member.filename.lower().endswith((".xml", ".rels")):
            _check_xml(content)


def _check_xml(content: bytes) -> None:
    depth = 0
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > MAX_DEPTH:
                raise Invalid("import.bomb")
            if event == "end":
                element.clear()
    except DefusedXmlException as error:
        raise Invalid("import.bomb") from error
    except (ParseError, LookupError, ValueError) as error:
        raise Invalid("import.damaged") from error
