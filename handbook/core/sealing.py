"""Sealing single fields at rest (AES-256-GCM) and looking them up by a keyed hash."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handbook.core.errors import Unavailable

_VERSION = b"\x01"
_NONCE_BYTES = 12


def seal(key: bytes, text: str, context: str) -> bytes:
    """``text`` encrypted under ``key`` (32 bytes), bound to ``context`` (which row and field it belongs to)."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, text.encode(), context.encode())


def unseal(key: bytes, blob: bytes, context: str) -> str:
    """The text sealed in ``blob``. Raises Unavailable("field.sealed") when key, context or bytes do not fit."""
    nonce, body = blob[1 : 1 + _NONCE_BYTES], blob[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, context.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unavailable("field.sealed") from error


def keyed_hash(key: bytes, text: str) -> bytes:
    """HMAC-SHA-256 of ``text``: equal texts are found without being readable (32 bytes)."""
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def key_of(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose out of a long secret."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()
