"""Measure everything and print ratios: `make bench`, or `make bench ARGS="--short --only serving"`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.bench import ceremonies, databases, offline, phone, returning, serving, storm, texts
from tests.bench.figures import Figure, machine, plain, table, write
from tests.bench.lighthouse import VERSION
from tests.bench.processes import Server
from tests.bench.subject import Imported, Subject

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "var/bench"
PARTS = ("serving", "sign-in", "bytes", "lighthouse", "phone", "storm", "return", "postgres")
MEMBERS = 64


def main(arguments: list[str]) -> None:
    """Measure, print, and write if asked to. A missed goal is told, not an error."""
    chosen = _parse(arguments)
    WORK.mkdir(parents=True, exist_ok=True)
    busy = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=WORK) as scratch:
        figures = _on_sqlite(chosen, Path(scratch))
    if {"postgres", "storm"} & set(chosen.only):
        with tempfile.TemporaryDirectory(dir=WORK) as scratch:
            figures += _on_postgres(chosen, Path(scratch))
    print(f"\n{machine()}\n\n{table(figures)}")
    if chosen.write:
        how = f"{chosen.rounds} rounds of {chosen.seconds:g} s a target; Lighthouse {VERSION}, {chosen.runs} runs."
        load = f"Load average {busy:.1f} at the start and {os.getloadavg()[0]:.1f} at the end, our own load included."
        write(ROOT / "docs/benchmarks.md", figures, [how, load])


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="leave out the other parts")
    parser.add_argument("--rounds", type=int, default=5, help="rounds in which all targets take turns")
    parser.add_argument("--seconds", type=float, default=3, help="length of one target's turn")
    parser.add_argument("--runs", type=int, default=5, help="runs of Lighthouse for each page")
    parser.add_argument("--documents", type=int, default=1000, help="documents to import and to confirm")
    parser.add_argument("--acts", type=int, default=10_000, help="acts that the storm sends five times each")
    parser.add_argument("--phones", type=int, default=50_000, help="phones that come back after an outage")
    parser.add_argument(
        "--short", action="store_true", help="a quick look: few rounds, 100 documents, one Lighthouse run"
    )
    parser.add_argument("--write", action="store_true", help="put the figures into docs/benchmarks.md")
    chosen = parser.parse_args(arguments)
    if chosen.short:
        chosen.rounds, chosen.seconds, chosen.runs, chosen.documents = 2, 1.5, 1, 100
        chosen.acts, chosen.phones = 200, 2000
    return chosen


def _on_sqlite(chosen: argparse.Namespace, folder: Path) -> list[Figure]:
    with databases.sqlite(folder) as store:
        subject = Subject(store, folder, members=MEMBERS)
        figures = []
        if set(chosen.only) - {"storm"}:  # which reads nothing
            say(f"importing {chosen.documents} documents")
            figures += _imported(subject.import_documents(chosen.documents))
        if "serving" in chosen.only:
            say("serving from SQLite, beside the bare reference")
            figures += serving.measure(subject, folder, rounds=chosen.rounds, seconds=chosen.seconds, cheap=True)
        with subject.serve() as server:
            if "sign-in" in chosen.only:
                say("signing in")
                figures += ceremonies.measure(subject, server, ceremonies=60 if chosen.short else 240)
            if "bytes" in chosen.only:
                say("first and second visits in Chromium")
                figures += phone.measure_bytes(subject, server)
            if "lighthouse" in chosen.only:
                say("Lighthouse")
                figures += phone.measure_lighthouse(subject, folder, runs=chosen.runs)
            if "phone" in chosen.only:
                figures += offline.worker_bytes(subject)
            if "storm" in chosen.only:
                figures += _stormed(subject, server, chosen)
        return figures + _away(subject, folder, chosen)


def _away(subject: Subject, folder: Path, chosen: argparse.Namespace) -> list[Figure]:
    """What starts and stops the server by itself."""
    figures = []
    if "phone" in chosen.only:
        say("a phone without a server, four times slower")
        figures += offline.measure(subject, folder, runs=chosen.runs)
    if "return" in chosen.only:
        say(f"{chosen.phones} phones come back after an outage")
        figures += returning.measure(subject, phones=chosen.phones, seconds=chosen.seconds)
    return figures


def _stormed(subject: Subject, server: Server, chosen: argparse.Namespace) -> list[Figure]:
    say(f"{chosen.acts} acts, each sent {storm.TRIES} times at once, to {subject.store.name}")
    return storm.measure(subject, server, acts=chosen.acts)


def _on_postgres(chosen: argparse.Namespace, folder: Path) -> list[Figure]:
    figures = []
    with databases.postgres(folder) as store:
        subject = Subject(store, folder, members=MEMBERS)
        if "postgres" in chosen.only:
            say("serving from PostgreSQL, its own CPU included")
            subject.import_documents(min(chosen.documents, 200))
            figures += serving.measure(subject, folder, rounds=chosen.rounds, seconds=chosen.seconds, cheap=False)
        if "storm" in chosen.only:
            with subject.serve() as server:
                figures += _stormed(subject, server, chosen)
    return figures


def _imported(imported: Imported) -> list[Figure]:
    count, group = imported.documents, "import"
    detail = f"{count} Markdown files with {texts.ARTICLES} articles each, one command, its start included"
    return [
        plain(group, "CPU of a document", imported.cpu_seconds / count * 1000, "ms", detail),
        plain(group, f"CPU of {count} documents", imported.cpu_seconds, "s"),
        plain(group, "documents", count / imported.seconds, "/s"),
    ]


def say(words: str) -> None:
    """Tell whoever waits what comes now."""
    print(f"\033[1m==> {words}\033[0m", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
