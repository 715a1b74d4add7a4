"""A route that does not say who may enter stops the start."""

import pytest
from flask import Flask

from handbook.web import access


def test_a_silent_route_is_named(small: Flask) -> None:
    small.add_url_rule("/silent", "silent", lambda: "")
    with pytest.raises(access.AccessUndeclared, match="silent"):
        access.check(small)


def test_the_application_declares_every_route(small: Flask) -> None:
    access.check(small)
