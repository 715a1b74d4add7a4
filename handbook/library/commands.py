"""``handbook library``: documents from files, at the operator's hand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from sqlmodel import Session

from handbook.core.db import Database
from handbook.core.errors import HandbookError, Invalid
from handbook.core.settings import load
from handbook.library.forms import DocumentIn
from handbook.library.importing.converting import Converted, convert
from handbook.library.models import Classification
from handbook.library.rules import taking_in
from handbook.library.rules.taking_in import Taken
from handbook.library.words import WORDS
from handbook.organisation import queries as organisation
from handbook.policy.actor import Actor
from handbook.web.words import WORDS as GENERAL

_OUTCOMES = {"new": "đã nhập", "revised": "đã nhập thành bản mới", "unchanged": "không đổi"}


@click.group()
def group() -> None:
    """Documents."""


@group.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--unit", required=True, help="Code of the unit whose members read it.")
@click.option("--publish", is_flag=True, help="Readable at once.")
@click.option("--kind", help="Code of the kind, for example nghi-quyet.")
@click.option("--number", type=click.IntRange(0, 99999))
@click.option("--symbol")
@click.option("--issuer", help="Name of the issuing body.")
@click.option("--date", "issued_on", help="Day of issue, dd/mm/yyyy.")
@click.option("--title")
@click.option("--read-before", help="Day by which members are asked to have read it, dd/mm/yyyy.")
@click.option("--summary")
@click.option("--key-point", "key_points", multiple=True)
@click.option("--replaces", help="Symbol of the document that this one replaces.")
@click.option("--classification", default="thuong", type=click.Choice([level.value for level in Classification]))
def import_files(files: tuple[Path, ...], unit: str, publish: bool, **given: Any) -> None:
    """Import FILES. What is not told by an option is read from the head of each text.

    Each file stands for itself: one that is refused is named on stderr and changes nothing, the others go on."""
    settings = load()
    refused = 0
    with Database(settings) as database:
        for path in files:
            try:
                with database.unit_of_work() as db:
                    taken = _import(db, path, unit, publish, given, settings.import_max_mb)
                    outcome = f"{_OUTCOMES[taken.outcome]}: {taken.document.title} [/library/{taken.document.id}]"
                click.echo(f"{path.name}: {outcome}")
            except (HandbookError, OSError) as refusal:
                refused += 1
                click.echo(f"{path.name}: {_reason(refusal)}", err=True)
    if refused:
        sys.exit(1)


def _import(db: Session, path: Path, unit: str, publish: bool, given: dict[str, Any], limit_mb: int) -> Taken:
    most = limit_mb * 1024 * 1024
    with path.open("rb") as stream:
        converted = convert(path.name, stream.read(most + 1), max_bytes=most)
    taking_in.refuse_secret(converted)
    issuer = given.get("issuer") or converted.facts.issuer or organisation.unit_by_code(db, unit).name
    form = _form(converted, unit, publish, given | {"issuer": issuer})
    return taking_in.import_document(db, Actor.system(), form, converted.sections, words=converted.word_count)


def _form(converted: Converted, unit: str, publish: bool, given: dict[str, Any]) -> DocumentIn:
    told = {name: value for name, value in given.items() if value not in (None, "", ())}
    told["key_points"] = list(given.get("key_points") or ())
    recognised = {name: value for name, value in vars(converted.facts).items() if value not in (None, "")}
    try:
        return DocumentIn(**{**recognised, **told, "unit_code": unit, "publish": publish})
    except ValidationError as error:
        fault = error.errors()[0]
        name = str(fault["loc"][0]) if fault["loc"] else "form"
        raise Invalid(fields={name: fault["msg"]}) from error


def _reason(refusal: Exception) -> str:
    """The sentence in Vietnamese; the source words need no catalogue."""
    if not isinstance(refusal, HandbookError):
        return str(refusal)
    words = GENERAL | WORDS
    codes = [refusal.code, *getattr(refusal, "fields", {}).values()]
    sentences = [str(words[code]) for code in codes if code in words]
    if sentences:
        return sentences[-1] % refusal.values if refusal.values else sentences[-1]
    fields = ", ".join(f"{name}: {code}" for name, code in getattr(refusal, "fields", {}).items())
    return f"{refusal.code} {fields}".strip()
