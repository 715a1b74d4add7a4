"""The headers of every answer."""

from flask import Response

from handbook.web import current

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types hb-sw",
    )
)
_ALWAYS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    # no-referrer would make our own forms send "Origin: null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Handbook": "1",
}


def add(response: Response) -> Response:
    """Complete an answer. What does not say otherwise may not be stored by anyone."""
    present = {name.lower() for name, _ in response.headers}
    for name, value in _ALWAYS.items():
        if name.lower() not in present:
            response.headers.add(name, value)
    if current.settings().origin.startswith("https:"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    if signed := current.recognised():
        response.headers["X-Handbook-Member"] = signed.member_tag
    return response
