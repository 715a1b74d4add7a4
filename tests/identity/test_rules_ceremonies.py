"""Crafted ceremonies: what py_webauthn lets through is refused here, and nothing ends in another exception."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st
from webauthn.helpers import bytes_to_base64url, encode_cbor

from handbook.core.settings import Settings
from handbook.identity.models import Passkey
from handbook.identity.rules import ceremonies
from handbook.identity.rules.ceremonies import BadCeremony
from tests.conftest import make_settings
from tests.factories.identity import BE, BS, UP, UV, SoftKey

HANDLE = bytes(range(32))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_settings(tmp_path_factory.mktemp("ceremonies"))


def register(settings: Settings, key: SoftKey, **bent: Any) -> ceremonies.Registered:
    challenge = secrets.token_bytes(32)
    options = ceremonies.creation_options(
        settings, challenge=challenge, user_handle=HANDLE, name="Trần Thị Hạnh", existing=[]
    )
    return ceremonies.registered(settings, key.create(options, **bent), challenge=challenge)


def assertion(settings: Settings, key: SoftKey, **more: Any) -> ceremonies.Asserted:
    challenge = secrets.token_bytes(32)
    options = ceremonies.request_options(settings, challenge=challenge)
    key.user_handle = key.user_handle or HANDLE
    values = {"public_key": key.cose(), "user_handle": HANDLE, "backup_eligible": False, **more}
    return ceremonies.asserted(settings, key.get(options), challenge=challenge, **values)


def test_a_good_registration_and_a_good_assertion_pass(settings: Settings) -> None:
    key = SoftKey(sign_count=7)
    kept = register(settings, key)
    assert (kept.credential_id, kept.sign_count, kept.discoverable) == (key.credential_id, 7, True)
    assert not kept.backup_eligible and not kept.backed_up and not kept.prf
    assert kept.transports == ["internal", "hybrid"]
    assert assertion(settings, key) == ceremonies.Asserted(sign_count=7, backed_up=False)


def test_a_synced_passkey_says_so(settings: Settings) -> None:
    kept = register(settings, SoftKey(flags=UP | UV | BE | BS))
    assert kept.backup_eligible and kept.backed_up


def rsa_key(bits: int) -> bytes:
    numbers = rsa.generate_private_key(65537, bits).public_key().public_numbers()
    return encode_cbor({1: 3, 3: -257, -1: numbers.n.to_bytes(bits // 8, "big"), -2: b"\x01\x00\x01"})


def short_rsa() -> bytes:
    return encode_cbor({1: 3, 3: -257, -1: b"\xc5" * 64, -2: b"\x01\x00\x01"})


KEYS: dict[str, Callable[[], bytes]] = {
    "off the curve": lambda: encode_cbor({1: 2, 3: -7, -1: 1, -2: b"\x01" * 32, -3: b"\x02" * 32}),
    "x as a number": lambda: encode_cbor({1: 2, 3: -7, -1: 1, -2: 12345, -3: b"\x02" * 32}),
    "short x": lambda: encode_cbor({1: 2, 3: -7, -1: 1, -2: b"\x01", -3: b"\x02" * 32}),
    "another curve": lambda: encode_cbor({1: 2, 3: -7, -1: 2, -2: b"\x01" * 48, -3: b"\x02" * 48}),
    "512-bit RSA": short_rsa,
    "1024-bit RSA": lambda: rsa_key(1024),
    "RSA as ES256": lambda: encode_cbor({1: 3, 3: -7, -1: b"\xc5" * 256, -2: b"\x01\x00\x01"}),
    "EC as RS256": lambda: SoftKey().cose().replace(encode_cbor(-7), encode_cbor(-257), 1),
    "ES384": lambda: encode_cbor({1: 2, 3: -35, -1: 2, -2: b"\x01" * 48, -3: b"\x02" * 48}),
    "no algorithm": lambda: encode_cbor({1: 2, -1: 1, -2: b"\x01" * 32, -3: b"\x02" * 32}),
    "not a map": lambda: encode_cbor([1, 2]),
    "nothing": lambda: encode_cbor({}),
}


@pytest.mark.parametrize("name", KEYS)
def test_keys_that_could_not_be_used_are_refused_at_once(settings: Settings, name: str) -> None:
    with pytest.raises(BadCeremony):
        register(settings, SoftKey(public_key=KEYS[name]()))


def test_the_other_offered_algorithms_are_taken(settings: Settings) -> None:
    register(settings, SoftKey(public_key=rsa_key(2048)))
    raw = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    register(settings, SoftKey(public_key=encode_cbor({1: 1, 3: -8, -1: 6, -2: raw})))


BENT: dict[str, tuple[dict[str, Any], str]] = {
    "framed": ({"client_data": {"crossOrigin": True}}, "ceremony.framed"),
    "framed, in words": ({"client_data": {"crossOrigin": "false"}}, "ceremony.framed"),
    "top origin": ({"client_data": {"topOrigin": "https://evil.example"}}, "ceremony.framed"),
    "foreign origin": ({"origin": "https://evil.example"}, "ceremony.wrong-origin"),
    "origin with a longer name": ({"origin": "http://localhost:8000.evil.example"}, "ceremony.wrong-origin"),
    "another kind": ({"client_data": {"type": "payment.get"}}, "ceremony.wrong-kind"),
    "another site": ({"rp_id": "evil.example"}, "ceremony.failed"),
    "nobody touched it": ({"flags": UV}, "ceremony.failed"),
    "nobody was verified": ({"flags": UP}, "ceremony.failed"),
    "backed up but not eligible": ({"flags": UP | UV | BS}, "ceremony.failed"),
    "another challenge": ({"client_data": {"challenge": bytes_to_base64url(bytes(32))}}, "ceremony.failed"),
}


@pytest.mark.parametrize("name", BENT)
def test_bent_ceremonies_are_refused_both_ways(settings: Settings, name: str) -> None:
    values, code = BENT[name]
    with pytest.raises(BadCeremony) as refusal:
        register(settings, SoftKey(**values))
    assert refusal.value.code == code and refusal.value.keep
    with pytest.raises(BadCeremony) as refusal:
        assertion(settings, SoftKey(**values))
    assert refusal.value.code == code


@pytest.mark.parametrize("length", [0, 1024, 5000])
def test_ids_of_a_wrong_length_are_refused(settings: Settings, length: int) -> None:
    with pytest.raises(BadCeremony):
        register(settings, SoftKey(credential_id=bytes(length)))


def test_the_longest_allowed_id_is_taken(settings: Settings) -> None:
    assert len(register(settings, SoftKey(credential_id=b"i" * 1023)).credential_id) == 1023


@pytest.mark.parametrize("handle", [None, b"", HANDLE[:-1], bytes(32)])
def test_the_handle_must_be_there_and_equal(settings: Settings, handle: bytes | None) -> None:
    challenge, key = secrets.token_bytes(32), SoftKey(user_handle=handle or b"")
    given_answer = key.get(ceremonies.request_options(settings, challenge=challenge))
    if handle is None:
        del given_answer["response"]["userHandle"]
    with pytest.raises(BadCeremony):
        ceremonies.asserted(
            settings,
            given_answer,
            challenge=challenge,
            public_key=key.cose(),
            user_handle=HANDLE,
            backup_eligible=False,
        )


def test_the_backup_flag_may_not_change(settings: Settings) -> None:
    with pytest.raises(BadCeremony) as refusal:
        assertion(settings, SoftKey(flags=UP | UV | BE))
    assert refusal.value.code == "ceremony.backup-changed"
    with pytest.raises(BadCeremony):
        assertion(settings, SoftKey(), backup_eligible=True)


def test_a_counter_going_back_is_told_and_not_judged_here(settings: Settings) -> None:
    assert assertion(settings, SoftKey(sign_count=3)).sign_count == 3
    assert assertion(settings, SoftKey(sign_count=0)).sign_count == 0


def test_another_key_does_not_verify(settings: Settings) -> None:
    with pytest.raises(BadCeremony):
        assertion(settings, SoftKey(), public_key=SoftKey().cose())


def test_existing_passkeys_are_excluded_and_named_by_their_transports(settings: Settings) -> None:
    kept = Passkey(credential_id=b"one", transports=["usb", "smoke-signal"])
    options = ceremonies.creation_options(settings, challenge=bytes(32), user_handle=HANDLE, name="A", existing=[kept])
    assert options["excludeCredentials"] == [
        {"id": bytes_to_base64url(b"one"), "type": "public-key", "transports": ["usb"]}
    ]
    salt = options["extensions"]["prf"]["eval"]["first"]
    assert salt == bytes_to_base64url(hashlib.sha256(b"handbook offline key v1").digest())


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
client_data = st.dictionaries(
    st.sampled_from(["type", "challenge", "origin", "crossOrigin", "topOrigin", "tokenBinding"]), anything
).map(lambda data: bytes_to_base64url(json.dumps(data).encode()))
credentials = anything | st.fixed_dictionaries(
    {
        "id": anything,
        "rawId": anything,
        "type": st.just("public-key") | anything,
        "response": anything
        | st.fixed_dictionaries(
            {"clientDataJSON": client_data | anything},
            optional={
                "attestationObject": st.binary().map(bytes_to_base64url) | anything,
                "authenticatorData": st.binary(max_size=60).map(bytes_to_base64url) | anything,
                "signature": anything,
                "userHandle": anything,
                "transports": anything,
            },
        ),
        "clientExtensionResults": anything,
    }
)


@given(credential=credentials)
def test_nothing_but_a_bad_ceremony_comes_of_malformed_input(settings: Settings, credential: object) -> None:
    for check in (
        lambda: ceremonies.challenge_in(credential),
        lambda: ceremonies.credential_id_in(credential),
        lambda: ceremonies.registered(settings, credential, challenge=bytes(32)),
        lambda: ceremonies.asserted(
            settings,
            credential,
            challenge=bytes(32),
            public_key=SoftKey().cose(),
            user_handle=HANDLE,
            backup_eligible=False,
        ),
    ):
        with contextlib.suppress(BadCeremony):
            check()


@given(st.binary(max_size=300))
def test_bytes_from_a_broken_authenticator_do_no_harm(settings: Settings, noise: bytes) -> None:
    challenge, key = secrets.token_bytes(32), SoftKey(user_handle=HANDLE)
    options = ceremonies.creation_options(settings, challenge=challenge, user_handle=HANDLE, name="A", existing=[])
    made, spoiled = key.create(options), bytes_to_base64url(noise)
    made["response"]["attestationObject"] = spoiled
    with pytest.raises(BadCeremony):
        ceremonies.registered(settings, made, challenge=challenge)
    statement = {"fmt": "none", "attStmt": {}, "authData": key._auth_data(64) + noise}
    made["response"]["attestationObject"] = bytes_to_base64url(encode_cbor(statement))
    with pytest.raises(BadCeremony):
        ceremonies.registered(settings, made, challenge=challenge)
