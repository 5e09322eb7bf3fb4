"""What a visit says of a finding that was reported fixed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from audit.core.actors import Actor

from ..models import Finding
from ..rules import Verb
from .steps import take


@dataclass(frozen=True)
class Recheck:
    """What a re-check (an inspection of round > 1) found; `verb` says what follows from it.

    `measured` is JSON shown with it, each value beside its limit. `far_m`: how far from the
    facility the phone was, where that is too far to be its drift.
    """

    inspection_id: UUID
    verb: Verb
    measured: Collection[Mapping[str, Any]] = ()
    note: str = ""
    no_photo_reason: str = ""
    photos: tuple[UUID, ...] = ()
    far_m: int | None = None


def recheck(finding: Finding, actor: Actor, seen: Recheck) -> None:
    """Close the finding, send it back, or leave it for the coordinator to decide."""
    detail: dict[str, Any] = {
        "found_in": str(seen.inspection_id),
        "measured": [dict(one) for one in seen.measured],
    }
    if seen.no_photo_reason and not seen.photos:
        detail["no_photo_reason"] = seen.no_photo_reason
    if seen.far_m is not None:
        detail["doubts"] = {"far_m": seen.far_m}
    take(finding, seen.verb, actor, why=seen.note, detail=detail, photos=seen.photos)
