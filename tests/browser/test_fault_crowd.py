"""A crowd came back before this phone: it is told when to come, shows what it holds meanwhile, and comes by itself."""

import time

from handbook.core.admission import AdmissionLine
from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import CONFIRM, open_document, states, stored

WAIT = 15.0  # seconds that the crowd before has taken; a server's start is among them
RATES = {"HANDBOOK_PACK_REQUESTS_A_SECOND": "100", "HANDBOOK_OUTBOX_REQUESTS_A_SECOND": "100"}


def let_a_crowd_in(server: Server) -> float:
    """Up to which moment all that the server can take is given away."""
    server.kill()
    server.extra |= RATES
    until = time.time() + WAIT
    with server.database() as db:
        db.add_all(AdmissionLine(kind=kind, spent_until=until) for kind in ("pack", "outbox"))
    server.start()
    return until


def test_it_reads_and_writes_meanwhile_and_is_let_in_when_it_was_told(member_phone: Phone, server: Server) -> None:
    phone = member_phone
    url = open_document(phone)
    until = let_a_crowd_in(server)
    phone.page.click(CONFIRM)
    eventually(lambda: states(phone), [("waiting", "busy")])
    assert phone.sync()["state"] == "later"
    assert phone.ask(type="outbox-list")["retryAt"] / 1000 >= until
    phone.go("/library/")
    assert phone.heading() == "Thư viện"
    phone.go(url)
    assert stored(server) == (0, 0)
    eventually(lambda: stored(server), (1, 1), 40)
    assert time.time() >= until
    eventually(phone.sync_state, "ready", 40)
    eventually(lambda: states(phone), [("received", None)])
