"""The pages of papers, for the test of every page."""

from collections.abc import Callable

from audit.findings.rules import State
from tests.pages.city import City


def at(path: str) -> Callable[[City], str]:
    return lambda _city: path


PAPERS: dict[str, tuple[str, str, Callable[[City], str]]] = {
    "documents": ("coordinator", "documents.index", at("/documents/")),
    "documents, none": ("organisation", "documents.index", at("/documents/?kind=order")),
    "document to be edited": (
        "coordinator",
        "documents.edit",
        lambda c: f"/documents/{c.papers['draft']}/edit",
    ),
    "document, draft": (
        "coordinator",
        "documents.show",
        lambda c: f"/documents/{c.papers['draft']}",
    ),
    "document, waiting": (
        "coordinator",
        "documents.show",
        lambda c: f"/documents/{c.papers['waiting']}",
    ),
    "document, issued": (
        "supervisor",
        "documents.show",
        lambda c: f"/documents/{c.papers['issued']}",
    ),
    "referral pack": (
        "prosecutor",
        "documents.show",
        lambda c: f"/documents/{c.papers['pack']}",
    ),
    "how to check a pack": ("coordinator", "packs.checking", at("/documents/checking")),
    "document, which kind": (
        "coordinator",
        "drafting.start",
        lambda c: f"/documents/new?pick={c.findings[State.DISPATCHED]}",
    ),
    "document, to be typed": (
        "coordinator",
        "drafting.start",
        lambda c: (
            f"/documents/new?pick={c.findings[State.DISPATCHED]}"
            f"&pick={c.findings[State.CLOSED]}&kind=advice"
        ),
    ),
}
