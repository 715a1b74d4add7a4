"""A real server that can be killed, and a phone: one browser profile with one authenticator, which can be restarted."""

import json
import multiprocessing
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import urlopen

from playwright.sync_api import BrowserContext, Error, Page, Playwright
from sqlmodel import Session

from handbook.core.db import Database
from tests.browser import gateway
from tests.conftest import KEYS, make_settings

ROOT = Path(__file__).resolve().parents[2]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.browser.preloaded"])
# Playwright's own list of what is left out gives way to this one, so it is repeated. The last two are pages that the
# address bar keeps ready: they cost as much as all the rest of a browser that starts.
LEFT_OUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync DestroyProfileOnBrowserClose HttpsUpgrades HttpsFirstBalancedModeAutoEnable "
    "LensOverlay MediaRouter PaintHolding ThirdPartyStoragePartitioning AvoidCorsURLLoaderRestartOnRedirect "
    "OptimizationHints NetworkTimeServiceQuerying AimEnabled PreconnectToSearch WebUIOmniboxPopup WebUIOmniboxAimPopup"
).split()
FLAGS = [
    *"--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(),
    *"--disable-component-update --disable-sync".split(),
    f"--disable-features={','.join(LEFT_OUT)}",
]
AUTHENTICATOR = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
# The virtual authenticator's PRF secret is lost when its passkeys are put into another one, as every restart must.
# So what it answers for the PRF is replaced by an answer that depends on passkey, salt and this phone's secret alone;
# all else is its own. A phone with `prf="real"` keeps the authenticator's answer, one with `prf="late"` too, which comes
# only when a passkey is used and not when it is made; one with `prf="none"` has none.
PRF = """secret => {
  const bytes = text => new TextEncoder().encode(text);
  const answer = async (credential, salt) => {
    const key = await crypto.subtle.importKey("raw", bytes(secret), {name: "HMAC", hash: "SHA-256"}, false, ["sign"]);
    const said = [...bytes(credential.id), ...new Uint8Array(salt.buffer ?? salt)];
    return crypto.subtle.sign("HMAC", key, new Uint8Array(said));
  };
  for (const name of ["create", "get"]) {
    const native = navigator.credentials[name].bind(navigator.credentials);
    navigator.credentials[name] = async options => {
      const credential = await native(options);
      const salt = options.publicKey?.extensions?.prf?.eval?.first;
      if (!credential || !salt) return credential;
      const told = credential.getClientExtensionResults();
      const first = await answer(credential, salt);
      credential.getClientExtensionResults = () => ({...told, prf: {...told.prf, results: {first}}});
      return credential;
    };
  }
}"""
# Ask the worker by message, as pages do.
ASK = """message => navigator.serviceWorker.ready.then(({active}) => new Promise(resolve => {
  const {port1, port2} = new MessageChannel();
  port1.onmessage = ({data}) => resolve(data);
  active.postMessage(message, [port2]);
}))"""
# A page learns how the copy stands when it is shown, and again when it has compared it with the server's.
LEARNT = "document.addEventListener('hb:pack', () => { globalThis.learnt = (globalThis.learnt ?? 0) + 1; })"
# What the browser says of a page that another one has taken the place of.
REPLACED = ("Execution context was destroyed", "is interrupted by another navigation", "net::ERR_ABORTED")
T = TypeVar("T")


def eventually(read: Callable[[], T], wanted: T, seconds: float = 20) -> T:
    """Poll until ``read()`` gives ``wanted``; a page on its way to another may fail meanwhile."""
    end = time.monotonic() + seconds
    found: Any = None
    while time.monotonic() < end:
        try:
            found = read()
        except Exception as error:
            found = error
        if found == wanted:
            return wanted
        time.sleep(0.05)
    raise AssertionError(f"wanted {wanted!r}, still {found!r}")


def undisturbed(act: Callable[[], T]) -> T:
    """What ``act()`` gives. A page that is replaced meanwhile (it renewed itself, or was just unlocked) takes the
    question with it: then it is asked of the page that came instead."""
    while True:
        try:
            return act()
        except Error as error:
            if not any(words in error.message for words in REPLACED):
                raise


def browser_path() -> str:
    """Chromium as named by HANDBOOK_TEST_BROWSER, or found on the path."""
    found = os.environ.get("HANDBOOK_TEST_BROWSER") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "no Chromium: `make test` installs one, or set HANDBOOK_TEST_BROWSER"
    return found


@cache
def port() -> int:
    """The one port of the servers that this process starts, one after another: what a phone keeps belongs to it."""
    holder.bind(("127.0.0.1", 0))
    return int(holder.getsockname()[1])


holder = socket.socket()  # bound and never listening: nobody else is given the port while no server is there
holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


class Server:
    """The application in processes of its own; ``kill()`` is the honest way of having no network."""

    def __init__(self, folder: Path, tree: Path = ROOT) -> None:
        self.folder, self.tree = folder, tree
        self.url = f"http://localhost:{port()}"
        self.process: ForkServerProcess | None = None
        self.extra: dict[str, str] = {}

    @property
    def environment(self) -> dict[str, str]:
        own = {f"HANDBOOK_{name.upper()}": key for name, key in KEYS.items()}
        own |= {
            "HANDBOOK_DATABASE_URL": f"sqlite:///{self.folder}/handbook.db",
            "HANDBOOK_DATA_DIR": str(self.folder),
            "HANDBOOK_ORIGIN": self.url,
            "HANDBOOK_WORKERS": "1",
            "HANDBOOK_SQLITE_SYNCHRONOUS": "NORMAL",
            "PYTHONPATH": str(self.tree),
        }
        return {**{n: v for n, v in os.environ.items() if not n.startswith("HANDBOOK_")}, **own, **self.extra}

    def start(self) -> "Server":
        self.process = self._fork("server.log", "gateway", str(port()))
        eventually(self._answers, True, 40)
        return self

    def _fork(self, log: str, *words: str) -> ForkServerProcess:
        process = FORKS.Process(
            target=gateway.run, args=(self.tree, self.environment, self.folder / log, words), daemon=True
        )
        process.start()
        return process

    def _answers(self) -> bool:
        assert self.process and self.process.is_alive(), (self.folder / "server.log").read_text()[-3000:]
        with urlopen(f"{self.url}/up", timeout=5) as reply:
            return bool(reply.status == 200)

    def kill(self) -> None:
        if self.process and self.process.pid:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.join()
            self.process = None

    def run(self, *words: str) -> str:
        """``handbook …`` at the command line, over the same database."""
        process = self._fork("command.log", *words)
        process.join(120)
        said = (self.folder / "command.log").read_text()
        (self.folder / "command.log").unlink()
        assert process.exitcode == 0, said
        return said

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A transaction on the server's database, beside it."""
        opened = Database(make_settings(self.folder))
        with opened.unit_of_work() as db:
            yield db
        opened.engine.dispose()

    def misbehave(self, **faults: Any) -> None:
        """Faults by path, in force from the next request; none puts everything right."""
        (self.folder / "gateway.json").write_text(json.dumps(faults))

    def requests(self) -> list[str]:
        """Methods and paths, with their queries, since the last call."""
        log = self.folder / "requests.log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.write_text("")
        return lines


class Phone:
    """A browser profile that survives being closed, and the passkeys made with it."""

    def __init__(
        self, playwright: Playwright, server: Server, profile: Path, prf: str = "kept", like: "Phone | None" = None
    ) -> None:
        """A new one, or one with all that a closed phone holds."""
        self.playwright, self.server, self.profile, self.prf = playwright, server, profile, prf
        self.passkeys: list[dict[str, Any]] = like.passkeys if like else []
        self.secret = like.secret if like else str(profile)
        if like:
            shutil.copytree(like.profile, profile)
        self.open()

    def open(self) -> "Phone":
        self.context: BrowserContext = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path=browser_path(), headless=True, args=FLAGS, locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh", viewport={"width": 390, "height": 844},
        )  # fmt: skip
        self.context.set_default_timeout(20_000)
        if self.prf == "kept":
            self.context.add_init_script(f"({PRF})({json.dumps(self.secret)})")
        self.context.add_init_script(LEARNT)
        self.page: Page = self.context.pages[0]
        self.authenticate(self.page)
        return self

    def authenticate(self, page: Page) -> None:
        """Give this tab the phone's authenticator: Chromium ties a virtual one to a tab."""
        self.cdp = self.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable", {"enableUI": False})
        self.hold(self.passkeys)

    def hold(self, passkeys: list[dict[str, Any]], transport: str = "internal") -> None:
        """From now on a keeper with these passkeys is at hand."""
        prf = {"hasPrf": self.prf in ("kept", "real"), "hasHmacSecret": self.prf == "late"}
        options = {**AUTHENTICATOR, "transport": transport, **prf}
        self.authenticator = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
        for passkey in passkeys:
            self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.authenticator, "credential": passkey})

    def held(self) -> list[dict[str, Any]]:
        """The passkeys of the keeper at hand."""
        answer = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        return list(answer["credentials"])

    def put_away(self) -> list[dict[str, Any]]:
        """Take the keeper away, and give what it holds."""
        passkeys = self.held()
        self.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.authenticator})
        return passkeys

    def close(self) -> None:
        self.passkeys = self.held()
        self.context.close()

    def restart(self) -> "Phone":
        """Close the browser and open it again, as after a night: nothing is left but what is on disk."""
        self.close()
        return self.open()

    def go(self, path: str) -> Page:
        undisturbed(lambda: self.page.goto(self.server.url + path))
        return self.page

    def reload(self) -> None:
        undisturbed(self.page.reload)

    def evaluate(self, script: str, given: Any = None) -> Any:
        """What a script answers in the page that is shown now."""
        return undisturbed(lambda: self.page.evaluate(script, given))

    def sync_state(self) -> str | None:
        state: str | None = self.evaluate("document.body.dataset.sync ?? null")
        return state

    def ready(self) -> "Phone":
        """Wait until the download is finished."""
        eventually(self.sync_state, "ready", 40)
        return self

    def at_rest(self) -> "Phone":
        """Wait until the page has done what it does by itself once it is shown, and the copy is the server's of now."""
        eventually(lambda: self.page.evaluate("globalThis.learnt >= 2"), True)
        self.evaluate("globalThis.learnt = 1; dispatchEvent(new Event('online'))")
        eventually(lambda: self.page.evaluate("globalThis.learnt >= 2"), True)
        self.ask(type="rescue")
        return self.ready()

    def enrol(self, url: str) -> "Phone":
        """From the link to a signed-in phone with its copy."""
        self.page.goto(url)
        self.page.click('[data-action="create-passkey"]')
        eventually(self.address, self.server.url + "/")
        return self.ready()

    def sign_in(self) -> "Phone":
        self.go("/identity/sign-in")
        self.page.click('[data-action="sign-in"]')
        eventually(self.address, self.server.url + "/")
        return self.ready()

    def unlock(self) -> "Phone":
        """On the page that asks for the passkey: give it, and wait for the page that was wanted."""
        self.page.click('[data-action="unlock"]')
        eventually(lambda: self.page.locator('[data-action="unlock"]').count(), 0)
        return self

    def sign_out(self) -> None:
        self.go("/identity/devices")
        self.page.click('[data-action="sign-out"]')

    def ask(self, **message: Any) -> Any:
        return self.evaluate(ASK, message)

    def sync(self) -> dict[str, Any]:
        """Bring the copy up to date now."""
        outcome: dict[str, Any] = self.ask(type="sync", force=True)
        return outcome

    def address(self) -> str:
        """Asked of the page itself: `page.url` stands still while a test polls."""
        return self.page.evaluate("location.href")

    def heading(self) -> str:
        return self.page.inner_text("h1").strip()

    def from_copy(self) -> bool:
        return self.page.evaluate("'pack' in document.documentElement.dataset")

    def databases(self) -> list[str]:
        names: list[str] = self.page.evaluate("indexedDB.databases().then(found => found.map(({name}) => name).sort())")
        return names
