"""The tree as the guards see it: which files are ours to judge."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
PACKAGE = ROOT / "handbook"
# Shared by all features; every other folder of templates/ belongs to the feature of its name.
SHARED_TEMPLATES = ("layouts", "components", "errors")


def python_files(*folders: str) -> Iterator[Path]:
    """Python written by hand in these folders; migration steps are records, not code that is kept up."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "versions" not in path.parts and "__pycache__" not in path.parts:
                yield path


def template_names() -> list[str]:
    """All templates, by the name under which they are rendered."""
    return sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def strings_in(path: Path) -> Iterator[str]:
    """Every string constant of a Python file, also the fixed parts of f-strings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def relative(path: Path) -> str:
    """A path as it is told to whoever broke the rule."""
    return path.relative_to(ROOT).as_posix()
