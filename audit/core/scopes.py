"""Rows that hold for some cases only: which hold for one, and which of them is the nearest. Pure.

A scope and a case are any two things with the same named parts; a part that is empty in the scope
does not narrow. `parts` names them, the one that counts most first.
"""

from collections.abc import Sequence


def holds(scope: object, case: object, parts: Sequence[str]) -> bool:
    return all(getattr(scope, part) in ("", getattr(case, part)) for part in parts)


def rank(scope: object, parts: Sequence[str]) -> tuple[bool, ...]:
    """The greater one is the nearer."""
    return tuple(bool(getattr(scope, part)) for part in parts)


def named(scope: object, parts: Sequence[str]) -> dict[str, str]:
    """The parts that narrow, with their values."""
    return {part: getattr(scope, part) for part in parts if getattr(scope, part)}
