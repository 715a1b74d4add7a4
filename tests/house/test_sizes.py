"""Files and functions stay small enough to be read in one go."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import ROOT, python_files, relative

LONGEST_FUNCTION = 40
# Aim at 300 for code; what goes beyond 400 is two things in one file.
LIMITS = [
    (("handbook/**/*.py", "tools/*.py", "tools/*.mjs", "tests/**/*.py", "tests/**/*.js"), 400),
    (("service_worker/**/*.js", "static/js/**/*.js", "static/css/**/*.css"), 400),
    (("templates/**/*.html",), 120),
    (("tests/**/conftest.py",), 200),
]


def too_long(root: Path, patterns: tuple[str, ...], limit: int) -> list[str]:
    found = []
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            lines = path.read_text(encoding="utf-8").count("\n")
            if lines > limit and "versions" not in path.parts:
                found.append(f"{path.relative_to(root).as_posix()}: {lines} lines")
    return found


def long_functions(path: Path) -> list[str]:
    """Functions longer than allowed, their docstring not counted."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            lines = node.end_lineno - node.lineno + 1 - (docstring.count("\n") + 1 if docstring else 0)
            if lines > LONGEST_FUNCTION:
                found.append(f"{path.name}:{node.lineno} {node.name}: {lines} lines")
    return found


@pytest.mark.parametrize(("patterns", "limit"), LIMITS)
def test_files(patterns: tuple[str, ...], limit: int) -> None:
    assert too_long(ROOT, patterns, limit) == []


def test_functions() -> None:
    assert {
        relative(path): found for path in python_files("handbook", "tools") if (found := long_functions(path))
    } == {}


def test_a_long_file_and_a_long_function_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("def f():\n" + "    x = 1\n" * 41)
    assert long_functions(path) == ["long.py:1 f: 42 lines"]
    assert too_long(tmp_path, ("*.py",), 41) == ["long.py: 42 lines"]
    assert too_long(tmp_path, ("*.py",), 42) == []
