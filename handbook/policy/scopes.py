"""Where one row stands, and everywhere an actor may go."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Scope:
    """The unit a row belongs to (path with closing slash) and the member it is about, if any."""

    unit_path: str
    owner_id: UUID | None = None


@dataclass(frozen=True)
class Reach:
    """``own``: rows about this member; ``below``: subtrees; ``above``: units on the way up from the member's cell."""

    own: UUID | None = None
    below: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    everywhere: bool = False

    def covers(self, scope: Scope) -> bool:
        """Whether the one row is within reach."""
        return (
            self.everywhere
            or (self.own is not None and scope.owner_id == self.own)
            or any(scope.unit_path.startswith(path) for path in self.below)
            or scope.unit_path in self.above
        )

    @property
    def empty(self) -> bool:
        """Whether nothing at all is within reach."""
        return not (self.everywhere or self.own or self.below or self.above)


def ancestors(unit_path: str) -> tuple[str, ...]:
    """The path itself and every path above it: ``/1/2/`` gives ``/1/`` and ``/1/2/``."""
    codes = unit_path.strip("/").split("/") if unit_path.strip("/") else []
    return tuple("/" + "/".join(codes[: depth + 1]) + "/" for depth in range(len(codes)))
