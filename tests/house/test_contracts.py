"""The import contracts hold, and each of them is seen to notice a break of it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

pytestmark = pytest.mark.slow

# Where a forbidden import is put, what is put there, and which contract must complain.
BREAKS = {
    "upwards": (
        "handbook/organisation/queries.py",
        "import handbook.library.queries",
        "Imports go down only",
    ),
    "policy asks a feature": (
        "handbook/policy/decide.py",
        "import handbook.audit.rules",
        "Imports go down only",
    ),
    "a room with no place": ("handbook/helpers/__init__.py", "", "Imports go down only"),
    "queries use rules": ("handbook/library/queries.py", "import handbook.library.rules", "Inside a feature"),
    "views use staff pages": (
        "handbook/library/views.py",
        "import handbook.library.staff",
        "Inside a feature",
    ),
    "a rule knows Flask": ("handbook/library/forms.py", "import flask", "Rules know neither Flask"),
    "forms as data know Flask": ("handbook/questions/program.py", "import flask", "Rules know neither Flask"),
    "forms as data ask a feature": (
        "handbook/questions/evaluation.py",
        "import handbook.organisation.queries",
        "Imports go down only",
    ),
    "terms ask the forms": ("handbook/periods/due.py", "import handbook.questions.values", "Imports go down only"),
    "core knows pages": ("handbook/core/text.py", "import werkzeug", "Rules know neither Flask"),
    "a query knows pages": (
        "handbook/library/queries.py",
        "import handbook.web.pages",
        "Rules know neither Flask",
    ),
    "another's pages": (
        "handbook/library/views.py",
        "import handbook.identity.views",
        "Nobody uses another's",
    ),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_contracts_hold() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("case", BREAKS)
def test_a_break_is_noticed(tmp_path: Path, case: str) -> None:
    place, line, contract = BREAKS[case]
    shutil.copytree(ROOT / "handbook", tmp_path / "handbook", ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = lint_imports(tmp_path)
    assert done.returncode == 1
    assert [x for x in done.stdout.splitlines() if x.startswith(contract) and x.endswith("BROKEN")], done.stdout
