"""Catalogues of words: extracts them from code and templates, updates, compiles and checks the catalogues.

The source text is Vietnamese, so Vietnamese needs no catalogue; every other language has one under
handbook/translations/<language>/LC_MESSAGES/messages.po.

Usage: python tools/translations.py compile|update|check
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
LANGUAGES = ("en",)
HEADERS_LEFT_OUT = tuple(
    f'"{name}:'.encode()
    for name in (
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
    )
)


def catalogue_path(root: Path, language: str) -> Path:
    """Where the words of `language` are kept."""
    return root / "handbook/translations" / language / "LC_MESSAGES/messages.po"


def extract(root: Path = ROOT) -> Catalog:
    """Every text marked for translation, with the places where it stands."""
    found = Catalog(project="handbook", locale="vi", charset="utf-8")
    for folder in ("handbook", "templates"):
        # The extraction options silence nothing: a template that does not parse stops it.
        for name, line, text, comments, context in extract_from_dir(
            str(root / folder), METHODS, {"**.html": {"silent": "false"}}, KEYWORDS, comment_tags=("i18n:",)
        ):
            found.add(text, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return found


def read(root: Path, language: str) -> Catalog:
    """The catalogue of `language`; an empty one when there is none yet."""
    path = catalogue_path(root, language)
    if not path.is_file():
        return Catalog(project="handbook", locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(root: Path, language: str) -> None:
    """Write new texts into the catalogue with an empty translation and drop those no longer used."""
    catalogue = read(root, language)
    # No fuzzy matching: a guess that looks like a translation is worse than a gap that the check shows.
    catalogue.update(extract(root), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    catalogue.header_comment = (
        f"# The handbook's words in {catalogue.locale.english_name}. `make words` keeps it up to date."
    )
    path = catalogue_path(root, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    # Line numbers, dates and tools' versions would make every change of a template a change of this file.
    write_po(written, catalogue, width=110, sort_output=True, include_lineno=False)
    lines = written.getvalue().splitlines(keepends=True)
    path.write_bytes(b"".join(line for line in lines if not line.startswith(HEADERS_LEFT_OUT)))


def compile_all(root: Path = ROOT) -> list[Path]:
    """Compile each catalogue that is newer than its compiled form; returns those written."""
    done = []
    for language in LANGUAGES:
        source = catalogue_path(root, language)
        target = source.with_suffix(".mo")
        if not source.is_file() or (target.is_file() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        with target.open("wb") as file:
            write_mo(file, read(root, language))
        done.append(target)
    return done


def faults(root: Path, language: str) -> Iterator[str]:
    """What is wrong with a catalogue, one line each; nothing when it is complete."""
    catalogue = read(root, language)
    wanted = {(message.id, message.context): message for message in extract(root) if message.id}
    for (identity, context), message in wanted.items():
        kept = catalogue.get(_key(identity), context)
        where = message.locations[0][0] if message.locations else "?"
        if kept is None or not _translated(kept):
            yield f"{language}: no translation of {identity!r} ({where})"
            continue
        if kept.fuzzy:
            yield f"{language}: only guessed: {identity!r} ({where})"
        yield from (f"{language}: {identity!r}: {error}" for error in kept.check(catalogue))
    for message in catalogue:
        if message.id and (message.id, message.context) not in wanted:
            yield f"{language}: no longer used: {message.id!r}"


def _key(identity: str | list[str] | tuple[str, ...]) -> str:
    return identity if isinstance(identity, str) else identity[0]


def _translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(texts) and all(texts)


def main(arguments: list[str]) -> int:
    """Do what the first argument says; 0 done, 1 incomplete, 2 not understood."""
    match arguments:
        case ["compile"]:
            written = compile_all(ROOT)
            print(f"translations: {len(written)} compiled" if written else "translations: up to date")
        case ["update"]:
            for language in LANGUAGES:
                update(ROOT, language)
                print(f"translations: {catalogue_path(ROOT, language).relative_to(ROOT)} brought up to date")
        case ["check"]:
            found = [fault for language in LANGUAGES for fault in faults(ROOT, language)]
            print("\n".join(found) if found else "translations: complete")
            return 1 if found else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
