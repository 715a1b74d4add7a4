"""A passkey in software (ES256), and members who have one: server tests go through the whole door."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

from handbook.identity.loader import COOKIE
from handbook.identity.rules import tickets
from handbook.organisation.models import Member
from handbook.policy.actor import Actor
from tests.page import ORIGIN, Client

UP, UV, BE, BS, AT = 1, 4, 8, 16, 64
SYSTEM = Actor.system()


@dataclass
class SoftKey:
    """One authenticator holding one credential. Fields and ``client_data`` may be bent to make a false one."""

    origin: str = ORIGIN
    rp_id: str = "localhost"
    flags: int = UP | UV
    aaguid: bytes = bytes(16)
    sign_count: int = 0
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    client_data: dict[str, Any] = field(default_factory=dict)
    public_key: bytes | None = None
    user_handle: bytes = b""
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any], **bent: Any) -> dict[str, Any]:
        """The answer to ``navigator.credentials.create`` with these options."""
        self.user_handle = base64url_to_bytes(options["user"]["id"])
        public = self.public_key or self.cose()
        attested = self.aaguid + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        statement = {"fmt": "none", "attStmt": {}, "authData": self._auth_data(AT) + attested}
        response = {
            "clientDataJSON": self._client_data("webauthn.create", options["challenge"]),
            "attestationObject": bytes_to_base64url(encode_cbor(statement)),
            "transports": ["internal", "hybrid", "smoke-signal"],
        }
        return {**self._outer(response), "clientExtensionResults": {"credProps": {"rk": True}}, **bent}

    def get(self, options: dict[str, Any], **bent: Any) -> dict[str, Any]:
        """The answer to ``navigator.credentials.get`` with these options."""
        data = self._client_data("webauthn.get", options["challenge"])
        authenticator = self._auth_data()
        signed = authenticator + hashlib.sha256(base64url_to_bytes(data)).digest()
        response = {
            "clientDataJSON": data,
            "authenticatorData": bytes_to_base64url(authenticator),
            "signature": bytes_to_base64url(self.private.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": bytes_to_base64url(self.user_handle),
            **bent,
        }
        return self._outer(response)

    def cose(self) -> bytes:
        """The public key as COSE."""
        numbers = self.private.public_key().public_numbers()
        x, y = (part.to_bytes(32, "big") for part in (numbers.x, numbers.y))
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _outer(self, response: dict[str, Any]) -> dict[str, Any]:
        name = bytes_to_base64url(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}

    def _auth_data(self, more: int = 0) -> bytes:
        head = hashlib.sha256(self.rp_id.encode()).digest() + bytes([self.flags | more])
        return head + self.sign_count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> str:
        data = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return bytes_to_base64url(json.dumps({**data, **self.client_data}).encode())


def a_ticket(db: Session, member: Member, actor: Actor = SYSTEM, purpose: str = "enrol", **given: Any) -> str:
    """The token of a fresh ticket."""
    _, token = tickets.issue(db, actor, member.id, purpose, **given)
    db.commit()
    return token


def enrolled(client: Client, member: Member, key: SoftKey | None = None) -> SoftKey:
    """Enrol through the pages; the client is signed in as ``member`` afterwards."""
    key = key or SoftKey()
    token = a_ticket(client.db, member)
    begun = client.post(f"/identity/enrol/{token}/options", json={}, status=200).get_json()
    credential = key.create(begun["options"])
    client.post(f"/identity/enrol/{token}", json={"credential": credential}, status=201)
    return key


def sign_in(client: Client, key: SoftKey, status: int = 200) -> Any:
    """Sign in through the pages; returns the answer."""
    options = client.post("/identity/sign-in/options", json={}, status=200).get_json()
    return client.post("/identity/sign-in", json={"credential": key.get(options)}, status=status)


def sign_out(client: Client) -> None:
    """Sign out through the pages."""
    client.post("/identity/session/removal")


def cookie(client: Client) -> str | None:
    """The session token that the client holds."""
    held = client.http.get_cookie(COOKIE, domain="localhost")
    return held.value if held else None


def hold(client: Client, token: str) -> None:
    """Put a saved token back, as a thief of the cookie would."""
    client.http.set_cookie(COOKIE, token, domain="localhost", secure=True)


def another(client: Client) -> Client:
    """A second browser on the same application."""
    return Client(client.app, client.db)
