"""Loaded once in the process from which the journeys' servers are forked, so that a server starts in no time."""

from pathlib import Path
from tempfile import TemporaryDirectory

from handbook.app import create_app
from tests.browser import gateway as gateway
from tests.conftest import make_settings

with TemporaryDirectory() as folder:
    create_app(make_settings(Path(folder)))  # loads every feature
