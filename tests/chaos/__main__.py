"""A long storm at will: `make chaos ARGS="--phones 12 --minutes 5 --seed 7"`. Prints the seed and what was found.

On PostgreSQL with HANDBOOK_TEST_DB=postgres, as the tests. What it leaves behind is kept when the judge finds fault.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import frontend

from handbook import migrations
from tests.chaos.server import ROOT
from tests.chaos.storm import BUGS, Storm
from tests.conftest import fresh_databases


def main() -> int:
    """0 when the judge finds no fault."""
    asked = _arguments()
    frontend.install_packages(frontend.find_node(install=True), ROOT)
    folder = Path(tempfile.mkdtemp(prefix="handbook-chaos-"))

    def new_folder(name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder))

    print(f"chaos: seed {asked.seed}, {asked.phones} phones, {asked.minutes:g} min", flush=True)
    began = time.monotonic()
    with contextmanager(fresh_databases)(new_folder) as new_database:
        settings = new_database()
        migrations.upgrade(settings)
        storm = Storm(settings, asked.seed, phones=asked.phones, seconds=60 * asked.minutes, bug=asked.bug)
        judgement = storm.run()
    print(judgement)
    for name, reason in storm.skipped.items():
        print(f"left out: {name} ({reason})")
    print(f"chaos: seed {asked.seed}, {time.monotonic() - began:.0f} s, {'no fault' if judgement.clean else 'FAULTS'}")
    if judgement.clean:
        shutil.rmtree(folder)
    else:
        print(f"chaos: everything is left in {folder}")
    return 0 if judgement.clean else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--phones", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--bug", choices=BUGS, default="", help="sow a bug into the phones, to see it found")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
