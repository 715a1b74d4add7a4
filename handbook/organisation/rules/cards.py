"""Card numbers, which are also identity numbers: sealed at rest, found by a keyed hash, shown masked."""

from dataclasses import dataclass, field
from uuid import UUID

from handbook.core.sealing import key_of, keyed_hash, seal, unseal
from handbook.core.settings import Settings
from handbook.organisation.models import Member


@dataclass(frozen=True)
class CardKeys:
    """Two keys with one purpose each, so that a hash never helps against the sealed number."""

    sealing: bytes = field(repr=False)
    lookup: bytes = field(repr=False)


def card_keys(settings: Settings) -> CardKeys:
    """The keys for card numbers, out of the operator's field key."""
    secret = settings.field_key.get_secret_value()
    return CardKeys(sealing=key_of(secret, "member-card"), lookup=key_of(secret, "member-card-lookup"))


def sealed_columns(keys: CardKeys, member_id: UUID, card: str | None) -> dict[str, bytes | str | None]:
    """The columns that keep `card` for one member; all empty without a card."""
    if card is None:
        return {"card_sealed": None, "card_hash": None, "card_last": None}
    return {
        "card_sealed": seal(keys.sealing, card, _context(member_id)),
        "card_hash": card_hash(keys, card),
        "card_last": card[-4:],
    }


def card_hash(keys: CardKeys, card: str) -> bytes:
    """What a card number is looked up by."""
    return keyed_hash(keys.lookup, card)


def card_number(keys: CardKeys, member: Member) -> str | None:
    """The number in clear, for the few acts that need it. Raises Unavailable when the keys do not fit."""
    sealed = member.card_sealed
    return None if sealed is None else unseal(keys.sealing, sealed, _context(member.id))


def _context(member_id: UUID) -> str:
    return f"member.card:{member_id}"
