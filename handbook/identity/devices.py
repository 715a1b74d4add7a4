"""What a browser tells of itself: a name to tell one's own devices apart, and whether it stands on a desk; no more."""

from __future__ import annotations

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("CocCoc", "Cốc Cốc"),
    ("coc_coc", "Cốc Cốc"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


_DESKS = frozenset({"Windows", "Mac", "ChromeOS", "Linux"})


def label(user_agent: str) -> str:
    """``Chrome · Android`` out of a browser's own description; unknown ones are ``?``."""
    return f"{_first(_BROWSERS, user_agent)} · {_first(_SYSTEMS, user_agent)}"


def at_desk(user_agent: str) -> bool:
    """Whether it is a computer, where most members have no passkey and use the one on their phone."""
    return _first(_SYSTEMS, user_agent) in _DESKS


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in known if sign in user_agent), "?")
