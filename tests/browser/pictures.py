"""The README's pictures, taken from the demo with the network cut where they say so: ``make pictures``."""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.harness import ROOT, Phone, Server, eventually

FOLDER = ROOT / "docs/pictures"
DISPLAY = "(kept) => localStorage.setItem('hb-display', kept)"


def main() -> int:
    """Take them all; at phone size, twice the pixels would only make the page heavy."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        server = Server(folder)
        server.extra["HANDBOOK_DEMO"] = "true"
        links = dict(re.findall(r"^enrol {2}(\w+) {2}.* {2}(http\S+)$", server.run("demo", "--no-serve"), re.MULTILINE))
        server.start()
        phone = Phone(playwright, server, folder / "profile")
        try:
            _take(phone, links["member"])
        finally:
            phone.context.close()
            server.kill()
    return 0


def _take(phone: Phone, link: str) -> None:
    phone.go("/identity/sign-in")
    _shoot(phone, "sign-in")
    phone.enrol(link)
    phone.go("/")
    phone.ready()
    _shoot(phone, "home")
    phone.server.kill()
    phone.go("/library/?q=ky+nang+so")
    eventually(phone.sync_state, "offline")
    _shoot(phone, "library-offline")
    phone.page.locator("main li .row__title a").first.click()
    phone.page.wait_for_url(lambda url: "?" not in url)
    phone.evaluate(DISPLAY, '{"theme": "dark", "text": "l"}')
    phone.reload()
    eventually(phone.sync_state, "offline")
    _shoot(phone, "reader-dark")


def _shoot(phone: Phone, name: str) -> None:
    phone.evaluate("document.fonts.ready")
    phone.page.screenshot(path=str(FOLDER / f"{name}.png"))
    print(f"docs/pictures/{name}.png")


if __name__ == "__main__":
    sys.exit(main())
