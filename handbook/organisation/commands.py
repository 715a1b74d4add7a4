"""`handbook organisation`: the tree and its members out of spreadsheets."""

import sys
from pathlib import Path

import click

from handbook.core.db import Database
from handbook.core.settings import load
from handbook.organisation.importing.report import Problem, Report, Tally
from handbook.organisation.importing.running import import_files
from handbook.organisation.rules.cards import card_keys
from handbook.organisation.words import WORDS
from handbook.policy.actor import Actor
from handbook.web.words import WORDS as GENERAL

_MEGABYTE = 1024 * 1024
_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group()
def group() -> None:
    """Units, members and posts."""


@group.command("import")
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--dry-run", is_flag=True, help="Check and report only.")
def import_command(files: tuple[Path, ...], dry_run: bool) -> None:
    """Import UNITS.csv|xlsx and, after it, MEMBERS.csv|xlsx; a single file whose name has "member" or "viên"
    in it holds members. Prints a report row by row; with any problem nothing is saved."""
    if len(files) > 2:
        raise click.UsageError("two files at most: units, then members")
    units, members = (files[0], files[1]) if len(files) == 2 else _told_apart(files[0])
    report = _imported(units, members, dry_run=dry_run)
    for line in lines(report):
        click.echo(line)
    if report.problems:
        click.echo(f"Chưa lưu gì: còn {len(report.problems)} chỗ cần sửa.", err=True)
        sys.exit(1)
    click.echo("Đã lưu." if report.saved else "Kiểm tra xong, chưa lưu gì.")


def _imported(units: Path | None, members: Path | None, *, dry_run: bool) -> Report:
    settings = load()
    with Database(settings) as database, database.unit_of_work() as db:
        return import_files(
            db,
            Actor.system(),
            units=units,
            members=members,
            keys=card_keys(settings),
            max_bytes=settings.import_max_mb * _MEGABYTE,
            dry_run=dry_run,
        )


def _told_apart(file: Path) -> tuple[Path | None, Path | None]:
    """Which of the two kinds one file is, by its name."""
    name = file.stem.lower()
    return (None, file) if any(word in name for word in ("member", "vien", "viên")) else (file, None)


def lines(report: Report) -> list[str]:
    """The report as lines of plain Vietnamese."""
    shown = [f"{_place(notice)}: {_sentence(notice)}" for notice in report.notices]
    shown += [f"{_place(problem)}: {_sentence(problem)}" for problem in report.problems]
    shown.append(_tally("Đơn vị", report.units))
    shown.append(_tally("Đảng viên", report.members))
    return shown


def _place(problem: Problem) -> str:
    row = f", dòng {problem.row}" if problem.row else ""
    column = f", cột “{problem.column}”" if problem.column else ""
    return f"{problem.file}{row}{column}"


def _sentence(problem: Problem) -> str:
    words = WORDS.get(problem.code) or GENERAL.get(problem.code) or GENERAL["field.other"]
    return str(words) % problem.values


def _tally(what: str, tally: Tally) -> str:
    return (
        f"{what}: mới {tally.created}, sửa {tally.changed}, chuyển {tally.moved}, "
        f"giữ nguyên {tally.same}, bỏ qua {tally.skipped}"
    )
