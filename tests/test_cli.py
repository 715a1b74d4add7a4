"""The handbook as it is really served: a process of its own, asked over its port."""

import http.client
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from handbook.core.settings import Settings
from tests.bench import processes
from tests.conftest import KEYS


@pytest.fixture
def port(own_settings: Settings, tmp_path: Path) -> Iterator[int]:
    """Where `handbook serve` listens."""
    port = processes.free_port()
    values = {**KEYS, "database_url": own_settings.database_url, "data_dir": str(tmp_path)}
    values |= {"origin": f"http://localhost:{port}", "workers": "1"}
    env = {**os.environ, **{f"HANDBOOK_{name.upper()}": value for name, value in values.items()}}
    command = [str(Path(sys.executable).with_name("handbook")), "serve", "--port", str(port)]
    with processes.served(command, port, log=tmp_path / "log", env=env):
        yield port


def test_no_answer_says_what_serves_it(port: int) -> None:
    for path, status in (("/up", 200), ("/identity/sign-in", 200), ("/nowhere", 404), ("/sw.js", 200)):
        connection = http.client.HTTPConnection("localhost", port, timeout=10)
        connection.request("GET", path)
        answer = connection.getresponse()
        connection.close()
        assert answer.status == status
        assert answer.headers["Date"] and answer.headers["X-Handbook"]
        assert answer.headers["Server"] is None
