"""The server that browser journeys meet: the real application behind a gateway that can misbehave.

Reads ``gateway.json`` beside the database at each request: for each path one of ``{"status": 500, "headers": {…}}``,
``{"location": "/…"}``, ``{"member": tag}``, ``{"delay": seconds}``, ``{"lose": true}``, or ``{"lose": "POST"}`` of that
method alone. Writes each request's method, path and query to ``requests.log``.
"""

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from handbook.app import create_app
from handbook.cli import Server, main
from handbook.core.settings import load


class Gateway:
    """What stands between the phone and the application."""

    def __init__(self, app: Any, folder: Path) -> None:
        self.app, self.folder = app, folder

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        with (self.folder / "requests.log").open("a") as log:
            log.write(f"{environ['REQUEST_METHOD']} {path}?{environ['QUERY_STRING']}".rstrip("?") + "\n")
        fault = self._faults().get(path, {})
        time.sleep(fault.get("delay", 0))
        if "status" in fault:
            headers = {"Content-Type": "text/html", "X-Handbook": "1", **fault.get("headers", {})}
            start_response(f"{fault['status']} Fault", list(headers.items()))
            return [b"<h1>fault</h1>"]
        if fault.get("lose") in (True, environ["REQUEST_METHOD"]):
            return self._lose(environ)
        if "location" in fault:
            start_response("303 See Other", [("Location", fault["location"])])
            return [b""]

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if "member" in fault:
                headers = [(n, v) for n, v in headers if n != "X-Handbook-Member"]
                headers.append(("X-Handbook-Member", fault["member"]))
            return start_response(status, headers, *rest)

        return self.app(environ, start)

    def _lose(self, environ: dict[str, Any]) -> Iterable[bytes]:
        """The application does its work to the end, and the line is cut before anybody hears of it."""
        list(self.app(environ, lambda *_: None))
        environ["gunicorn.socket"].shutdown(socket.SHUT_RDWR)
        raise StopIteration

    def _faults(self) -> dict[str, dict[str, Any]]:
        file = self.folder / "gateway.json"
        return json.loads(file.read_text()) if file.exists() else {}


class Behind(Server):
    """gunicorn as ``handbook serve`` runs it, with the gateway in front."""

    def load(self) -> Any:
        return Gateway(create_app(self.settings), self.settings.data_dir)


def run(tree: Path, environment: dict[str, str], log: Path, words: list[str]) -> None:
    """In a process made for it: ``gateway PORT``, or ``handbook …`` at the command line. Another tree than the one that
    is loaded here is loaded from the beginning."""
    os.setsid()
    with log.open("a") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(tree)
    if not Path(__file__).is_relative_to(tree):
        os.execve(sys.executable, [sys.executable, "-m", "tests.browser.gateway", *words], environment)
    os.environ.clear()
    os.environ.update(environment)
    obey(words)


def obey(words: list[str]) -> None:
    """What stands on the command line, in this process."""
    sys.argv[1:] = words
    if words[0] == "gateway":
        Behind(load(), f"localhost:{words[1]}").run()
    else:
        main()


if __name__ == "__main__":
    obey(sys.argv[1:])
