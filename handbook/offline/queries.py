"""How much a phone may carry."""

from handbook.policy.actor import Actor

_MEGABYTE = 1_000_000


def budget(actor: Actor, megabytes: int) -> int:
    """Bytes that this member's phone may hold, of the ``megabytes`` a member's phone may hold at most.

    Staff work at a desk and reach far more documents than they need on the way: half."""
    return megabytes * _MEGABYTE // (2 if actor.is_staff else 1)
