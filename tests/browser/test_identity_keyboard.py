"""Enrolling, signing out and in, renaming: with the keyboard alone."""

from tests.browser.conftest import Prepared, enrolment
from tests.browser.harness import Phone, Server, eventually

FOCUSED = """selector => {
  const {activeElement: at} = document;
  return at !== null && at.matches(selector) && getComputedStyle(at).outlineStyle !== "none";
}"""


def tab_to(phone: Phone, selector: str, most: int = 60) -> None:
    """Press Tab until the focus, drawn visibly, is on ``selector``."""
    for _ in range(most):
        phone.page.keyboard.press("Tab")
        if phone.evaluate(FOCUSED, selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_everything_is_done_without_a_mouse(phone: Phone, server: Server, prepared: Prepared) -> None:
    keyboard = phone.page.keyboard
    phone.page.goto(enrolment(server, prepared.member_id))
    tab_to(phone, '[data-action="create-passkey"]')
    keyboard.press("Enter")
    eventually(phone.address, server.url + "/")
    phone.ready().go("/identity/devices")
    tab_to(phone, ".fold-out summary")
    keyboard.press("Enter")
    tab_to(phone, '[name="name"]')
    keyboard.press("ControlOrMeta+A")
    keyboard.type("Máy ở nhà")
    keyboard.press("Enter")
    eventually(lambda: "“Máy ở nhà”" in phone.page.inner_text("main"), True)
    tab_to(phone, '[data-action="sign-out"]')
    keyboard.press("Enter")
    eventually(lambda: "/identity/sign-in" in phone.address(), True)
    tab_to(phone, '[data-action="sign-in"]')
    keyboard.press("Space")
    eventually(phone.address, server.url + "/")
    phone.go("/identity/devices")
    keyboard.press("Tab")
    assert phone.evaluate(FOCUSED, "a.skip")
