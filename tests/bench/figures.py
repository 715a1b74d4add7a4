"""Figures, their goals, and how they are told: on the terminal and in docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

BEGIN, END = "<!-- figures: written by `make bench ARGS=--write` -->", "<!-- end of figures -->"
PACKAGES = ("flask", "werkzeug", "jinja2", "sqlalchemy", "sqlmodel", "gunicorn", "flask-login", "webauthn")


@dataclass(frozen=True)
class Figure:
    """One measured value. ``met`` is None where there is no goal."""

    group: str
    name: str
    value: str
    goal: str = "–"
    met: bool | None = None
    detail: str = ""

    @property
    def verdict(self) -> str:
        return "–" if self.met is None else "met" if self.met else "**missed**"


def at_most(group: str, name: str, value: float, goal: float, *, unit: str = "×", detail: str = "") -> Figure:
    """A figure that should not be above its goal."""
    told, wanted = f"{_round(value)} {unit}".strip(), f"≤ {_round(goal)} {unit}".strip()
    return Figure(group, name, told, wanted, value <= goal, detail)


def at_least(group: str, name: str, value: float, goal: float, *, unit: str = "", detail: str = "") -> Figure:
    """A figure that should not be below its goal."""
    return Figure(
        group,
        name,
        f"{_round(value)} {unit}".strip(),
        f"≥ {_round(goal)} {unit}".strip(),
        value >= goal,
        detail,
    )


def plain(group: str, name: str, value: float, unit: str, detail: str = "") -> Figure:
    """A figure without a goal."""
    return Figure(group, name, f"{_round(value)} {unit}", detail=detail)


def table(figures: Iterable[Figure]) -> str:
    """A Markdown table, one line a figure."""
    lines = ["| | what | measured | goal | | medians |", "| --- | --- | --- | --- | --- | --- |"]
    group = ""
    for one in figures:
        shown = one.group if one.group != group else ""
        group = one.group
        lines.append(f"| {shown} | {one.name} | {one.value} | {one.goal} | {one.verdict} | {one.detail} |")
    return "\n".join(lines)


def machine() -> str:
    """What was measured on, in one paragraph."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}"
    )


def write(path: Path, figures: list[Figure], notes: list[str]) -> None:
    """Put the figures between the markers of the file; the method around them stays."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    today = datetime.now(UTC).date().isoformat()
    told = "\n".join(f"- {note}" for note in [f"Measured on {today} on {machine()}.", *notes])
    path.write_text(f"{before}{BEGIN}\n\n{told}\n\n{table(figures)}\n\n{END}{after}", encoding="utf-8")


def _round(value: float) -> str:
    return (
        f"{value:,.0f}"
        if abs(value) >= 100 or value == int(value)
        else f"{value:.2f}"
        if abs(value) < 10
        else f"{value:.1f}"
    )
