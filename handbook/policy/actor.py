"""Who asks: a member with the posts held today, or the system itself (command line, jobs)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """Posts that carry rights (roles of an organisation, read from the posts held today)."""

    MEMBER = "member"
    GROUP_LEADER = "group_leader"
    CELL_COMMITTEE = "cell_committee"
    DEPUTY_SECRETARY = "deputy_secretary"
    CELL_SECRETARY = "cell_secretary"
    BASE_OFFICER = "base_officer"
    ORG_STAFF = "org_staff"
    EDITOR = "editor"
    INSPECTOR = "inspector"
    SYSTEM_ADMIN = "system_admin"


STAFF_ROLES = frozenset({Role.BASE_OFFICER, Role.ORG_STAFF, Role.EDITOR, Role.INSPECTOR, Role.SYSTEM_ADMIN})


@dataclass(frozen=True)
class Held:
    """One post: the role and the path of the unit it is held in."""

    role: Role
    unit_path: str


@dataclass(frozen=True)
class Actor:
    """``unit_path`` is the path of the member's own cell; ``posts`` are those held today."""

    member_id: UUID | None
    unit_path: str
    posts: tuple[Held, ...] = ()
    is_system: bool = False

    @classmethod
    def system(cls) -> "Actor":
        """The operator at the command line: reaches everything, and is named as such in the trail."""
        return cls(member_id=None, unit_path="", is_system=True)

    @property
    def is_staff(self) -> bool:
        """Whether a post calls for the stricter session limits."""
        return any(held.role in STAFF_ROLES for held in self.posts)
