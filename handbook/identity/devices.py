"""What a signed-in browser is called on the page of devices: enough to tell one's own apart, and no more."""

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


def label(user_agent: str) -> str:
    """``Chrome · Android`` out of a browser's own description; unknown ones are ``?``."""
    browser = next((name for sign, name in _BROWSERS if sign in user_agent), "?")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "?")
    return f"{browser} · {system}"
