"""Writes docs/settings.md from the fields of Settings, so that the page cannot fall behind the code."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined

from handbook.core.settings import Settings

PAGE = Path(__file__).resolve().parent.parent / "docs/settings.md"
HEAD = """# Settings

Everything is set by variables of the environment. A missing or unusable value stops the start with one line
that says which and why. `handbook demo` sets what it needs by itself. This page is written by
`make settings-page` from `handbook/core/settings.py`.

| variable | default | meaning |
| --- | --- | --- |
"""


def shown(default: Any) -> str:
    """A default as an operator would type it."""
    if default is PydanticUndefined:
        return "**must be set**"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    text = str(default.value if isinstance(default, Enum) else default)
    return f"`{text}`" if text else "empty"


def page() -> str:
    """The whole page."""
    prefix = str(Settings.model_config["env_prefix"])
    rows = []
    for name, field in Settings.model_fields.items():
        if not field.description:
            raise SystemExit(f"settings: {name} has no description")
        rows.append(f"| `{(prefix + name).upper()}` | {shown(field.default)} | {field.description} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(f"settings: {PAGE.name} written")
