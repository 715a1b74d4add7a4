"""The lock files pin everything and name no place to fetch from."""

import re
import shutil
import tomllib
from pathlib import Path

import check
import pytest

from tests.house.tree import ROOT

LOCKS = ("requirements.lock", "requirements-runtime.lock", "requirements-node.lock")


def pins(name: str) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (ROOT / name).read_text(), re.M)
    return dict(found)


def wanted(requirements: list[str]) -> set[str]:
    return {re.match(r"[A-Za-z0-9._-]+", text).group().lower().replace("_", "-") for text in requirements}


def test_no_addresses() -> None:
    assert list(check.lock_faults(ROOT)) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("requirements.lock", "--extra somewhere\n"),
        ("requirements.lock", "x @ a://b\n"),
        ("package-lock.json", '"resolved": "somewhere"\n'),
    ],
)
def test_an_address_is_noticed(tmp_path: Path, file: str, line: str) -> None:
    for name in ("requirements.lock", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    with (tmp_path / file).open("a") as lock:
        lock.write(line)
    assert len(list(check.lock_faults(tmp_path))) == 1


def test_every_pin_has_a_hash() -> None:
    for name in LOCKS:
        text = (ROOT / name).read_text()
        entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.M)[1:]
        assert entries
        assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = wanted(project["project"]["dependencies"])
    for extra in project["project"]["optional-dependencies"].values():
        runtime |= wanted(extra)
    tools = set().union(*(wanted(group) for group in project["dependency-groups"].values()))
    assert runtime - set(pins("requirements-runtime.lock")) == set()
    assert (runtime | tools) - set(pins("requirements.lock")) == set()


def test_what_runs_is_what_was_tested() -> None:
    tested = pins("requirements.lock")
    assert {
        name: version for name, version in pins("requirements-runtime.lock").items() if tested.get(name) != version
    } == {}
