"""What a web server loads: ``handbook.wsgi:app``."""

from handbook.app import create_app

app = create_app()
