"""All that can be said about the code without running it: style, types, imports, templates, words, locks.

Usage: python tools/check.py
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import translations

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

COMMANDS = {
    "lint": ["ruff", "check", "--quiet", "."],
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "types": ["mypy", "--no-error-summary"],
    "import contracts": ["lint-imports", "--no-logo"],
    "templates": ["djlint", "--lint", "--quiet", "templates"],
}


def lock_faults(root: Path = ROOT) -> Iterator[str]:
    """Addresses in the lock files: a lock names packages and hashes, the machine knows where to get them."""
    for path in sorted(root.glob("requirements*.lock")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if "://" in line or line.startswith(("-i", "--index", "--extra", "--find")):
                yield f"{path.name}:{number}: names a place to fetch from: {line.strip()}"
    for number, line in enumerate((root / "package-lock.json").read_text().splitlines(), 1):
        if '"resolved"' in line:
            yield f"package-lock.json:{number}: names a place to fetch from: {line.strip()}"


def word_faults() -> list[str]:
    """Missing and stale translations of every language."""
    return [fault for language in translations.LANGUAGES for fault in translations.faults(ROOT, language)]


def run(command: list[str]) -> str:
    """What the command has to complain of; empty when it is content."""
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    return (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"


def main() -> int:
    """Run them all, however many fail; 1 when one did."""
    checks: dict[str, Callable[[], str]] = {name: partial(run, command) for name, command in COMMANDS.items()}
    checks["translations"] = lambda: "\n".join(word_faults())
    checks["locks"] = lambda: "\n".join(lock_faults())
    failed = []
    for name, check in checks.items():
        began = time.monotonic()
        found = check()
        print(f"{'FAILED' if found else 'ok':8}{name} ({time.monotonic() - began:.1f} s)", flush=True)
        if found:
            print(found + "\n", flush=True)
            failed.append(name)
    print(f"check: {'failed: ' + ', '.join(failed) if failed else 'all good'}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
