"""Loaded once in the process from which the journeys' servers are forked, so that a server starts in no time."""

from pathlib import Path
from tempfile import TemporaryDirectory

from handbook.app import create_app
from tests.browser import gateway
from tests.conftest import make_settings

with TemporaryDirectory() as folder:
    app = create_app(make_settings(Path(folder)))  # loads every feature
app.jinja_env.bytecode_cache = gateway.COMPILED
for name in app.jinja_env.list_templates():
    app.jinja_env.get_template(name)
