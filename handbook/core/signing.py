"""Keys of the server's own on the curve P-256, and signing what it vouches for (ECDSA, SHA-256), so that a phone can
check it without a network.

Signatures are r and s one after the other, as WebCrypto reads them, and not the DER that other tools write.
"""

import base64
import json
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_ALGORITHM = ec.ECDSA(hashes.SHA256())
# The order of P-256 (SEC 2 §2.4.2). 48 bytes taken modulo it leave no number likelier than another (FIPS 186-5 §A.2.1).
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_NUMBER_BYTES = 32


@cache
def private_key(secret: str, purpose: str) -> ec.EllipticCurvePrivateKey:
    """The private key for one purpose out of a long secret: always the same one, so it is stored nowhere."""
    stretched = HKDF(hashes.SHA256(), length=48, salt=None, info=purpose.encode()).derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(stretched, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def public_point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The public half as an uncompressed point: 0x04, x, y (65 bytes), which WebCrypto imports as "raw"."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def canonical(values: dict[str, Any]) -> bytes:
    """The one spelling of ``values`` that is signed: JSON in UTF-8, names in order, no spaces."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sign(key: ec.EllipticCurvePrivateKey, message: bytes) -> str:
    """The signature of ``message``, 64 bytes in base64url."""
    r, s = decode_dss_signature(key.sign(message, _ALGORITHM))
    return base64url(r.to_bytes(_NUMBER_BYTES, "big") + s.to_bytes(_NUMBER_BYTES, "big"))


def is_signed(key: ec.EllipticCurvePrivateKey, message: bytes, signature: str) -> bool:
    """Whether ``signature`` is that of ``message`` under this very key."""
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        r, s = (int.from_bytes(raw[at : at + _NUMBER_BYTES], "big") for at in (0, _NUMBER_BYTES))
        key.public_key().verify(encode_dss_signature(r, s), message, _ALGORITHM)
    except (InvalidSignature, ValueError):
        return False
    return len(raw) == 2 * _NUMBER_BYTES


def base64url(raw: bytes) -> str:
    """Base64 for addresses and JSON, without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
