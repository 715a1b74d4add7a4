"""The WebAuthn ceremonies: options out, and every check that the server owes on what comes back.

py_webauthn verifies much but not all: it lets through framed ceremonies, keys that cannot be used, short RSA
keys, over-long ids and a changed backup flag, and lets ordinary exceptions escape. Those are checked here.
Nothing that a browser sends may end in anything but ``BadCeremony``.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    options_to_json_dict,
)
from webauthn.helpers.cose import COSECRV, COSEKTY, COSEAlgorithmIdentifier
from webauthn.helpers.decoded_public_key_to_cryptography import decoded_public_key_to_cryptography
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialHint,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from handbook.core.errors import Invalid
from handbook.core.settings import Settings
from handbook.identity.models import Passkey

RP_NAME = "Sổ tay Đảng viên"
LONGEST_ID = 1023  # WebAuthn L3 §7.1 step 25
SMALLEST_RSA = 2048
TIMEOUT_MS = 300_000
ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
# What the offline copy's key is derived from, on the phone only; the server never sees the result.
PRF_SALT = hashlib.sha256(b"handbook offline key v1").digest()
_TRANSPORTS = [known.value for known in AuthenticatorTransport]
_CREATE, _GET = "webauthn.create", "webauthn.get"


class BadCeremony(Invalid):
    """What the browser sent does not pass; the code is short and tells an attacker nothing new.

    It is raised before anything but the challenge's use is written, and that use stands."""

    keep = True


@dataclass(frozen=True)
class Registered:
    """A passkey that passed every check of its registration."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    backup_eligible: bool
    backed_up: bool
    aaguid: str
    prf: bool
    discoverable: bool | None


@dataclass(frozen=True)
class Asserted:
    """What a verified assertion says about its passkey now."""

    sign_count: int
    backed_up: bool


def creation_options(
    settings: Settings, *, challenge: bytes, user_handle: bytes, name: str, existing: list[Passkey]
) -> dict[str, Any]:
    """Options for ``navigator.credentials.create``: discoverable, user-verified, with the PRF asked for."""
    options = generate_registration_options(
        rp_id=settings.rp_id,
        rp_name=RP_NAME,
        user_id=user_handle,
        user_name=name,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(passkey) for passkey in existing],
        supported_pub_key_algs=ALGORITHMS,
        hints=[PublicKeyCredentialHint.CLIENT_DEVICE],  # a passkey is made for the device in hand
    )
    answer = options_to_json_dict(options)
    answer["extensions"] = {"credProps": True, **_prf()}
    return answer


def request_options(
    settings: Settings,
    *,
    challenge: bytes,
    allowed: list[Passkey] | None = None,
    hints: Sequence[PublicKeyCredentialHint] = (),
) -> dict[str, Any]:
    """Options for ``navigator.credentials.get``. Without ``allowed`` the browser offers what it has; ``hints`` say where
    to look first (WebAuthn L3 §5.8.7) and bind nobody."""
    options = generate_authentication_options(
        rp_id=settings.rp_id,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        allow_credentials=[_descriptor(passkey) for passkey in allowed or []],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    answer = options_to_json_dict(options)
    answer["extensions"] = _prf()
    answer["hints"] = [hint.value for hint in hints]
    return answer


def challenge_in(credential: object) -> bytes:
    """The challenge that a credential claims to answer; worth nothing until it is found among the open ones.

    Raises BadCeremony("ceremony.malformed")."""
    try:
        challenge = base64url_to_bytes(_client_data(credential)["challenge"])
    except Exception:
        raise BadCeremony("ceremony.malformed") from None
    return challenge


def registered(settings: Settings, credential: object, *, challenge: bytes) -> Registered:
    """Check the answer of a registration in full. Raises BadCeremony with a short ``ceremony.…`` code."""
    _require_own_page(settings, credential, _CREATE)
    try:
        result = verify_registration_response(
            credential=_as_dict(credential),
            expected_challenge=challenge,
            expected_rp_id=settings.rp_id,
            expected_origin=[settings.origin_exact],
            require_user_presence=True,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
        extensions = _extensions(credential)
        return Registered(
            credential_id=_usable_id(result.credential_id),
            public_key=_usable_key(result.credential_public_key),
            sign_count=result.sign_count,
            transports=_transports(credential),
            backup_eligible=result.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
            backed_up=result.credential_backed_up,
            aaguid=result.aaguid,
            prf=_flag(extensions, "prf", "enabled") is True,
            discoverable=_flag(extensions, "credProps", "rk"),
        )
    except BadCeremony:
        raise
    except Exception as error:
        raise BadCeremony("ceremony.failed") from error


def asserted(
    settings: Settings,
    credential: object,
    *,
    challenge: bytes,
    public_key: bytes,
    user_handle: bytes,
    backup_eligible: bool,
) -> Asserted:
    """Check an assertion against one stored passkey. Raises BadCeremony with a short ``ceremony.…`` code.

    The sign count is returned, not judged: see `signing_in`."""
    _require_own_page(settings, credential, _GET)
    try:
        given = base64url_to_bytes(_as_dict(credential)["response"].get("userHandle"))
        result = verify_authentication_response(
            credential=_as_dict(credential),
            expected_challenge=challenge,
            expected_rp_id=settings.rp_id,
            expected_origin=[settings.origin_exact],
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        # Compared last: an unknown passkey, which has no handle, must cost the signature's time too.
        if not hmac.compare_digest(given, user_handle):
            raise BadCeremony("ceremony.failed")
        if (result.credential_device_type == CredentialDeviceType.MULTI_DEVICE) != backup_eligible:
            raise BadCeremony("ceremony.backup-changed")
        return Asserted(sign_count=result.new_sign_count, backed_up=result.credential_backed_up)
    except BadCeremony:
        raise
    except Exception as error:
        raise BadCeremony("ceremony.failed") from error


def credential_id_in(credential: object) -> bytes:
    """The credential id that an assertion names. Raises BadCeremony("ceremony.malformed")."""
    try:
        return base64url_to_bytes(_as_dict(credential)["rawId"])
    except Exception:
        raise BadCeremony("ceremony.malformed") from None


def _prf() -> dict[str, Any]:
    return {"prf": {"eval": {"first": bytes_to_base64url(PRF_SALT)}}}


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    known = [AuthenticatorTransport(transport) for transport in passkey.transports if transport in _TRANSPORTS]
    return PublicKeyCredentialDescriptor(id=passkey.credential_id, transports=known or None)


def _as_dict(credential: object) -> dict[str, Any]:
    if not isinstance(credential, dict):
        raise BadCeremony("ceremony.malformed")
    return credential


def _client_data(credential: object) -> dict[str, Any]:
    data = json.loads(base64url_to_bytes(_as_dict(credential)["response"]["clientDataJSON"]))
    if not isinstance(data, dict):
        raise BadCeremony("ceremony.malformed")
    return data


def _require_own_page(settings: Settings, credential: object, kind: str) -> None:
    """The ceremony ran on our own page, not framed in another's (WebAuthn L3 §7.1 steps 7–10, §7.2 steps 11–14)."""
    try:
        data = _client_data(credential)
    except Exception:
        raise BadCeremony("ceremony.malformed") from None
    if data.get("type") != kind:
        raise BadCeremony("ceremony.wrong-kind")
    if data.get("origin") != settings.origin_exact:
        raise BadCeremony("ceremony.wrong-origin")
    if data.get("crossOrigin", False) is not False or data.get("topOrigin") is not None:
        raise BadCeremony("ceremony.framed")


def _usable_id(credential_id: bytes) -> bytes:
    if not 1 <= len(credential_id) <= LONGEST_ID:
        raise BadCeremony("ceremony.bad-id")
    return credential_id


def _usable_key(public_key: bytes) -> bytes:
    """A key that can be loaded, of the type its algorithm needs, on its curve and long enough.

    Otherwise every later sign-in would fail."""
    try:
        decoded: Any = decode_credential_public_key(public_key)
        key = decoded_public_key_to_cryptography(decoded)
    except Exception:
        raise BadCeremony("ceremony.bad-key") from None
    kind = (decoded.kty, getattr(decoded, "crv", None))
    fits = {
        COSEAlgorithmIdentifier.EDDSA: kind == (COSEKTY.OKP, COSECRV.ED25519),
        COSEAlgorithmIdentifier.ECDSA_SHA_256: kind == (COSEKTY.EC2, COSECRV.P256)
        and isinstance(key, ec.EllipticCurvePublicKey)
        and all(isinstance(part, bytes) and len(part) == 32 for part in (decoded.x, decoded.y)),
        COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256: decoded.kty == COSEKTY.RSA
        and isinstance(key, rsa.RSAPublicKey)
        and key.key_size >= SMALLEST_RSA
        and key.public_numbers().e >= 65537,
    }
    if not fits.get(decoded.alg, False):
        raise BadCeremony("ceremony.bad-key")
    return public_key


def _extensions(credential: object) -> dict[str, Any]:
    results = _as_dict(credential).get("clientExtensionResults")
    return results if isinstance(results, dict) else {}


def _flag(extensions: dict[str, Any], extension: str, name: str) -> bool | None:
    """What the browser says about an extension: told to the person, never trusted."""
    part = extensions.get(extension)
    value = part.get(name) if isinstance(part, dict) else None
    return value if isinstance(value, bool) else None


def _transports(credential: object) -> list[str]:
    given = _as_dict(credential)["response"].get("transports")
    if not isinstance(given, list):
        return []
    return [known for known in _TRANSPORTS if known in given][:6]
