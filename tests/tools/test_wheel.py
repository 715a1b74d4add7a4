"""The wheel alone, in an empty environment in another place: it migrates, serves and speaks both languages."""

import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import KEYS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def run(command: list[str | Path], **options: object) -> str:
    """The command's output; a failure shows all that it said."""
    done = subprocess.run([str(x) for x in command], capture_output=True, text=True, timeout=300, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that holds the wheel; its dependencies are lent by the one that runs the tests.

    Lending is by a .pth line, whose own .pth files Python does not read: so this tree's editable install
    stays out of sight."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run([*PIP, "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, ROOT])
    [wheel] = folder.glob("handbook-*.whl")
    run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"])
    [site] = (folder / "venv").glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = folder / "venv/bin/python"
    run([*PIP, "--python", python, "install", "-q", "--no-deps", "--no-index", "--no-compile", wheel])
    assert str(site) in run([python, "-c", "import handbook; print(handbook.__file__)"], cwd=folder)
    return folder


@pytest.fixture(scope="module")
def environment(elsewhere: Path) -> dict[str, str]:
    """Settings for a real start, not the demo's; nothing of the developer's environment."""
    keys = {f"HANDBOOK_{name.upper()}": value for name, value in KEYS.items()}
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(elsewhere),
        "HANDBOOK_DATABASE_URL": f"sqlite:///{elsewhere}/data/handbook.db",
        "HANDBOOK_DATA_DIR": str(elsewhere / "data"),
        "HANDBOOK_ORIGIN": f"http://localhost:{port}",
        **keys,
    }


@pytest.fixture(scope="module")
def address(elsewhere: Path, environment: dict[str, str]) -> Iterator[str]:
    """A migrated, serving handbook."""
    handbook, origin = elsewhere / "venv/bin/handbook", environment["HANDBOOK_ORIGIN"]
    run([handbook, "db", "upgrade"], cwd=elsewhere, env=environment)
    port = origin.rpartition(":")[2]
    log = (elsewhere / "log").open("w+")
    command = [handbook, "serve", "--port", port]
    server = subprocess.Popen(command, cwd=elsewhere, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{origin}/up").close()
                break
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail(f"no answer\n{(elsewhere / 'log').read_text()}")
        yield origin
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def fetch(url: str, **headers: str) -> tuple[int, str, str]:
    """Status, type and text of an answer."""
    request = urllib.request.Request(url, headers={"Accept": "text/html", **headers})
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers["Content-Type"], answer.read().decode()


def test_it_says_its_version(elsewhere: Path, environment: dict[str, str]) -> None:
    told = run([elsewhere / "venv/bin/handbook", "--version"], cwd=elsewhere, env=environment)
    assert told.strip()[0].isdigit()


def test_it_refuses_to_start_without_keys(elsewhere: Path) -> None:
    done = subprocess.run(
        [elsewhere / "venv/bin/handbook", "serve"], cwd=elsewhere, env={}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "HANDBOOK_SECRET_KEY: is not set" in done.stderr


def test_pages_come_with_their_templates(address: str) -> None:
    status, kind, text = fetch(f"{address}/")
    assert (status, kind.partition(";")[0]) == (200, "text/html")
    assert '<html lang="vi"' in text and "/static/dist/handbook.css" in text


def test_both_languages_are_inside(address: str) -> None:
    vietnamese, english = (fetch(f"{address}/", Cookie=f"hb-language={language}")[2] for language in ("vi", "en"))
    assert '<html lang="en"' in english
    assert "Đăng nhập" in vietnamese and "Đăng nhập" not in english


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/static/dist/handbook.css", "text/css"),
        ("/static/dist/app.js", "text/javascript"),
        ("/static/dist/icons.svg", "image/svg+xml"),
        ("/sw.js", "text/javascript"),
        ("/manifest.webmanifest", "application/manifest+json"),
    ],
)
def test_what_the_browser_needs_is_inside(address: str, path: str, kind: str) -> None:
    status, told, text = fetch(address + path)
    assert (status, told.partition(";")[0]) == (200, kind)
    assert len(text) > 100
