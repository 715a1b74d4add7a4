"""The long storm: `make chaos`, or `make chaos ARGS="--phones 12 --minutes 10 --seed 3"`."""

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from handbook import migrations
from tests.chaos.storm import Storm
from tests.conftest import make_settings


def main(arguments: list[str]) -> int:
    """0 when nothing was lost or doubled; prints the seed first, so that a storm can be had again."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--phones", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    chosen = parser.parse_args(arguments)
    print(f"seed {chosen.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="handbook-chaos-") as folder:
        settings = make_settings(Path(folder))
        migrations.upgrade(settings)
        storm = Storm(settings, chosen.seed, phones=chosen.phones, seconds=chosen.minutes * 60)
        found = storm.run()
    print(found)
    for name, why in storm.skipped.items():
        print(f"left out: {name}: {why}")
    print("nothing lost, nothing doubled" if found.clean else "FAULTS, see above")
    return 0 if found.clean else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
