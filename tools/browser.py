"""Finds a Chromium for the browser tests, and installs one where there is none.

Usage: python tools/browser.py (prints its path)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import frontend

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")


def mend_playwright() -> None:
    """Give Playwright a Node that runs: the one it brings wants libatomic, which a bare Debian has not."""
    if os.environ.get("PLAYWRIGHT_NODEJS_PATH"):
        return
    import playwright

    own = Path(playwright.__file__).parent / "driver" / ("node.exe" if os.name == "nt" else "node")
    try:
        runs = subprocess.run([own, "--version"], capture_output=True).returncode == 0
    except OSError:
        runs = False
    if not runs:
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = frontend.find_node(install=True).program


def playwrights_own() -> str | None:
    """The Chromium that Playwright has downloaded earlier, if any."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find() -> str | None:
    """The browser that is there: the one named in HANDBOOK_TEST_BROWSER, the machine's, or Playwright's."""
    named = os.environ.get("HANDBOOK_TEST_BROWSER")
    if named:
        if not Path(named).exists():
            raise SystemExit(f"HANDBOOK_TEST_BROWSER: there is no {named}")
        return named
    return next((path for path in map(shutil.which, NAMES) if path), None) or playwrights_own()


def install() -> None:
    """Install Chromium from the system's packages as root on Debian, through Playwright otherwise."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("tests: no Chromium on this machine, installing the system's", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
        subprocess.run([*apt, "update"], check=True, env=quiet)
        command = [*apt, "install", "-y", "--no-install-recommends", "chromium"]
        subprocess.run(command, check=True, env=quiet, stdout=subprocess.DEVNULL)
    else:
        print("tests: no Chromium on this machine, letting Playwright download one", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def ensure() -> str:
    """The path of a Chromium; os.environ then holds all that Playwright needs to drive it."""
    mend_playwright()
    path = find()
    if path is None:
        install()
        path = find()
    if path is None:
        raise SystemExit("tests: no Chromium could be installed; name one in HANDBOOK_TEST_BROWSER")
    os.environ["HANDBOOK_TEST_BROWSER"] = path
    return path


if __name__ == "__main__":
    try:
        print(ensure())
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"tests: {' '.join(map(str, failed.cmd))} failed") from None
