"""The application: every feature, in order, by name."""

from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, g, request
from flask.sessions import SessionInterface
from flask_babel import Babel, get_domain
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from handbook.core.db import Database
from handbook.core.ids import new_id
from handbook.core.resources import folder
from handbook.core.settings import Settings, load
from handbook.web import (
    access,
    admission,
    assets,
    boxed,
    errors,
    headers,
    language,
    origin,
    pages,
    parsing,
    receipts,
    site,
    transaction,
)
from handbook.web.words import WORDS

FEATURES = ("organisation", "identity", "library", "reports", "receipts", "rescue", "offline", "home")
_LARGEST_BODY = 2 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application for ``settings``, or for the environment.

    Opens no connection. Raises SettingsError, and AccessUndeclared when a route does not say who may enter."""
    settings = settings or load()
    app = transaction.TransactionalFlask("handbook", static_folder=None, template_folder=str(folder("templates")))
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=_LARGEST_BODY,
        SECRET_KEY=settings.secret_key.get_secret_value(),
        TRUSTED_HOSTS=[urlsplit(settings.origin).hostname],
        BABEL_DEFAULT_LOCALE=language.LANGUAGES[0],
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parent / "translations"),
        COMPRESS_MIMETYPES=["text/html", "application/json", "application/manifest+json"],
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_LEVEL=5,
    )
    app.extensions["handbook.settings"] = settings
    app.extensions["handbook.database"] = Database(settings)
    app.extensions["handbook.words"] = dict(WORDS)
    app.extensions["handbook.acts"] = {}
    app.session_interface = _NoCookieSession()
    Babel(app, locale_selector=language.chosen)
    _translate_templates(app)
    Compress(app)
    pages.init_app(app)
    errors.init_app(app)
    assets.init_app(app)
    app.register_blueprint(site.pages)
    app.register_blueprint(language.pages)
    if settings.demo:
        app.register_blueprint(site.design)
    for feature in FEATURES:
        _register(app, feature)
    _surround(app)
    access.check(app)
    app.wsgi_app = boxed.Unboxing(app.wsgi_app, settings)  # type: ignore[method-assign]  # as Flask documents it
    admission.init_app(app, settings)
    if settings.proxies:
        _stand_behind(app, settings.proxies)
    return app


def _stand_behind(app: Flask, proxies: int) -> None:
    """Take the reader's address and scheme from so many proxies in front, and never the host."""
    behind = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)
    app.wsgi_app = behind  # type: ignore[method-assign]  # as Flask documents it


def _surround(app: Flask) -> None:
    """What each request passes on its way to the view, in this order, and what is done after it."""
    for step in (_begin, origin.check, parsing.check_address, receipts.check, access.enforce):
        app.before_request(step)
    app.after_request(headers.add)
    app.teardown_request(transaction.close)


def _begin() -> None:
    g.request_id = request.headers.get("X-Request-Id", "")[:40] or new_id().hex


class _NoCookieSession(SessionInterface):
    """Flask's signed cookie is neither read nor set: whoever is signed in has a row (see identity), and forms need none.

    What is put into ``flask.session`` by mistake raises."""

    def open_session(self, app: Flask, request: Request) -> None:
        return None


def _translate_templates(app: Flask) -> None:
    """Look the catalogue up once a request: Flask-Babel does it for each of the fifty words of a page."""

    def catalogue() -> Any:
        if "catalogue" not in g:
            g.catalogue = get_domain().get_translations()
        return g.catalogue

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # comes with jinja2.ext.i18n
        gettext=lambda text: catalogue().ugettext(text),
        ngettext=lambda one, many, number: catalogue().ungettext(one, many, number),
        newstyle=True,
    )


def _register(app: Flask, feature: str) -> None:
    """The feature's pages, staff pages, words and loader, whichever of these rooms it has."""
    for room in ("views", "staff", "words", "loader"):
        name = f"handbook.{feature}.{room}"
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if error.name == name:
                continue
            raise
        if room == "words":
            app.extensions["handbook.words"].update(module.WORDS)
            app.extensions["handbook.acts"].update(getattr(module, "ACTS", {}))
        elif room == "loader":
            module.init_app(app)
        else:
            app.register_blueprint(module.pages if room == "views" else module.staff)
