"""Servers as processes of their own: started, waited for, weighed and stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_START_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A running server. ``also`` are processes that work for it: a database server."""

    pid: int
    port: int
    also: tuple[int, ...] = ()
    log: Path = field(default_factory=Path)

    def cpu_seconds(self) -> float:
        """CPU time so far of the whole tree, user and system, children that have ended included."""
        return cpu_seconds(self.pid, *self.also)

    def memory_mb(self) -> float:
        """Proportional share of memory (PSS) of the server's own tree, in MiB: what is shared counts once."""
        return sum(_pss_kb(pid) for pid in tree(self.pid)) / 1024


@contextmanager
def served(
    command: list[str], port: int, *, log: Path, env: dict[str, str] | None = None, also: tuple[int, ...] = ()
) -> Iterator[Server]:
    """Run a server until the block ends. Raises RuntimeError with its log when it does not answer /up in time."""
    with (
        log.open("wb") as out,
        subprocess.Popen(command, env={**os.environ, **(env or {})}, stdout=out, stderr=subprocess.STDOUT) as process,
    ):
        try:
            _wait(process, port, log)
            yield Server(process.pid, port, also, log)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(*roots: int) -> float:
    """CPU time of process trees, with what their ended children used."""
    return sum(_own_ticks(pid) for root in roots for pid in tree(root)) / _TICKS


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://localhost:{port}/up", timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"no answer from {process.args!r}:\n{log.read_text(errors='replace')[-3000:]}")


def _stat(pid: int) -> list[str]:
    """Fields of /proc/<pid>/stat from the state on; nothing once the process has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def tree(root: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (fields := _stat(int(name))):
            children.setdefault(int(fields[1]), []).append(int(name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def _own_ticks(pid: int) -> int:
    return sum(int(ticks) for ticks in _stat(pid)[11:15])


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
