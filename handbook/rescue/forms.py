"""What a phone says of its unsent work. What is in a piece is between the phone and its member."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from handbook.rescue.models import LARGEST_PIECE

_LATEST = 2**53  # the greatest whole number that a script tells from the next one


class Version(BaseModel):
    """A piece as it was at one moment."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    written: Annotated[int, Field(ge=0, le=_LATEST)]


class CopyIn(Version):
    """A piece to be kept."""

    piece: Annotated[str, Field(min_length=1, max_length=LARGEST_PIECE)]


class RemovalIn(BaseModel):
    """Pieces that are not to be kept any more, as of these versions."""

    model_config = ConfigDict(extra="ignore")

    copies: Annotated[list[Version], Field(min_length=1, max_length=200)]
