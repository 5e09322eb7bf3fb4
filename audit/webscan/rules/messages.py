"""axe-core's message about an element, taken apart: what is to be done with which points."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One of the points (or all of them, as `lead` says) would mend the element."""

    lead: str
    points: tuple[str, ...]


def parts_of(message: str) -> list[Part]:
    """A part stands between empty lines, its points below its first line."""
    parts = []
    for block in message.split("\n\n"):
        lead, *points = block.splitlines() or [""]
        if lead.strip():
            parts.append(Part(lead.strip(), tuple(one.strip() for one in points)))
    return parts
