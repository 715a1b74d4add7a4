"""The page an auditor reads: for each act, who may. What is not here is forbidden."""

from dataclasses import dataclass

from handbook.policy.actions import Action
from handbook.policy.actor import Role


@dataclass(frozen=True)
class Holds:
    """Whoever holds one of ``roles``, in the unit of the post and everything below it."""

    roles: frozenset[Role]


@dataclass(frozen=True)
class Owner:
    """The member whom the row is about."""


@dataclass(frozen=True)
class Belongs:
    """Members of the unit or of any unit below it: what a city addresses is for every cell of the city."""


Clause = Holds | Owner | Belongs


def holds(*roles: Role) -> Holds:
    """The clause for several roles."""
    return Holds(frozenset(roles))


OWNER = Owner()
BELONGS = Belongs()

_CELL_LEADERS = (Role.CELL_SECRETARY, Role.DEPUTY_SECRETARY)
_OFFICERS = (Role.BASE_OFFICER, Role.ORG_STAFF)

TABLE: dict[Action, tuple[Clause, ...]] = {
    Action.AUDIT_READ: (holds(Role.INSPECTOR, Role.ORG_STAFF),),
    Action.DEVICE_READ: (OWNER,),
    Action.DOCUMENT_CONFIRM: (BELONGS,),
    Action.DOCUMENT_IMPORT: (holds(Role.EDITOR, *_OFFICERS),),
    Action.DOCUMENT_PUBLISH: (holds(Role.EDITOR, *_OFFICERS),),
    Action.DOCUMENT_READ: (BELONGS, holds(Role.EDITOR, Role.INSPECTOR, *_OFFICERS)),
    Action.FORM_WRITE: (holds(*_OFFICERS),),
    Action.MEMBER_CUT_OFF: (holds(*_CELL_LEADERS, *_OFFICERS),),
    Action.MEMBER_ENROL: (holds(*_CELL_LEADERS, *_OFFICERS),),
    Action.MEMBER_READ: (OWNER, holds(*_CELL_LEADERS, Role.INSPECTOR, *_OFFICERS)),
    Action.MEMBER_RECOVER: (holds(*_CELL_LEADERS, *_OFFICERS),),
    Action.MEMBER_RECOVER_APPROVE: (holds(*_CELL_LEADERS, *_OFFICERS),),
    Action.MEMBER_WRITE: (holds(*_OFFICERS),),
    Action.OPINION_ANSWER: (holds(*_CELL_LEADERS, *_OFFICERS),),
    Action.OPINION_READ: (OWNER, holds(*_CELL_LEADERS, *_OFFICERS)),
    Action.OPINION_SUBMIT: (BELONGS,),
    Action.PASSKEY_WRITE: (OWNER,),
    Action.POST_WRITE: (holds(Role.ORG_STAFF),),
    Action.RECEIPT_READ: (OWNER, holds(*_CELL_LEADERS, Role.INSPECTOR, *_OFFICERS)),
    Action.REPORT_READ: (OWNER, holds(*_CELL_LEADERS, Role.INSPECTOR, *_OFFICERS)),
    Action.REPORT_REQUEST: (holds(*_CELL_LEADERS, *_OFFICERS),),
    Action.REPORT_REVIEW: (holds(*_CELL_LEADERS, *_OFFICERS),),
    Action.REPORT_SUBMIT: (OWNER, holds(*_CELL_LEADERS)),
    Action.RESCUE_READ: (OWNER,),
    Action.RESCUE_WRITE: (OWNER,),
    Action.SESSION_END: (OWNER,),
    Action.UNIT_READ: (BELONGS, holds(*_CELL_LEADERS, Role.INSPECTOR, *_OFFICERS)),
    Action.UNIT_WRITE: (holds(Role.ORG_STAFF),),
}
