"""Where the files beside the code are: inside an installed package, or at the top of a checkout."""

from pathlib import Path

import handbook

_PACKAGE = Path(handbook.__file__).parent


def folder(name: str) -> Path:
    """The folder called ``name`` (``templates``, ``static``).

    Raises FileNotFoundError when neither the package nor the checkout has it."""
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"no folder {name!r} beside the package")
