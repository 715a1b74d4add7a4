"""Boxes: what a phone seals for the server alone, and cannot open again itself.

A box is the 65 bytes of a point made for it alone (P-256, uncompressed), 12 of nonce, and the ciphertext (AES-256-GCM).
Its key is HKDF-SHA-256 of what both sides agree on (ECDH, NIST SP 800-56A), salted with both points.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from handbook.core.signing import public_point

_POINT_BYTES = 65
_NONCE_BYTES = 12
_INFO = b"handbook/box/1"


def unbox(key: ec.EllipticCurvePrivateKey, box: bytes, context: str) -> bytes:
    """What was sealed for ``key`` and bound to ``context``. Raises ValueError when it was not."""
    point, nonce = box[:_POINT_BYTES], box[_POINT_BYTES : _POINT_BYTES + _NONCE_BYTES]
    try:
        once = ec.EllipticCurvePublicKey.from_encoded_point(key.curve, point)
        shared = key.exchange(ec.ECDH(), once)
        opening = HKDF(hashes.SHA256(), length=32, salt=point + public_point(key), info=_INFO).derive(shared)
        return AESGCM(opening).decrypt(nonce, box[_POINT_BYTES + _NONCE_BYTES :], context.encode())
    except InvalidTag:
        raise ValueError("not sealed for us, or not as this") from None
