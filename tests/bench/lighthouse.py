"""Lighthouse on the handbook's pages and on the floor page, in the same run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tools import frontend

VERSION = "13.5.0"
_DRIVER = Path(__file__).with_suffix(".mjs")


@dataclass(frozen=True)
class Judged:
    """One page's medians; ``lcp`` and ``blocking`` in ms, ``failing`` are audits that cost points."""

    performance: float
    accessibility: float
    practices: float
    lcp: float
    blocking: float
    failing: tuple[str, ...]


def judge(pages: list[dict[str, Any]], *, runs: int, folder: Path) -> dict[str, Judged]:
    """Each page ``runs`` times. A page is ``{name, url, cookie: {name, value}?}``.

    Raises RuntimeError when Lighthouse could not load one, or was led to another."""
    node = frontend.find_node(install=True)
    _install(node, folder)
    chrome = os.environ.get("HANDBOOK_TEST_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    order = json.dumps({"chrome": chrome, "runs": runs, "pages": pages})
    command = [node.program, str(_DRIVER), str(folder), order]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=node.environment(), text=True, check=True)
    found = _grouped(done.stdout.splitlines(), {page["name"]: page["url"] for page in pages})
    return {name: _judged(rounds) for name, rounds in found.items()}


def _grouped(lines: list[str], urls: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        one = json.loads(line)
        if one["error"] or one["shown"].split("?")[0] != urls[one["name"]]:
            raise RuntimeError(f"lighthouse did not see {urls[one['name']]}: {one['error'] or one['shown']}")
        found[one["name"]].append(one)
    return found


def _judged(rounds: list[dict[str, Any]]) -> Judged:
    def middle(name: str) -> float:
        return median(one[name] for one in rounds)

    failing = tuple(sorted({audit for one in rounds for audit in one["failing"]}))
    return Judged(
        middle("performance"),
        middle("accessibility"),
        middle("practices"),
        middle("lcp"),
        middle("blocking"),
        failing,
    )


def _install(node: frontend.Node, folder: Path) -> None:
    """Put Lighthouse into a folder outside of the source; it is no dependency of the handbook."""
    manifest = folder / "node_modules/lighthouse/package.json"
    if manifest.is_file() and json.loads(manifest.read_text())["version"] == VERSION:
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n')
    command = [
        *node.npm,
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        f"lighthouse@{VERSION}",
    ]
    subprocess.run(command, cwd=folder, env=node.environment(), check=True)
