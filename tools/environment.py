"""Makes the virtual environment, or says in a sentence why it cannot. Runs on the machine's own Python.

Usage: python3 tools/environment.py .venv
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)


def has_pip(folder: Path) -> bool:
    """Whether `folder` holds an environment that can install packages."""
    python = folder / "bin/python"
    if not python.exists():
        return False
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


def make(folder: Path) -> None:
    """Create the environment in `folder` unless it is there. Raises SystemExit with the cure in words."""
    if has_pip(folder):
        return
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:2]))
        raise SystemExit(f"Python 3.11 or newer is needed, this is {found}; try: make PYTHON=python3.11 …")
    print(f"\033[1m==> making {folder} with Python {sys.version.split()[0]}\033[0m", flush=True)
    # --clear: what an earlier, interrupted attempt left behind is not worth mending.
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", folder], capture_output=True, text=True)
    if made.returncode == 0:
        return
    if "ensurepip" in made.stdout + made.stderr:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        apt = ["apt-get", "install", "-y", "--no-install-recommends", f"python{version}-venv"]
        raise SystemExit(f"Python's venv is not complete on this machine. On Debian: {' '.join(apt)}")
    sys.stderr.write(made.stdout + made.stderr)
    raise SystemExit(f"{folder} could not be made")


if __name__ == "__main__":
    os.umask(0o022)
    make(Path(sys.argv[1]))
