"""The worker's own file: its bundle, and in front of it the list of public files with their revisions.

A changed style sheet changes the list, so the worker's bytes, so the browser installs the new one.
"""

import json

from flask import current_app, render_template
from flask_babel import force_locale, get_locale
from webauthn.helpers import bytes_to_base64url

from handbook.core.errors import Missing
from handbook.identity.rules.ceremonies import PRF_SALT
from handbook.offline.revisions import digest
from handbook.web import boxed, current, receipts
from handbook.web.assets import Asset, assets, packed
from handbook.web.language import LANGUAGES

PUBLIC_PAGES = {"missing": "offline/missing.html", "unlock": "offline/unlock.html"}
# Pictures for the launcher are asked for by the system, not by pages.
_PRECACHED = (".css", ".js", ".svg")


def worker() -> Asset:
    """What ``/sw.js`` answers in the language of this request. Raises Missing when the front end is not built."""
    made: dict[str, Asset] = current_app.extensions.setdefault("handbook.workers", {})
    language = str(get_locale())
    if language not in made:
        made[language] = _compose(_bundle("sw.js"), language)
    return made[language]


def kill_switch() -> Asset:
    """The worker that takes itself and the public files off the phone."""
    return _bundle("kill.js")


def public_page(name: str, language: str) -> str:
    """The page called ``name`` that every phone keeps; the same for everyone who reads ``language``. Raises Missing.

    The language is in its address: the worker fetches it without the cookie in which the choice is kept."""
    if name not in PUBLIC_PAGES or language not in LANGUAGES:
        raise Missing("not_found")
    salt = bytes_to_base64url(PRF_SALT)
    with force_locale(language):
        return render_template(PUBLIC_PAGES[name], here="/", rp_id=current.settings().rp_id, salt=salt)


def public_files(language: str) -> list[dict[str, str]]:
    """URL and revision of every file that a worker fetches when it is installed by a reader of ``language``."""
    files = {url: revision for url, revision in assets().revisions().items() if url.endswith(_PRECACHED)}
    for name in PUBLIC_PAGES:
        files[f"/offline/{name}/{language}"] = digest(public_page(name, language))
    return [{"url": url, "revision": revision} for url, revision in sorted(files.items())]


def _compose(bundle: Asset, language: str) -> Asset:
    listed = json.dumps(public_files(language), separators=(",", ":"))
    keys = {"RECEIPT": receipts.public_key(), "BOX": boxed.public_key(current.settings())}
    told = "".join(f"self.__HB_{name}_KEY={json.dumps(key)};\n" for name, key in keys.items())
    body = f"self.__HB_FILES={listed};\n{told}".encode() + bundle.body
    return Asset(body, "text/javascript; charset=utf-8", digest(body), packed(body))


def _bundle(name: str) -> Asset:
    bundle = assets().files.get(name)
    if bundle is None:
        raise Missing("not_found")
    return bundle
