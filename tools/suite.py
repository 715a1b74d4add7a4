"""Runs every test: the worker's in Node, Python's on PostgreSQL, then all of them with a browser on SQLite.

The whole of pytest comes last, so that its closing line is the last one. Arguments go to pytest and leave
out the other two runs.

Usage: python tools/suite.py [PYTEST_ARGUMENT…]
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import browser
import frontend

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5  # pytest's code for "nothing was selected"


def say(words: str) -> None:
    """Tell whoever waits what comes now."""
    print(f"\033[1m==> {words}\033[0m", flush=True)


def worker_tests() -> bool:
    """The worker's pure parts, under Node's own runner."""
    files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/js/**/*.test.*js"))
    if not files:
        return True
    say("tests of the worker, in Node")
    node = frontend.find_node(install=True)
    frontend.install_packages(node, ROOT)
    command = [node.program, "--test", "--test-reporter=spec", *files]
    done = subprocess.run(command, cwd=ROOT, env=node.environment(), capture_output=True, text=True)
    # Every single test is only of interest when one fails.
    print(" ".join(re.findall(r"(?:pass|fail) \d+", done.stdout)) if done.returncode == 0 else done.stdout)
    return done.returncode == 0


def pytest(arguments: list[str], database: str = "") -> bool:
    """One run of pytest, spread over the machine's cores; `database` as tests/conftest.py understands it."""
    environment = dict(os.environ)
    if database:
        environment["HANDBOOK_TEST_DB"] = database
    # Journeys wait now and then, for a page or for a time to come: one worker more than there are cores fills these gaps.
    # Whoever is done takes from whoever is not, so that no core is idle towards the end.
    spread = ["-n", str(min(os.cpu_count() or 1, 4) + 1), "--dist", "worksteal"]
    command = [sys.executable, "-m", "pytest", "-q", *spread, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode in (0, NO_TESTS)


def main(arguments: list[str]) -> int:
    """0 when everything passed."""
    say(f"browser for the tests: {browser.ensure()}")
    if arguments:
        return 0 if pytest(arguments) else 1
    failed = [] if worker_tests() else ["tests of the worker"]
    say("tests on PostgreSQL (without the browser)")
    if not pytest(["-m", "not browser and not slow"], database="postgres"):
        failed.append("tests on PostgreSQL")
    say("all tests on SQLite")
    if not pytest([]):
        failed.append("tests on SQLite")
    if failed[:-1] or (failed and failed[-1] != "tests on SQLite"):
        print(f"also failed, further up: {', '.join(x for x in failed if x != 'tests on SQLite')}")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"tests: {' '.join(map(str, error.cmd))} failed") from None
    raise SystemExit(code)
