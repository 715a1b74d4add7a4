"""A phone's half of a box: what service_worker/crypto.js does, once more."""

import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from handbook.core.signing import public_point


def box(key: ec.EllipticCurvePrivateKey, content: bytes, context: str) -> bytes:
    """``content`` sealed for who holds ``key``, of which only the public half is used."""
    once = ec.generate_private_key(ec.SECP256R1())
    salt = public_point(once) + public_point(key)
    agreed = once.exchange(ec.ECDH(), key.public_key())
    sealing = HKDF(hashes.SHA256(), length=32, salt=salt, info=b"handbook/box/1").derive(agreed)
    nonce = os.urandom(12)
    return public_point(once) + nonce + AESGCM(sealing).encrypt(nonce, content, context.encode())


def framed(url: str, body: bytes, content_type: str = "application/x-www-form-urlencoded", **more: object) -> bytes:
    """A request as it lies in a box."""
    frame = json.dumps({"url": url, "content_type": content_type, "written": "1760000000000", **more}).encode()
    return len(frame).to_bytes(4, "big") + frame + body
