"""The language chosen on this device is also that of the one page which the worker brings along by itself."""

from tests.browser.harness import Phone, Server, eventually


def test_a_reader_of_english_is_told_in_english_what_is_missing(phone: Phone, server: Server) -> None:
    page = phone.go("/identity/sign-in")
    page.wait_for_function("navigator.serviceWorker.ready")
    page.click("button[lang=en] >> visible=true")
    page.click("[data-action=update]")  # the worker in the other language waits, as any new one does
    page.wait_for_function("document.readyState === 'complete' && !document.querySelector('[data-action=update]')")
    server.kill()
    phone.go("/identity/enrol")
    eventually(phone.heading, "This page is not on this device")
    assert page.evaluate("document.documentElement.lang") == "en"
