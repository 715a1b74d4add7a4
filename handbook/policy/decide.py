"""The answers: ``reach`` for lists, ``allowed`` and ``require`` for one row. All three come from the same table."""

from handbook.core.errors import Missing
from handbook.policy.actions import Action
from handbook.policy.actor import Actor
from handbook.policy.scopes import Reach, Scope, ancestors
from handbook.policy.table import TABLE, Belongs, Holds, Owner


def reach(actor: Actor, action: Action) -> Reach:
    """Everywhere ``actor`` may do ``action``. An act without a line in the table reaches nothing."""
    if actor.is_system:
        return Reach(everywhere=True)
    own, below, above = None, set[str](), set[str]()
    for clause in TABLE.get(action, ()):
        match clause:
            case Owner():
                own = actor.member_id
            case Belongs():
                above.update(ancestors(actor.unit_path))
            case Holds(roles=roles):
                below.update(held.unit_path for held in actor.posts if held.role in roles)
    return Reach(own=own, below=tuple(sorted(below)), above=tuple(sorted(above)))


def allowed(actor: Actor, action: Action, scope: Scope) -> bool:
    """Whether ``actor`` may do ``action`` to the row that stands at ``scope``."""
    return reach(actor, action).covers(scope)


def require(actor: Actor, action: Action, scope: Scope) -> None:
    """Raises Missing unless allowed: out of reach looks like "not found"."""
    if not allowed(actor, action, scope):
        raise Missing("not_found", action=str(action))
