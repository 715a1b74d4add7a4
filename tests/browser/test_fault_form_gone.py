"""A form whose address a later server does not know any more: what waits is kept, and can be sent where it is known."""

import pytest

from tests.browser.harness import Phone, Server, eventually
from tests.browser.test_outbox import states
from tests.browser.writing import TEXT, opinions, send, write_offline


@pytest.mark.parametrize("status", [404, 405, 410])
def test_a_form_that_the_server_does_not_know_any_more_is_kept(
    member_phone: Phone, server: Server, status: int
) -> None:
    phone = member_phone
    write_offline(phone)
    server.misbehave(**{"/reports/opinions": {"status": status}})
    server.start()
    phone.go("/offline/outbox")
    eventually(lambda: "Cần đồng chí xử lý" in phone.page.inner_text("main"), True)
    server.misbehave()
    phone.page.click("text=Sửa và gửi lại")
    eventually(lambda: phone.page.input_value("[name=text]"), TEXT)
    send(phone)
    eventually(lambda: states(phone), [("received", None)])
    assert opinions(server) == [TEXT]
